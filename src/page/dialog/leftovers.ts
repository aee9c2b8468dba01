import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const SIGNALLED = 128

interface Leftover {
  readonly atOnce: () => void
  readonly gently: () => unknown
}

/**
 * Things that must not outlive this process: children, servers and folders. A signal and the end of the process also
 * remove them.
 */
export class Leftovers {
  readonly #all: Leftover[] = []
  readonly #onExit = (): void => this.#atOnce()
  readonly #onSignal = (signal: NodeJS.Signals): void => {
    this.#atOnce()
    // Another listener has plans of its own for this process; without one the signal ends it, with the status that shells give.
    if (process.listenerCount(signal) === 0) process.exit(SIGNALLED + constants.signals[signal])
  }

  constructor() {
    process.on('exit', this.#onExit)
    for (const signal of SIGNALS) process.on(signal, this.#onSignal)
  }

  /** @param atOnce must not wait; what it throws is ignored. @param gently may wait. */
  add(atOnce: () => void, gently: () => unknown = atOnce): void {
    this.#all.push({ atOnce, gently })
  }

  /** Undoes everything, last first; safe to call twice. What fails keeps nothing else from being undone. @throws what that threw. */
  async end(): Promise<void> {
    const last = this.#all.pop()
    if (last === undefined) {
      this.#forget()
      return
    }
    try {
      await last.gently()
    } finally {
      await this.end()
    }
  }

  #atOnce(): void {
    this.#forget()
    for (let last = this.#all.pop(); last !== undefined; last = this.#all.pop()) {
      try {
        last.atOnce()
      } catch {
        // The process ends, with the status that it was to have.
      }
    }
  }

  #forget(): void {
    process.off('exit', this.#onExit)
    for (const signal of SIGNALS) process.off(signal, this.#onSignal)
  }
}
