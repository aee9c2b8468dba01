import { DecodeError } from '../errors.js'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const VALUES = /* @__PURE__ */ new Map(
  /* @__PURE__ */ Array.from(ALPHABET, (letter, value) => [letter, value]),
)

/**
 * Writes bytes as base64url without padding (RFC 4648 section 5).
 *
 * @example
 * encodeBase64url(Uint8Array.of(251, 255)) // -_8
 */
export function encodeBase64url(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let pending = 0
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xffff
    pending += 8
    for (; pending >= 6; pending -= 6) text += ALPHABET.charAt((bits >> (pending - 6)) & 63)
  }
  return pending > 0 ? text + ALPHABET.charAt((bits << (6 - pending)) & 63) : text
}

/**
 * Reads base64url without padding.
 * @param leftOver what to do with last bits that are not 0: browsers drop them in a relying party’s options. Default
 * `refuse-left-over-bits`.
 * @throws DecodeError `base64url-malformed` for characters outside the alphabet, padding, a single last letter, or last bits that are
 * not 0 and are to be refused.
 *
 * @example
 * decodeBase64url('-_8') // 251, 255
 */
export function decodeBase64url(
  text: string,
  leftOver: 'refuse-left-over-bits' | 'drop-left-over-bits' = 'refuse-left-over-bits',
): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 6) / 8))
  let bits = 0
  let pending = 0
  let length = 0
  for (const letter of text) {
    bits = ((bits << 6) | valueOf(letter)) & 0xffff
    pending += 6
    if (pending < 8) continue
    pending -= 8
    bytes[length++] = bits >> pending
  }
  const isWhole = leftOver === 'drop-left-over-bits' || (bits & ((1 << pending) - 1)) === 0
  if (pending >= 6 || !isWhole)
    throw new DecodeError('base64url-malformed', 'the base64url text ends in the middle of a byte')
  return bytes
}

function valueOf(letter: string): number {
  const value = VALUES.get(letter)
  if (value === undefined)
    throw new DecodeError('base64url-malformed', 'the text has a character that is not base64url')
  return value
}
