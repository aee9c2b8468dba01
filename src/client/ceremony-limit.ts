import { unlessAborted } from '../async/unless-aborted.js'
import { abortedBy } from '../driver/progress.js'
import { DeadlineError } from '../errors.js'
import type { Stage } from '../errors.js'
import type { Clock } from '../ports/clock.js'

/** What a ceremony may last: the relying party’s timeout within the range that WebAuthn L3 section 15.1 recommends, ms. */
const CEREMONY_MS = { min: 300_000, max: 600_000 }

/** When a ceremony ends from outside. */
export interface CeremonyBounds {
  readonly signal: AbortSignal | undefined
  /** Replaces the relying party’s timeout, ms; Infinity means no limit. */
  readonly ceremonyMs: number | undefined
  readonly clock: Clock
}

/** The end of one ceremony from outside: the caller’s signal, or the time that has passed since it began. */
export class CeremonyLimit {
  readonly #controller = new AbortController()
  readonly #bounds: CeremonyBounds
  readonly #startedAt: number
  #ms: number
  #lateness: DeadlineError | undefined
  #cancelAlarm: () => void = () => undefined

  constructor(bounds: CeremonyBounds) {
    this.#bounds = bounds
    this.#startedAt = bounds.clock.now()
    this.#ms = bounds.ceremonyMs ?? CEREMONY_MS.max
    bounds.signal?.addEventListener('abort', this.#onAbort)
    if (bounds.signal?.aborted === true) this.#onAbort()
  }

  /** Fires with the caller’s reason, or with a DeadlineError. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** The error, where the ceremony ended because its time was over. */
  get lateness(): DeadlineError | undefined {
    return this.signal.reason === this.#lateness ? this.#lateness : undefined
  }

  /** What is left of the ceremony’s time, ms. */
  get leftMs(): number {
    return Math.max(0, this.#startedAt + this.#ms - this.#bounds.clock.now())
  }

  /** Takes the relying party’s timeout, now that its options are read. */
  setTimeout(timeoutMs = 0): void {
    this.#ms = this.#bounds.ceremonyMs ?? Math.min(Math.max(timeoutMs, CEREMONY_MS.min), CEREMONY_MS.max)
  }

  /** Watches the time. @param stage named by the error when the time is over. */
  watch(stage: Stage): void {
    this.pause()
    if (this.#ms === Infinity) return
    const late = (): void => {
      this.#lateness ??= new DeadlineError(stage, 'the ceremony took longer than its limit')
      this.#controller.abort(this.#lateness)
    }
    this.#cancelAlarm = this.#bounds.clock.setAlarm(this.#startedAt + this.#ms, late)
  }

  /** Leaves the time to a session, which knows its stages. */
  pause(): void {
    this.#cancelAlarm()
  }

  /** The result of work that may not listen to the signal. @throws UsageError `aborted` as soon as the signal fires. */
  async over<Result extends object>(work: () => Promise<Result>): Promise<Result> {
    const result = await unlessAborted(this.signal, work)
    if (result === undefined) throw abortedBy(this.signal)
    return result
  }

  end(): void {
    this.pause()
    this.#bounds.signal?.removeEventListener('abort', this.#onAbort)
  }

  readonly #onAbort = (): void => this.#controller.abort(this.#bounds.signal?.reason)
}
