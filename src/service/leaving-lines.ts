import type { LegId } from './relay-io.js'

/** How soon a line is looked at again that a client is being answered on. */
const AGAIN_MS = 250

/** The order in which lines are closed while the service drains, so that not all phones dial another in the same moment. */
export class LeavingLines {
  #waiting: LegId[] = []
  #postponed: LegId[] = []
  #everyMs = 0
  #nextAt = Infinity

  /** When the next line leaves; Infinity while none is to leave. */
  get deadline(): number {
    return this.#nextAt
  }

  /** Lets these lines leave one by one, the last within this time. */
  begin(lines: readonly LegId[], withinMs: number, now: number): void {
    this.#waiting = [...lines]
    this.#everyMs = withinMs / lines.length
    this.#nextAt = lines.length === 0 ? Infinity : now
  }

  /** The lines whose turn has come. @param isBusy whether a line has to stay for a moment. */
  due(now: number, isBusy: (line: LegId) => boolean): readonly LegId[] {
    const due: LegId[] = []
    while (this.#nextAt <= now) {
      const line = this.#waiting.shift()
      if (line !== undefined) (isBusy(line) ? this.#postponed : due).push(line)
      this.#nextAt += this.#everyMs
      if (this.#waiting.length === 0) this.#beginAgain(now)
    }
    return due
  }

  #beginAgain(now: number): void {
    this.#waiting = this.#postponed
    this.#postponed = []
    this.#everyMs = 0
    this.#nextAt = this.#waiting.length === 0 ? Infinity : now + AGAIN_MS
  }
}
