import { UsageError } from '../errors.js'
import type { HybridError } from '../errors.js'
import type { Proximity } from '../ports/ble.js'
import type { AuthenticatorProgress } from '../session/authenticator-io.js'
import type { ClientProgress } from '../session/client-io.js'

/** One step of a ceremony, in the same words for both roles and the command line. */
export interface ProgressEvent {
  /**
   * What has happened. A registration by QR code goes `scanning`, `qr-shown`, `advert-seen`, `tunnel-connecting`, `tunnel-connected`,
   * `handshake`, `connected`, `request-sent`, `awaiting-user`, `response`, `closed`.
   */
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
  /** The side that speaks. */
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

/** What all steps of one ceremony have in common. */
export type ProgressStamp = Pick<ProgressEvent, 'role' | 'proximity' | 'qrAgeSeconds'>

/** The error of a ceremony that its caller gave up. */
export function abortedBy(signal: AbortSignal | undefined): UsageError {
  return new UsageError('aborted', 'the caller gave up', { cause: signal?.reason })
}
