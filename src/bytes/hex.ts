import { DecodeError } from '../errors.js'

const PAIR = /^(?:[0-9a-f]{2})*$/i
const PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/**
 * Writes bytes as lower-case hex.
 *
 * @example
 * encodeHex(Uint8Array.of(251, 255)) // fbff
 */
export function encodeHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += PAIRS[byte] ?? ''
  return text
}

/**
 * Reads hex digits of either case.
 * @throws DecodeError `hex-malformed` for a character that is not a hex digit, and for an odd number of digits.
 *
 * @example
 * decodeHex('FBFF') // 251, 255
 */
export function decodeHex(text: string): Uint8Array {
  if (!PAIR.test(text)) throw new DecodeError('hex-malformed', 'the text is not pairs of hex digits')
  const bytes = new Uint8Array(text.length / 2)
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = Number.parseInt(text.slice(2 * index, 2 * index + 2), 16)
  }
  return bytes
}
