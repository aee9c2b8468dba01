import type { Clock } from '../ports/clock.js'

/** A sans-IO machine. */
export interface Machine<Input, Output> {
  step(input: Input, now: number): readonly Output[]
}

/** Where a loop’s outputs go. */
export interface Effects<Output> {
  perform(output: Output): void
  /** Something threw that may not throw: the loop is of no further use. */
  broken(cause: unknown): void
}

/**
 * Feeds a machine and performs what it says, one input after the other: what a port reports while an output is being
 * performed waits its turn.
 */
export class SessionLoop<Input extends { readonly type: string }, Output> {
  readonly #machine: Machine<Input | Tick, Output>
  readonly #clock: Clock
  readonly #effects: Effects<Output>
  readonly #inbox: (Input | Tick)[] = []
  #running = false
  #cancelAlarm: () => void = () => undefined

  constructor(machine: Machine<Input | Tick, Output>, clock: Clock, effects: Effects<Output>) {
    this.#machine = machine
    this.#clock = clock
    this.#effects = effects
  }

  feed(input: Input | Tick): void {
    this.#inbox.push(input)
    if (this.#running) return
    this.#running = true
    try {
      for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
        for (const output of this.#machine.step(next, this.#clock.now())) this.#effects.perform(output)
      }
    } catch (cause) {
      this.#inbox.length = 0
      this.setDeadline(Infinity)
      this.#effects.broken(cause)
    } finally {
      this.#running = false
    }
  }

  /** Ticks the machine at the given time; Infinity only cancels. */
  setDeadline(at: number): void {
    this.#cancelAlarm()
    this.#cancelAlarm =
      at === Infinity
        ? () => undefined
        : this.#clock.setAlarm(at, () => {
            this.feed({ type: 'tick' })
          })
  }
}

/** What every machine takes when its deadline may have come. */
export interface Tick {
  readonly type: 'tick'
}
