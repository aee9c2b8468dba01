import type { Clock } from '../../ports/clock.js'

/** Pauses that `end` cuts short. After `end` a pause takes no time. */
export class Pauses {
  readonly #clock: Clock
  #isOver = false
  #wake: () => void = () => undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async take(ms: number): Promise<void> {
    if (this.#isOver) return
    let cancel: () => void = () => undefined
    await new Promise<void>(resolve => {
      this.#wake = resolve
      cancel = this.#clock.setAlarm(this.#clock.now() + ms, resolve)
    })
    cancel()
  }

  end(): void {
    this.#isOver = true
    this.#wake()
  }
}
