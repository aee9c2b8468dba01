/** Controls, format characters such as those that turn the direction of text, line separators, and what is unassigned. */
const HARMFUL = /[\p{C}\p{Zl}\p{Zp}]/gu

/** A site’s words without anything that plays tricks on their reader. */
export function harmless(text: string): string {
  return text.replace(HARMFUL, '\uFFFD')
}
