import { systemClock } from '../system/system.js'
import type { Preconnection } from '../../ports/tunnel-dialer.js'
import type { Spare } from './spare.js'

/** A service that closes a connection sooner does not want it, ms. */
const LEAST_LIFE_MS = 5000

/** One spare connection to one service, for as long as it is claimed. */
export class Standby {
  readonly #open: () => Spare
  readonly #onOver: () => void
  readonly #cancelEnd: () => void
  readonly #claims = new Set<Preconnection>()
  #isOver = false
  #spare: Spare | undefined

  /**
   * @param open makes the connection, and makes it anew when the service has closed one that no tunnel took.
   * @param lifeMs how long it is kept, ms.
   */
  constructor(open: () => Spare, lifeMs: number, onOver: () => void) {
    this.#open = open
    this.#onOver = onOver
    this.#cancelEnd = systemClock.setAlarm(systemClock.now() + lifeMs, () => {
      this.#end()
    })
    this.#begin()
  }

  /** Keeps it for one more user. */
  claim(): Preconnection {
    const claim = {
      close: async (): Promise<void> => {
        this.#claims.delete(claim)
        if (this.#claims.size > 0) return
        this.#end()
        await this.#spare?.gone
      },
    }
    this.#claims.add(claim)
    return claim
  }

  /** Gives the connection to the caller, who has to end it. */
  take(): Spare | undefined {
    const spare = this.#spare
    this.#spare = undefined
    this.#end()
    return spare
  }

  #begin(): void {
    const spare = this.#open()
    const openedAt = systemClock.now()
    this.#spare = spare
    void spare.gone.then(() => {
      if (this.#isOver) return
      if (spare.isReady && systemClock.now() - openedAt >= LEAST_LIFE_MS) this.#begin()
      else this.#end()
    })
  }

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#cancelEnd()
    this.#spare?.cut()
    this.#onOver()
  }
}
