import { turn } from '../async/turn.js'
import { SECOND_MS } from '../ports/clock.js'
import type { Clock } from '../ports/clock.js'

interface Alarm {
  readonly at: number
  readonly ring: () => void
}

/**
 * Time that stands still until it is told to pass.
 *
 * @example
 * const clock = new VirtualClock()
 * await clock.advance(120_000) // everything due in two minutes has happened
 */
export class VirtualClock implements Clock {
  readonly #alarms = new Set<Alarm>()
  readonly #epochMs: number
  #now = 0

  /** @param epochMs the wall-clock time at which it starts, in ms since 1970; default 0. */
  constructor(epochMs = 0) {
    this.#epochMs = epochMs
  }

  now(): number {
    return this.#now
  }

  epochSeconds(): number {
    return Math.floor((this.#epochMs + this.#now) / SECOND_MS)
  }

  setAlarm(at: number, ring: () => void): () => void {
    const alarm = { at, ring }
    this.#alarms.add(alarm)
    return () => this.#alarms.delete(alarm)
  }

  /** How many alarms are set. */
  get pending(): number {
    return this.#alarms.size
  }

  /** Lets `ms` pass, and rings each alarm at its time. Settles when everything that they set off is done. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await turn()
    for (let next = this.#nextBy(end); next !== undefined; next = this.#nextBy(end)) {
      this.#alarms.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.ring()
      await turn()
    }
    this.#now = end
  }

  #nextBy(end: number): Alarm | undefined {
    return [...this.#alarms].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
  }
}
