import type { P256Point } from '../bytes/brands.js'
import { mapReader } from '../cbor/map-reader.js'
import { cborMap } from '../cbor/value.js'
import type { CborMap, CborValue } from '../cbor/value.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { decodeKeyAgreementKey, encodeKeyAgreementKey } from './cose-key.js'

/** The identifier of the extension (CTAP 2.2 section 12.7). */
export const HMAC_SECRET = 'hmac-secret'

/** Bytes of one salt, and of one output. */
export const HMAC_SECRET_BYTES = 32

const INPUT = { keyAgreement: 1, saltEnc: 2, saltAuth: 3, pinUvAuthProtocol: 4 } as const

/** What a platform that names no protocol speaks. */
const DEFAULT_PROTOCOL = 1

/** The input of the extension at a sign-in. */
export interface HmacSecretInput {
  /** The platform’s public key. */
  readonly keyAgreement: P256Point
  /** One salt or two, encrypted. */
  readonly saltEnc: Uint8Array
  readonly saltAuth: Uint8Array
  readonly pinUvAuthProtocol: number
}

export function encodeHmacSecretInput(input: HmacSecretInput): CborMap {
  return cborMap([
    [INPUT.keyAgreement, encodeKeyAgreementKey(input.keyAgreement)],
    [INPUT.saltEnc, input.saltEnc],
    [INPUT.saltAuth, input.saltAuth],
    [INPUT.pinUvAuthProtocol, input.pinUvAuthProtocol],
  ])
}

/** @throws DecodeError `ctap-malformed`, `point-invalid`. */
export function decodeHmacSecretInput(crypto: CryptoProvider, value: CborValue): HmacSecretInput {
  const reader = mapReader(value, 'hmac-secret input', 'ctap-malformed')
  const { pinUvAuthProtocol } = INPUT
  return {
    keyAgreement: decodeKeyAgreementKey(crypto, reader.map(INPUT.keyAgreement, 'keyAgreement')),
    saltEnc: reader.bytes(INPUT.saltEnc, 'saltEnc'),
    saltAuth: reader.bytes(INPUT.saltAuth, 'saltAuth'),
    pinUvAuthProtocol:
      reader.ifPresent(pinUvAuthProtocol)?.uint(pinUvAuthProtocol, 'pinUvAuthProtocol') ?? DEFAULT_PROTOCOL,
  }
}
