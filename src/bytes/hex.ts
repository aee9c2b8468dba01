import { DecodeError } from '../errors.js'

const PAIR = /^(?:[0-9a-f]{2})*$/i
/** Of either case, letters come after digits. */
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
 * @throws DecodeError `hex-malformed` when a character is no hex digit or a digit is left over.
 */
export function decodeHex(text: string): Uint8Array {
  if (!PAIR.test(text)) throw new DecodeError('hex-malformed', 'expected pairs of hex digits')
  const bytes = new Uint8Array(text.length / 2)
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = (valueOf(text.charCodeAt(2 * index)) << 4) | valueOf(text.charCodeAt(2 * index + 1))
  }
  return bytes
}

/** Of one digit: those of ASCII count up in their lower four bits, the letters of either case from 1. */
function valueOf(digit: number): number {
  return digit < FIRST_LETTER ? digit & 0xf : (digit & 0xf) + 9
}
