const WINDOW_MS = 60_000

interface Window {
  readonly since: number
  count: number
}

/** Counts how often each contact ID is asked for, a minute at a time. */
export class ContactRates {
  readonly #perMinute: number
  readonly #maxTracked: number
  // In order of time: the first window is the first to be over.
  readonly #windows = new Map<string, Window>()

  constructor(limits: { readonly perMinute: number; readonly maxTracked: number }) {
    this.#perMinute = limits.perMinute
    this.#maxTracked = limits.maxTracked
  }

  /** @returns false when that was once too often, or when too many others are counted already. */
  count(contact: string, now: number): boolean {
    this.#dropOver(now)
    const window = this.#windows.get(contact)
    if (window === undefined) {
      if (this.#windows.size >= this.#maxTracked) return false
      this.#windows.set(contact, { since: now, count: 1 })
      return true
    }
    if (window.count >= this.#perMinute) return false
    window.count++
    return true
  }

  /** Nobody has this contact ID, so nobody is to be spared: strangers’ inventions take no room. */
  forget(contact: string): void {
    this.#windows.delete(contact)
  }

  #dropOver(now: number): void {
    for (const [contact, { since }] of this.#windows) {
      if (since + WINDOW_MS > now) return
      this.#windows.delete(contact)
    }
  }
}
