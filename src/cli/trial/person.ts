import { question } from '../question.js'
import type { Terminal } from '../question.js'

/** The person whom the trial leads. */
export interface Person {
  /**
   * @param text the question, in one line. @param usual what an empty line says.
   * @returns undefined when the person has left.
   */
  ask(text: string, usual: string, signal: AbortSignal): Promise<string | undefined>
  /** Calls `act` at Enter, while nothing is asked. @returns ends that. */
  onEnter(act: () => void): () => void
  /** Does something else with the terminal, in which Enter has another meaning. */
  aside<Result>(work: () => Promise<Result>): Promise<Result>
}

/** Agrees to everything at once. */
export const AGREEING: Person = {
  ask: (_, usual) => Promise.resolve(usual),
  onEnter: () => () => undefined,
  aside: work => work(),
}

/** The person at a terminal. */
export class PersonAtTerminal implements Person {
  readonly #terminal: Terminal
  #isAsked = false
  #isHeard = false

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  async ask(text: string, usual: string, signal: AbortSignal): Promise<string | undefined> {
    const line = (await this.aside(() => question(this.#terminal, text, signal)))?.trim()
    return line === '' ? usual : line
  }

  onEnter(act: () => void): () => void {
    const { input } = this.#terminal
    const listen = (): void => {
      if (!this.#isAsked) act()
    }
    this.#isHeard = true
    input.on('data', listen)
    input.resume()
    return () => {
      this.#isHeard = false
      input.off('data', listen)
      input.pause()
    }
  }

  async aside<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#isAsked = true
    try {
      return await work()
    } finally {
      this.#isAsked = false
      // A question has paused it.
      if (this.#isHeard) this.#terminal.input.resume()
    }
  }
}
