import { concatBytes } from '../bytes/bytes.js'
import { DecodeError } from '../errors.js'

/** CTAP2 command bytes (CTAP 2.2 section 6). Only the first two are of use over hybrid. */
export const CTAP_COMMAND = {
  makeCredential: 0x01,
  getAssertion: 0x02,
  getInfo: 0x04,
  clientPin: 0x06,
  reset: 0x07,
  getNextAssertion: 0x08,
  bioEnrollment: 0x09,
  credentialManagement: 0x0a,
  selection: 0x0b,
  largeBlobs: 0x0c,
  config: 0x0d,
} as const

/** A CTAP2 request, cut behind its command byte. */
export interface CtapRequest {
  /** The command byte, such as `CTAP_COMMAND.getAssertion`. */
  readonly command: number
  /** CBOR, not yet checked; empty where the command has none. */
  readonly parameters: Uint8Array
}

/**
 * command byte ‖ parameters.
 *
 * @example
 * joinCommand({ command: CTAP_COMMAND.getInfo, parameters: new Uint8Array() }) // 04
 */
export function joinCommand(request: CtapRequest): Uint8Array {
  return concatBytes(Uint8Array.of(request.command), request.parameters)
}

/**
 * Cuts a request behind its command byte.
 * @throws DecodeError `ctap-malformed` when the command byte is missing.
 *
 * @example
 * const { command } = splitCommand(bytes)
 */
export function splitCommand(request: Uint8Array): CtapRequest {
  const [command] = request
  if (command === undefined) throw new DecodeError('ctap-malformed', 'the request is empty')
  return { command, parameters: request.slice(1) }
}

/**
 * The CBOR of a request, as a copy.
 * @param request command byte ‖ CBOR.
 * @param command the command byte that is expected.
 * @throws DecodeError `ctap-malformed` unless the request carries the command.
 *
 * @example
 * const parameters = decodeCbor(parametersOf(bytes, CTAP_COMMAND.getAssertion))
 */
export function parametersOf(request: Uint8Array, command: number): Uint8Array {
  const split = splitCommand(request)
  if (split.command === command) return split.parameters
  throw new DecodeError('ctap-malformed', `the command must be ${command}, not ${split.command}`)
}
