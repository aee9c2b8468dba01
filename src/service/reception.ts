import { ByteBudget } from './outbox.js'
import type { LegId } from './relay-io.js'

/** The memory of messages that are not whole yet, of all legs together. */
export class Reception {
  readonly #budget: ByteBudget
  readonly #receiving = new Map<LegId, number>()

  constructor(maxBytes: number) {
    this.#budget = new ByteBudget(maxBytes)
  }

  get bytes(): number {
    return this.#budget.taken
  }

  /** The leg that takes most. */
  largest(): { readonly leg: LegId; readonly byteLength: number } | undefined {
    let largest: { leg: LegId; byteLength: number } | undefined
    for (const [leg, byteLength] of this.#receiving)
      if (byteLength > (largest?.byteLength ?? 0)) largest = { leg, byteLength }
    return largest
  }

  /** @returns whether there is room for that; what the leg took before is given back in any case. */
  set(leg: LegId, byteLength: number): boolean {
    this.#budget.give(this.#receiving.get(leg) ?? 0)
    const fits = this.#budget.take(byteLength)
    if (fits && byteLength > 0) this.#receiving.set(leg, byteLength)
    else this.#receiving.delete(leg)
    return fits
  }
}
