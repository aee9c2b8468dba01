import { concatBytes } from '../bytes/bytes.js'
import { decodeCbor, encodeCbor } from '../cbor/cbor.js'
import type { CborMap, CborValue } from '../cbor/value.js'
import { DecodeError } from '../errors.js'
import { ctapError } from './ctap-error.js'
import { CTAP_STATUS } from './status.js'

/** status byte 0x00 ‖ CBOR map. */
export function encodeSuccess(members: CborMap): Uint8Array {
  return concatBytes(Uint8Array.of(CTAP_STATUS.SUCCESS), encodeCbor(members))
}

/**
 * Reads what follows the status byte 0x00. Bytes behind any other status are ignored.
 * @throws CtapError for any other status.
 * @throws DecodeError `ctap-malformed` for an empty response, or a `cbor-…` code.
 */
export function decodeSuccess(response: Uint8Array): CborValue {
  const [status] = response
  if (status === undefined) throw new DecodeError('ctap-malformed', 'the response is empty')
  if (status !== CTAP_STATUS.SUCCESS) throw ctapError(status)
  return decodeCbor(response.slice(1))
}
