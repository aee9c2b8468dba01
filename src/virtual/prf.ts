import { equalBytes } from '../bytes/bytes.js'
import { bytes, map, mapReader } from '../cbor/map-reader.js'
import { cborMap } from '../cbor/value.js'
import type { CborMap, CborValue } from '../cbor/value.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { DecodeError } from '../errors.js'

/** Bytes of a salt, which the client has hashed (WebAuthn L3 section 10.1.4), of a result, and of a passkey’s secret. */
export const PRF_BYTES = 32

/** One or two salts, for one result each. */
export interface PrfSalts {
  readonly first: Uint8Array
  readonly second: Uint8Array | undefined
}

/** The `prf` extension of a request (protocol.md 15.2). */
export interface PrfRequest {
  readonly eval: PrfSalts | undefined
  readonly evalByCredential: readonly (readonly [credentialId: Uint8Array, salts: PrfSalts])[]
}

/** @throws DecodeError `ctap-malformed`. */
export function decodePrfRequest(value: CborValue): PrfRequest {
  const reader = mapReader(value, 'prf', 'ctap-malformed')
  return {
    eval: reader.optional('eval', decodeSalts),
    evalByCredential: Array.from(reader.optional('evalByCredential', map) ?? [], ([key, salts]) => {
      if (!(key instanceof Uint8Array))
        throw new DecodeError('ctap-malformed', 'prf: a credential ID is not a byte string')
      return [key, decodeSalts(salts)] as const
    }),
  }
}

/** The salts for one credential: its own, else those for all. */
export function saltsFor(request: PrfRequest, credentialId: Uint8Array): PrfSalts | undefined {
  const own = request.evalByCredential.find(([id]) => equalBytes(id, credentialId))
  return own?.[1] ?? request.eval
}

/** HMAC-SHA256 of each salt. @param secret 32 bytes. */
export function encodePrfResults(crypto: CryptoProvider, secret: Uint8Array, salts: PrfSalts): CborMap {
  return cborMap([
    ['first', crypto.hmacSha256(secret, salts.first)],
    ['second', salts.second && crypto.hmacSha256(secret, salts.second)],
  ])
}

function decodeSalts(value: CborValue): PrfSalts {
  const reader = mapReader(value, 'prf salts', 'ctap-malformed')
  return {
    first: reader.required('first', bytes(PRF_BYTES)),
    second: reader.optional('second', bytes(PRF_BYTES)),
  }
}
