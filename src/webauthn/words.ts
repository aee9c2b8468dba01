/** The words that options may use, each list as WebAuthn L3 has it; other words are passed over (section 2.1.1). */
export const REQUIREMENTS = ['discouraged', 'preferred', 'required'] as const
export const CONVEYANCES = ['none', 'indirect', 'direct', 'enterprise'] as const
export const ATTACHMENTS = ['platform', 'cross-platform'] as const
export const HINTS = ['hybrid', 'security-key', 'client-device'] as const

/** The known word that a text is; undefined for another text, and for none. */
export function knownWord<Word extends string>(
  words: readonly Word[],
  text: string | undefined,
): Word | undefined {
  return words.find(word => word === text)
}

/** The known words of a list, in its order: the first is the most wanted one. */
export function knownWords<Word extends string>(
  words: readonly Word[],
  texts: readonly string[],
): readonly Word[] {
  return texts.flatMap(text => words.filter(word => word === text))
}
