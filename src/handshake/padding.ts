import { wipeBytes } from '../bytes/bytes.js'
import { DecodeError } from '../errors.js'

const BLOCK_BYTES = 32

// Few messages are longer. Made once, because allocating an array of that size takes longer than sealing it.
const scratch = new Uint8Array(4096)

/**
 * message ‖ z zeros ‖ z, up to the next multiple of 32 (protocol.md 9).
 *
 * @example
 * padMessage(bytes).length % 32 // 0
 */
export function padMessage(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(paddedLength(message))
  writePadded(message, padded)
  return padded
}

/** Gives the padded message to `use`, which must not keep it: it is wiped afterwards. */
export function withPadded<Result>(message: Uint8Array, use: (padded: Uint8Array) => Result): Result {
  const length = paddedLength(message)
  const padded = length <= scratch.length ? scratch.subarray(0, length) : new Uint8Array(length)
  try {
    writePadded(message, padded)
    return use(padded)
  } finally {
    wipeBytes(padded)
  }
}

function paddedLength(message: Uint8Array): number {
  return message.length - (message.length % BLOCK_BYTES) + BLOCK_BYTES
}

/** Expects `padded` to be all zeros. */
function writePadded(message: Uint8Array, padded: Uint8Array): void {
  padded.set(message)
  padded[padded.length - 1] = padded.length - message.length - 1
}

/**
 * Removes the padding. A length that is not a multiple of 32 is accepted, because some peers send such frames; so is padding
 * of other
 * bytes than 0, because no peer checks it (protocol.md 9).
 * @throws DecodeError `message-malformed` for an empty plaintext or padding longer than it.
 *
 * @example
 * unpadMessage(padMessage(bytes)) // bytes again
 */
export function unpadMessage(padded: Uint8Array): Uint8Array {
  return padded.slice(0, messageLength(padded))
}

/** The length of the message in a padded one; throws like `unpadMessage`. */
export function messageLength(padded: Uint8Array): number {
  const zeros = padded.at(-1)
  if (zeros === undefined) throw new DecodeError('message-malformed', 'the plaintext of a frame is empty')
  if (zeros + 1 > padded.length) {
    throw new DecodeError('message-malformed', 'the padding of a frame is longer than its plaintext')
  }
  return padded.length - zeros - 1
}
