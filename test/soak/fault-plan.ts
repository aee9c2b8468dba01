/** What can go wrong in a registration. */
const FAULTS = ['cut', 'damaged', 'delayed', 'aborted', 'refused', 'closed by the service'] as const

export type Fault = (typeof FAULTS)[number]

/** Repeatable randomness (xorshift32) for what goes wrong and when; keys come from the platform. */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 1
  }

  /** @returns 0 to below `sides`. */
  roll(sides: number): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return (this.#state >>> 0) % sides
  }
}

/** Has a fault befall each moment with the same chance: a dial, a message sent or heard, a prompt. */
export class FaultPlan {
  readonly #dice: Dice
  readonly #oneIn: number
  readonly met: Map<Fault, number> = new Map(FAULTS.map(fault => [fault, 0]))
  moments = 0

  constructor(seed: number, oneIn: number) {
    this.#dice = new Dice(seed)
    this.#oneIn = oneIn
  }

  /** @param possible what can happen at this moment. */
  strike(possible: readonly Fault[]): Fault | undefined {
    this.moments += 1
    if (this.#dice.roll(this.#oneIn) !== 0) return undefined
    const fault = possible[this.#dice.roll(possible.length)]
    if (fault !== undefined) this.met.set(fault, (this.met.get(fault) ?? 0) + 1)
    return fault
  }

  /** @returns the bytes with one bit of them turned. */
  damage(bytes: Uint8Array): Uint8Array {
    const damaged = Uint8Array.from(bytes)
    const at = this.#dice.roll(damaged.length)
    damaged[at] = (damaged[at] ?? 0) ^ (1 << this.#dice.roll(8))
    return damaged
  }

  delayMs(): number {
    return 1 + this.#dice.roll(20)
  }
}
