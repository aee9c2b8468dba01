/** Controls, format characters such as those that turn the direction of text, line separators, and what is unassigned. */
const HARMFUL = /[\p{C}\p{Zl}\p{Zp}]/gu
const MAX_LETTERS = 120

/** Foreign text, without anything that plays tricks on a terminal. */
export function harmless(text: string): string {
  return text.replace(HARMFUL, '\uFFFD')
}

/** A message that may quote a peer, or come from one, as one harmless line. */
export function oneLine(message: string): string {
  return harmless(message.replace(/\s*\n\s*/g, ' '))
}

// Line breaks, and the styles of `colors.ts`, set and reset.
const OWN_STYLES = /(\n|\u001B\[(?:1|2|22|3[139])m)/u

/** What goes to people is harmless, wherever its parts come from; lines and styles of this command stay. */
export function harmlessLines(text: string): string {
  return text
    .split(OWN_STYLES)
    .map((part, index) => (index % 2 === 0 ? harmless(part) : part))
    .join('')
}

/** JSON with the same meaning, which plays no tricks either. */
export function harmlessJson(value: unknown): string {
  return JSON.stringify(value).replace(HARMFUL, escaped)
}

function escaped(letter: string): string {
  const units = Array.from({ length: letter.length }, (_, index) => letter.charCodeAt(index))
  return units.map(unit => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
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
