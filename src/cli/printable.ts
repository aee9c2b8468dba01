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
