import type { AddressGroups } from './address-groups.js'
import { shareOf } from './shares.js'

const WINDOW_MS = 60_000
const MAX_TRACKED = 65_536

/** Counts something, a minute at a time. */
export class MinuteCount {
  #since: number
  #count = 0

  constructor(now: number) {
    this.#since = now
  }

  /** @returns false when the count is above `max` in this minute. */
  add(max: number, now: number): boolean {
    if (this.isOver(now)) {
      this.#since = now
      this.#count = 0
    }
    if (this.#count >= max) return false
    this.#count += 1
    return true
  }

  isOver(now: number): boolean {
    return this.#since + WINDOW_MS <= now
  }
}

/**
 * Counts for each of many keys. When there are too many keys, the one whose minute began first is forgotten; no request
 * is refused for that.
 */
export class Rates {
  readonly #perMinute: number
  // In order of time: the first minute is the first to be over.
  readonly #counts = new Map<string, MinuteCount>()

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /** @returns false when the count is above the limit. */
  count(key: string, now: number): boolean {
    return this.#add(key, this.#perMinute, now)
  }

  /**
   * Counts for all groups of an address, each with its share. @returns false when the count is above the share of one
   * of them.
   */
  countGroups(groups: AddressGroups, now: number): boolean {
    return groups.every((group, width) => this.#add(group, shareOf(this.#perMinute, width), now))
  }

  forget(key: string): void {
    this.#counts.delete(key)
  }

  #add(key: string, max: number, now: number): boolean {
    this.#dropOver(now)
    const count = this.#counts.get(key) ?? new MinuteCount(now)
    if (!this.#counts.has(key)) this.#counts.set(key, count)
    if (this.#counts.size > MAX_TRACKED) this.#dropFirst()
    return count.add(max, now)
  }

  #dropOver(now: number): void {
    for (const [key, count] of this.#counts) {
      if (!count.isOver(now)) return
      this.#counts.delete(key)
    }
  }

  #dropFirst(): void {
    for (const key of this.#counts.keys()) {
      this.#counts.delete(key)
      return
    }
  }
}
