import { ByteBudget } from './outbox.js'
import type { LegId } from './relay-io.js'

/** What all legs together have received of messages that are not whole yet. */
export class Reception {
  readonly #budget: ByteBudget
  readonly #receiving = new Map<LegId, number>()

  constructor(maxBytes: number) {
    this.#budget = new ByteBudget(maxBytes)
  }

  get bytes(): number {
    return this.#budget.taken
  }

  /** @returns whether there is room for that. */
  set(leg: LegId, byteLength: number): boolean {
    this.#budget.give(this.#receiving.get(leg) ?? 0)
    const fits = this.#budget.take(byteLength)
    if (fits && byteLength > 0) this.#receiving.set(leg, byteLength)
    else this.#receiving.delete(leg)
    return fits
  }
}
