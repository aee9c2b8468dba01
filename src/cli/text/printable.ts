/** Controls, format characters such as those that turn the direction of text, line separators, and what is unassigned. */
const HARMFUL = /[\p{C}\p{Zl}\p{Zp}]/gu
const MAX_LETTERS = 120

/** Text from elsewhere without anything that plays tricks on a terminal. */
export function harmless(text: string): string {
  return text.replace(HARMFUL, '\uFFFD')
}

/** Harmless and short. */
export function printable(text: string): string {
  const letters = Array.from(harmless(text))
  return letters.length <= MAX_LETTERS ? letters.join('') : `${letters.slice(0, MAX_LETTERS).join('')}…`
}

/** Longer than any domain name. */
const MAX_RP_ID_LETTERS = 255
const NOT_ASCII = /[^\x20-\x7e]/gu

/**
 * An RP ID to decide by. Its end says whose it is, so that is never cut off; and since domain names are ASCII on the wire, a
 * letter beyond, which may look like another, stands as its number.
 */
export function printableRpId(rpId: string): string {
  const letters = Array.from(rpId)
  const end = letters.slice(-MAX_RP_ID_LETTERS).join('').replace(NOT_ASCII, codePoint)
  return letters.length <= MAX_RP_ID_LETTERS ? end : `…${end}`
}

function codePoint(letter: string): string {
  return `\\u{${letter.codePointAt(0)?.toString(16) ?? ''}}`
}
