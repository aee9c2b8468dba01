import type { HybridError, UsageError } from '../errors.js'
import { attempt, callbackFailed } from '../ports/calling.js'
import type { Clock } from '../ports/clock.js'
import type { ProgressEvent, ProgressListener, ProgressStamp } from './progress.js'
import type { TraceListener } from './session-trace.js'

/** Stamps steps with time, role and proximity, and passes them on. */
export class ProgressReporter {
  readonly #listener: ProgressListener | undefined
  readonly #stamp: ProgressStamp
  readonly #clock: Clock
  readonly #startedAt: number
  readonly #traced: TraceListener | undefined

  constructor(
    listener: ProgressListener | undefined,
    stamp: ProgressStamp,
    clock: Clock,
    traced?: TraceListener,
  ) {
    this.#listener = listener
    this.#traced = traced
    this.#stamp = stamp
    this.#clock = clock
    this.#startedAt = clock.now()
  }

  /** @returns the error that ends the ceremony when the listener threw. */
  report(event: ProgressEvent['event'], why?: HybridError): UsageError | undefined {
    try {
      const now = this.#clock.now()
      const elapsedMs = now - this.#startedAt
      const step = { event, ...this.#stamp, elapsedMs, ...(why && { error: why }) }
      attempt(() => this.#traced?.progress(step, now))
      this.#listener?.(step)
      return undefined
    } catch (cause) {
      return callbackFailed('onProgress', cause)
    }
  }
}
