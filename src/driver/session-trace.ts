import type { TransactionKind } from '../handshake/transaction-pattern.js'
import type { RequestType } from '../qr/request-type.js'
import type { AuthenticatorInput, AuthenticatorOutput } from '../session/authenticator-io.js'
import type { AuthenticatorSessionOptions } from '../session/authenticator-session.js'
import type {
  LinkedAuthenticatorOptions,
  QrAuthenticatorOptions,
} from '../session/authenticator-transaction.js'
import type { ClientSessionOptions } from '../session/client-session.js'
import type { LinkedClientOptions, QrClientOptions } from '../session/client-transaction.js'
import type { ClientInput, ClientOutput } from '../session/client-io.js'
import type { ProgressEvent, ProgressStamp } from './progress.js'

/** A session that begins. */
export interface TracedSession extends ProgressStamp {
  readonly kind: TransactionKind
  /** What the client comes for; unknown on a phone whose linked client has not asked yet. */
  readonly requestType?: RequestType | undefined
  /** The driver’s clock, ms. */
  readonly now: number
}

/** Hears all that one session is told and wants done. The bytes are the session’s own: a listener copies what it keeps. */
export interface TraceListener {
  /**
   * One input, and what the session then wants done.
   * @param now the driver’s clock, ms.
   */
  step(
    input: ClientInput | AuthenticatorInput,
    outputs: readonly (ClientOutput | AuthenticatorOutput)[],
    now: number,
  ): void
  /**
   * A step of progress, as `onProgress` hears it.
   * @param now the driver’s clock, ms.
   */
  progress(event: ProgressEvent, now: number): void
}

/** What a session, or the transaction in it, is made of. */
export type SessionParts =
  | QrClientOptions
  | LinkedClientOptions
  | QrAuthenticatorOptions
  | LinkedAuthenticatorOptions
  | ClientSessionOptions
  | AuthenticatorSessionOptions

/** Keeps what happens in sessions, such as `createTrace` of `fido-hybrid/trace`. What it throws is ignored. */
export interface SessionTrace {
  /** Called once for each session, before its first input. */
  begin(session: TracedSession): TraceListener
  /** For recordings alone: gets all secrets of the session that begins next, in one or two calls right before. */
  readonly made?: ((parts: SessionParts) => void) | undefined
}
