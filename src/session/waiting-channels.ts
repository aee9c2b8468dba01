/** So many clients at once is more than one phone has. */
const MAX_WAITING = 4
/** For message 1, which a client sends at once, ms. */
const WAIT_MS = 5000

/** The BLE data channels whose first message a phone waits for: any device near may have dialled them. */
export class WaitingChannels {
  /** Until when, by their numbers; the oldest first. */
  readonly #until = new Map<number, number>()

  /** @returns whether there was room. */
  add(channel: number, now: number): boolean {
    if (this.#until.size >= MAX_WAITING) return false
    this.#until.set(channel, now + WAIT_MS)
    return true
  }

  /** Waits no longer for this one. @returns whether it was waited for. */
  take(channel: number): boolean {
    return this.#until.delete(channel)
  }

  /** When the time of the oldest is over, ms of the caller’s clock; Infinity without one. */
  get alarm(): number {
    const [oldest = Infinity] = this.#until.values()
    return oldest
  }

  /** Takes those out whose time is over; all of them at Infinity. */
  takeOver(now: number): readonly number[] {
    const over = [...this.#until].filter(([, until]) => until <= now).map(([channel]) => channel)
    for (const channel of over) this.#until.delete(channel)
    return over
  }
}
