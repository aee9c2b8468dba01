import { question } from '../question.js'
import type { Terminal } from '../question.js'

/** The person whom the trial leads. */
export interface Person {
  /**
   * @param text the question, in one line. @param usual what an empty line says.
   * @returns undefined when the person has left.
   */
  ask(text: string, usual: string, signal: AbortSignal): Promise<string | undefined>
  /** Calls `act` at Enter, when nothing is asked. @returns ends that. */
  onEnter(act: () => void): () => void
}

/** Agrees to everything at once. */
export const AGREEING: Person = {
  ask: (_, usual) => Promise.resolve(usual),
  onEnter: () => () => undefined,
}

/** The person at a terminal. */
export function personAt(terminal: Terminal): Person {
  const { input } = terminal
  return {
    ask: async (text, usual, signal) => {
      const line = await question(terminal, text, signal)
      return line?.trim() === '' ? usual : line?.trim()
    },
    onEnter: act => {
      input.once('data', act)
      input.resume()
      return () => {
        input.off('data', act)
        input.pause()
      }
    },
  }
}
