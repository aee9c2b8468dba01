import type { AddressGroups } from './address-groups.js'
import type { RelayLimits } from './limits.js'
import { MinuteCount, Rates } from './rates.js'

const MAX_REMEMBERED = 65_536

/**
 * Protects what is behind `onCall`, such as a database: strangers can make up contact IDs as fast as they can dial.
 * `onCall` is asked within a rate for each address and a rate for all, and not again for a while about a contact ID
 * that it did not know.
 */
export class OutsideCalls {
  readonly #limits: RelayLimits
  readonly #rates: Rates
  readonly #all = new MinuteCount(0)
  /** Contact IDs that are unknown, each with the time when that is forgotten; the first is forgotten first. */
  readonly #unknown = new Map<string, number>()

  constructor(limits: RelayLimits) {
    this.#limits = limits
    this.#rates = new Rates(limits.maxOutsideCallsPerAddressPerMinute)
  }

  /** @returns the answer that can be given without asking; undefined when `onCall` has to be asked. */
  answerFor(contact: string, from: AddressGroups, now: number): 'unknown' | 'too-often' | undefined {
    this.#forgetOld(now)
    if (this.#unknown.has(contact)) return 'unknown'
    const mayAsk =
      this.#rates.countGroups(from, now) && this.#all.add(this.#limits.maxOutsideCallsPerMinute, now)
    return mayAsk ? undefined : 'too-often'
  }

  remember(contact: string, now: number): void {
    this.#unknown.delete(contact)
    this.#unknown.set(contact, now + this.#limits.unknownContactMs)
    const [first] = this.#unknown.keys()
    if (this.#unknown.size > MAX_REMEMBERED && first !== undefined) this.#unknown.delete(first)
  }

  #forgetOld(now: number): void {
    for (const [contact, until] of this.#unknown) {
      if (until > now) return
      this.#unknown.delete(contact)
    }
  }
}
