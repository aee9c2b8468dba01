import { DecodeError } from '../errors.js'

const PAIR = /^(?:[0-9a-f]{2})*$/i
/** ASCII code of `A`: letters of both cases have greater codes than digits. */
const FIRST_LETTER = 0x41
const PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Writes bytes as lower-case hex. */
export function encodeHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += PAIRS[byte] ?? ''
  return text
}

/**
 * Reads hex digits of either case.
 * @throws DecodeError `hex-malformed` for a character that is not a hex digit, and for an odd number of digits.
 */
export function decodeHex(text: string): Uint8Array {
  if (!PAIR.test(text)) throw new DecodeError('hex-malformed', 'the text is not pairs of hex digits')
  const bytes = new Uint8Array(text.length / 2)
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = (valueOf(text.charCodeAt(2 * index)) << 4) | valueOf(text.charCodeAt(2 * index + 1))
  }
  return bytes
}

/**
 * The value of one digit. The lower four bits of its ASCII code are the value of `0` to `9`, and 1 to 6 for letters of
 * either case.
 */
function valueOf(digit: number): number {
  return digit < FIRST_LETTER ? digit & 0xf : (digit & 0xf) + 9
}
