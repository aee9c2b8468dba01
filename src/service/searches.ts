import { firstDeadline } from './deadline.js'
import type { DirectoryState, LegId } from './relay-io.js'

/** How soon the directory is asked again. */
const AGAIN_MS = 300
/** A phone that has lost its line is back well before this, ms. */
const UNSETTLED_MS = 10_000

/** When the directory is asked again for the phones of linked clients. */
export class Searches {
  readonly #reAskMs: number
  readonly #waiting = new Map<LegId, { readonly deadline: number }>()
  #isDown: boolean | undefined
  #unsettledUntil = -Infinity

  /** @param reAskMs how long a phone is looked for whose line no instance holds. */
  constructor(reAskMs: number) {
    this.#reAskMs = reAskMs
  }

  /** Whether there is a directory. */
  get areThere(): boolean {
    return this.#isDown !== undefined
  }

  /** When to ask again; Infinity while there is nothing to ask. */
  deadline(): number {
    return firstDeadline(this.#waiting)
  }

  hear(state: DirectoryState, now: number): void {
    if (state !== 'unsettled') this.#isDown = state === 'down'
    this.#unsettledUntil = now + UNSETTLED_MS
  }

  /**
   * Whether a line that no instance holds may be back soon. False in calm times: strangers could hold sockets with
   * made-up contact IDs.
   * @param since when the client began to wait.
   */
  mayComeBack(since: number, now: number): boolean {
    return (this.#isDown === true || now < this.#unsettledUntil) && now < since + this.#reAskMs
  }

  wait(leg: LegId, now: number): void {
    this.#waiting.set(leg, { deadline: now + AGAIN_MS })
  }

  /** The linked clients for whose phones it is time to ask again. */
  due(now: number): readonly LegId[] {
    const due = [...this.#waiting].filter(([, { deadline }]) => deadline <= now).map(([leg]) => leg)
    for (const leg of due) this.#waiting.delete(leg)
    return due
  }
}
