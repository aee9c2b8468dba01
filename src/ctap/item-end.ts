import { DecodeError } from '../errors.js'

// The parts of an item's first byte (RFC 8949 section 3).
const INFO_BITS = 5
const INFO_MASK = 0x1f
const INFO_ONE_BYTE = 24
const INFO_FOUR_BYTES = 26
const MAJOR_BYTES = 2
export const MAJOR_TEXT = 3
const MAJOR_ARRAY = 4
export const MAJOR_MAP = 5
const MAJOR_TAG = 6
const BYTE_VALUES = 256
/** Members of a map come in pairs. */
const PAIR = 2

/**
 * Where the CBOR item ends that begins at `start`: authenticator data sets items side by side without lengths.
 * Nothing else is checked; the item goes through the strict decoder afterwards.
 * @throws DecodeError `ctap-malformed` when the bytes end before the item does.
 */
export function itemEnd(bytes: Uint8Array, start: number): number {
  let position = start
  // Each turn takes a byte at least, so hostile counts cost nothing.
  for (let pending = 1; pending > 0; pending--) {
    const head = readHead(bytes, position)
    position = head.end
    if (head.major === MAJOR_BYTES || head.major === MAJOR_TEXT) position += head.argument
    else if (head.major === MAJOR_ARRAY) pending += head.argument
    else if (head.major === MAJOR_MAP) pending += PAIR * head.argument
    else if (head.major === MAJOR_TAG) pending++
  }
  if (position > bytes.length) throw endsEarly()
  return position
}

/** The beginning of an item. */
export interface Head {
  readonly major: number
  readonly argument: number
  /** Where the head ends. */
  readonly end: number
}

/** The first byte of an item and its argument. @throws DecodeError `ctap-malformed` when the bytes end early. */
export function readHead(bytes: Uint8Array, position: number): Head {
  const initial = bytes[position]
  if (initial === undefined) throw endsEarly()
  const info = initial & INFO_MASK
  const size = info < INFO_ONE_BYTE ? 0 : 2 ** (info - INFO_ONE_BYTE)
  if (info > INFO_FOUR_BYTES)
    throw new DecodeError(
      'ctap-malformed',
      'authenticator data: an item inside has a length of an unknown form',
    )
  const end = position + 1 + size
  if (end > bytes.length) throw endsEarly()
  const tail = bytes.subarray(position + 1, end)
  const argument = size === 0 ? info : tail.reduce((value, byte) => value * BYTE_VALUES + byte, 0)
  return { major: initial >> INFO_BITS, argument, end }
}

function endsEarly(): DecodeError {
  return new DecodeError('ctap-malformed', 'authenticator data ends early')
}
