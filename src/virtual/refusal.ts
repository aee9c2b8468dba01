import type { CborKey, CborValue } from '../cbor/value.js'
import { isCborMap } from '../cbor/map-reader.js'
import { decodeCbor } from '../cbor/cbor.js'
import { splitCommand } from '../ctap/commands.js'
import { CTAP_STATUS, statusName } from '../ctap/status.js'
import { CtapError, DecodeError } from '../errors.js'

/** Members that a request must have, by their keys from the outside in. */
export type RequiredMembers = readonly (readonly [CborKey, ...CborKey[]])[]

/** The error that `VirtualAuthenticator` answers with its status byte. */
export function refusal(status: number): CtapError {
  return new CtapError(status, statusName(status))
}

/**
 * Decodes a request, or refuses it as CTAP 2.2 section 8.2 says.
 * @throws CtapError ERR_INVALID_CBOR, ERR_CBOR_UNEXPECTED_TYPE, ERR_MISSING_PARAMETER or ERR_LIMIT_EXCEEDED.
 */
export function readRequest<Request>(
  request: Uint8Array,
  decode: (request: Uint8Array) => Request,
  required: RequiredMembers,
): Request {
  try {
    return decode(request)
  } catch (error) {
    throw error instanceof DecodeError ? refusal(malformedStatus(error, request, required)) : error
  }
}

function malformedStatus(error: DecodeError, request: Uint8Array, required: RequiredMembers): number {
  switch (error.code) {
    case 'ctap-malformed':
      return lacksMember(request, required)
        ? CTAP_STATUS.ERR_MISSING_PARAMETER
        : CTAP_STATUS.ERR_CBOR_UNEXPECTED_TYPE
    case 'cbor-unexpected':
      return CTAP_STATUS.ERR_CBOR_UNEXPECTED_TYPE
    case 'cbor-limit':
      return CTAP_STATUS.ERR_LIMIT_EXCEEDED
    default:
      return CTAP_STATUS.ERR_INVALID_CBOR
  }
}

/** Whether a required member is missing. @throws DecodeError for bytes that are not a request. */
export function lacksMember(request: Uint8Array, required: RequiredMembers): boolean {
  const parameters = decodeCbor(splitCommand(request).parameters)
  return required.some(path => !reaches(parameters, path))
}

// A path through a value other than a map is an error of type; the member does not count as missing.
function reaches(value: CborValue, [key, ...rest]: readonly CborKey[]): boolean {
  if (key === undefined || !isCborMap(value)) return true
  const member = value.get(key)
  return member !== undefined && reaches(member, rest)
}
