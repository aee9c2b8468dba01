import type { HybridError } from '../errors.js'
import { callingPort, portFailed } from '../ports/calling.js'
import type { Clock } from '../ports/clock.js'

/** A sans-IO machine. */
export interface Machine<Input, Output> {
  step(input: Input, now: number): readonly Output[]
}

/** Where a loop’s outputs go. */
export interface Effects<Output> {
  perform(output: Output): void
  /** A port or the crypto provider threw: the machine has been told, and the loop is of no further use. */
  broken(error: HybridError): void
}

/**
 * Feeds a machine and performs what it says, one input after the other: what a port reports while an output is being
 * performed waits its turn.
 */
export class SessionLoop<Input extends { readonly type: string }, Output> {
  readonly #machine: Machine<Input | Tick | Failed, Output>
  readonly #clock: Clock
  readonly #effects: Effects<Output>
  readonly #inbox: (Input | Tick)[] = []
  #running = false
  #cancelAlarm: () => void = () => undefined

  constructor(machine: Machine<Input | Tick | Failed, Output>, clock: Clock, effects: Effects<Output>) {
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
        for (const output of this.#machine.step(next, this.#now())) this.#effects.perform(output)
      }
    } catch (cause) {
      this.#break(cause)
    } finally {
      this.#running = false
    }
  }

  /** The machine still wipes what it holds; what it wants done beyond that is not to be had. */
  #break(cause: unknown): void {
    // Ports are called by name; what is left is the cryptography inside the machine.
    const error = portFailed('a function of the crypto provider', cause)
    this.#inbox.length = 0
    this.setDeadline(Infinity)
    try {
      this.#machine.step({ type: 'failed', error }, this.#clock.now())
    } finally {
      this.#effects.broken(error)
    }
  }

  /** Ticks the machine at the given time; Infinity only cancels. */
  setDeadline(at: number): void {
    this.#cancelAlarm()
    this.#cancelAlarm =
      at === Infinity
        ? () => undefined
        : callingPort('clock.setAlarm', () => this.#clock.setAlarm(at, this.#tick))
  }

  readonly #tick = (): void => {
    this.feed({ type: 'tick' })
  }

  #now(): number {
    return callingPort('clock.now', () => this.#clock.now())
  }
}

/** What every machine takes when its deadline may have come. */
export interface Tick {
  readonly type: 'tick'
}

/** What every machine takes when one of its surroundings failed. */
export interface Failed {
  readonly type: 'failed'
  readonly error: HybridError
}
