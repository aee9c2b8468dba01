import type { P256Point } from '../bytes/brands.js'
import { keyedMap } from '../cbor/keyed-map.js'
import { bytes, map, mapReader, uint } from '../cbor/map-reader.js'
import type { CborMap, CborValue } from '../cbor/value.js'
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
  return keyedMap(INPUT, { ...input, keyAgreement: encodeKeyAgreementKey(input.keyAgreement) })
}

/** @throws DecodeError `ctap-malformed`, `point-invalid`. */
export function decodeHmacSecretInput(value: CborValue): HmacSecretInput {
  const reader = mapReader(value, 'hmac-secret input', 'ctap-malformed', INPUT)
  return {
    keyAgreement: decodeKeyAgreementKey(reader.required('keyAgreement', map)),
    saltEnc: reader.required('saltEnc', bytes()),
    saltAuth: reader.required('saltAuth', bytes()),
    pinUvAuthProtocol: reader.optional('pinUvAuthProtocol', uint) ?? DEFAULT_PROTOCOL,
  }
}
