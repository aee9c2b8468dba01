import { DecodeError } from '../errors.js'

const BLOCK_BYTES = 32

/** message ‖ z zeros ‖ z, up to the next multiple of 32 (protocol section 9). */
export function padMessage(message: Uint8Array): Uint8Array {
  const zeros = BLOCK_BYTES - 1 - (message.length % BLOCK_BYTES)
  const padded = new Uint8Array(message.length + zeros + 1)
  padded.set(message)
  padded[padded.length - 1] = zeros
  return padded
}

/**
 * Takes the padding away. Lengths that are no multiple of 32 and padding that is not zeros are accepted, because
 * peers send the one and nobody checks the other.
 * @throws DecodeError `message-malformed` for an empty plaintext or padding longer than it.
 */
export function unpadMessage(padded: Uint8Array): Uint8Array {
  const zeros = padded.at(-1)
  if (zeros === undefined) throw new DecodeError('message-malformed', 'the plaintext of a frame is empty')
  if (zeros + 1 > padded.length) {
    throw new DecodeError('message-malformed', 'the padding of a frame is longer than its plaintext')
  }
  return padded.slice(0, padded.length - zeros - 1)
}
