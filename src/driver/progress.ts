import { UsageError } from '../errors.js'
import type { HybridError } from '../errors.js'
import type { Proximity } from '../ports/ble.js'
import { attempt, callbackFailed } from '../ports/calling.js'
import type { Clock } from '../ports/clock.js'
import type { AuthenticatorProgress } from '../session/authenticator-io.js'
import type { ClientProgress } from '../session/client-io.js'
import type { TraceListener, SessionTrace } from './session-trace.js'

/** One step of a ceremony, in the same words for both roles and the command line. */
export interface ProgressEvent {
  readonly event:
    | 'qr-shown'
    | 'scanning'
    | 'advertising'
    | 'awaiting-user'
    | 'not-linked'
    | 'radio-interrupted'
    | 'radio-resumed'
    | ClientProgress
    | AuthenticatorProgress
  readonly role: 'client' | 'authenticator'
  /** Since the ceremony began, ms. */
  readonly elapsedMs: number
  /** Whether nearness rests on a radio, or is only played. */
  readonly proximity: Proximity
  /** On the phone: how old the QR code was when it was read, if it tells a plausible time. */
  readonly qrAgeSeconds?: number | undefined
  /**
   * Of `not-linked`: why the link that was asked for was not made. Of `radio-interrupted`: what happened to the radio. The ceremony
   * goes on.
   */
  readonly error?: HybridError | undefined
}

/** Hears the steps as they happen. Throwing ends the ceremony. */
export type ProgressListener = (event: ProgressEvent) => void

/** How a ceremony is watched and ended from outside. */
export interface DriveOptions {
  readonly onProgress?: ProgressListener | undefined
  readonly signal?: AbortSignal | undefined
  /** Keeps what happens, for somebody who looks for a fault: `createTrace` of `fido-hybrid/trace` makes one that is safe to share. */
  readonly trace?: SessionTrace | undefined
}

/** What all steps of one ceremony have in common. */
export type ProgressStamp = Pick<ProgressEvent, 'role' | 'proximity' | 'qrAgeSeconds'>

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

/** The error of a ceremony that its caller gave up. */
export function abortedBy(signal: AbortSignal | undefined): UsageError {
  return new UsageError('aborted', 'the caller gave up', { cause: signal?.reason })
}
