import { decodeBase64url } from '../../../src/bytes/base64url.js'
import { decodeCbor } from '../../../src/cbor/cbor.js'
import { bytes, map, mapReader, text } from '../../../src/cbor/map-reader.js'
import type { CborMap } from '../../../src/cbor/value.js'

/** An attestation object’s members. */
export interface AttestationParts {
  readonly fmt: string
  readonly statement: CborMap
  readonly authData: Uint8Array
}

/** @param encoded as pages get it, base64url. */
export function attestationOf(encoded: string): AttestationParts {
  const object = mapReader(decodeCbor(decodeBase64url(encoded)), 'attestation object', 'ctap-malformed')
  return {
    fmt: object.required('fmt', text),
    statement: object.required('attStmt', map),
    authData: object.required('authData', bytes()),
  }
}
