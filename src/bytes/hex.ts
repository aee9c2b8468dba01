import { DecodeError } from '../errors.js'

const PAIR = /^(?:[0-9a-f]{2})*$/i

/** Writes bytes as lower-case hex. */
export function encodeHex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * Reads hex digits of either case.
 * @throws DecodeError `hex-malformed` when a character is no hex digit or a digit is left over.
 */
export function decodeHex(text: string): Uint8Array {
  if (!PAIR.test(text)) throw new DecodeError('hex-malformed', 'expected pairs of hex digits')
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    parseInt(text.slice(2 * index, 2 * index + 2), 16),
  )
}
