import type { AddressGroups } from './address-groups.js'

/** Each wider group of addresses may hold twice as much as the one before it. */
const WIDENING = 2

/** What a group may have: `perAddress` for an address or a /64, twice that for a /56, four times for a /48. */
export function shareOf(perAddress: number, width: number): number {
  return perAddress * WIDENING ** width
}

/** How much of one thing each group of addresses holds. A group may hold its share and no more. */
export class Shares {
  readonly #perAddress: number
  readonly #held = new Map<string, number>()

  constructor(perAddress: number) {
    this.#perAddress = perAddress
  }

  /** Whether each of the groups holds less than its share. */
  hasRoom(groups: AddressGroups): boolean {
    return groups.every((group, width) => this.#of(group) < shareOf(this.#perAddress, width))
  }

  /** @returns false, and takes nothing, when room is missing. */
  take(groups: AddressGroups): boolean {
    if (!this.hasRoom(groups)) return false
    for (const group of groups) this.#held.set(group, this.#of(group) + 1)
    return true
  }

  /** Gives back what `take` took. */
  give(groups: AddressGroups): void {
    for (const group of groups) {
      const left = this.#of(group) - 1
      if (left > 0) this.#held.set(group, left)
      else this.#held.delete(group)
    }
  }

  #of(group: string): number {
    return this.#held.get(group) ?? 0
  }
}
