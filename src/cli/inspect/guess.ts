import { HybridError } from '../../errors.js'
import type { Explanation, Guess, GuessContext } from './explanation.js'

/** The first explanation that works out. */
export function firstFit(
  guesses: readonly Guess[],
  bytes: Uint8Array,
  context: GuessContext,
): Explanation | undefined {
  for (const guess of guesses) {
    try {
      return guess(bytes, context)
    } catch (error) {
      if (!(error instanceof HybridError)) throw error
    }
  }
  return undefined
}
