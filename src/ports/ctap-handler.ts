import type { JsonValue } from '../message/json.js'
import type { Proximity } from './ble.js'
import type { CredentialSignals } from './credential-signals.js'

/** What a handler may know of the request’s surroundings. */
export interface CtapContext {
  /** Fires when the client has gone: take the prompt away. */
  readonly signal: AbortSignal
  /** Tell the role that the user is being asked. */
  awaitingUser(): void
  /** Over hybrid: whether this phone’s nearness to the client rests on a radio. */
  readonly proximity?: Proximity | undefined
  /** Where a QR code with a plausible time was read: how old it was then. */
  readonly qrAgeSeconds?: number | undefined
}

/**
 * How a transaction ended. `confirmed`: the client said goodbye after the last answer, so it has them all. `cut`: it
 * did not, so it is not known whether the last answer arrived.
 */
export type TransactionOutcome = 'confirmed' | 'cut'

/** When a phone sends update messages. */
export type UpdateHabit = 'always' | 'linking' | 'never'

/** How a phone behaves, whatever it answers. */
export interface HandlerManners {
  /**
   * Features of the post-handshake message. Unless given they follow from what the handler has: `ctap` with `handle`, `dc` with
   * `handleJson`. A list that has `dc` without `handleJson` is that of a phone with no wallet.
   */
  readonly features?: readonly string[] | undefined
  /**
   * `one`: the phone takes no more after its first answer, as iPhones and Play services do, and hangs up when the client has
   * said goodbye, or two seconds later. `many` unless given.
   */
  readonly commands?: 'one' | 'many' | undefined
  /**
   * Whether an update follows the introduction in QR-initiated transactions, always of one size: in each (`always`), where the phone
   * role can link (`linking`), or in none (`never`: such a phone cannot link). Default `linking`.
   */
  readonly updates?: UpdateHabit | undefined
  /**
   * Called once at the end of each transaction, which waits for it. An answer that was still in the making may take its
   * last steps after that.
   * @param signal that of the transaction’s contexts, which tells transactions apart.
   */
  concluded?(outcome: TransactionOutcome, signal: AbortSignal): Promise<void>
}

/**
 * Answers the one request of a client that comes for a digital credential (protocol.md 14.2).
 * @param request the whole message, within `JSON_LIMITS`, its shape not yet checked.
 * @returns the whole answer; undefined to hang up without one. What JSON cannot say, or a handler that throws, becomes the failure
 * `DEVICE_ABORTED`.
 */
export type HandleJson = (request: JsonValue, context: CtapContext) => Promise<JsonValue | undefined>

/**
 * All of CTAP2 behind the phone role: one call per command, answered with status byte ‖ CBOR.
 * The software authenticator implements it; so can yours.
 */
export interface CtapHandler extends HandlerManners, Partial<CredentialSignals> {
  /** Present where the phone has a wallet as well. */
  readonly handleJson?: HandleJson | undefined
  /** authenticatorGetInfo response map as CBOR, without status byte. */
  getInfo(): Uint8Array
  /**
   * When the context’s signal fires, the answer is not wanted any more: the transaction ends when this settles, or a
   * second later.
   * @param request command byte ‖ CBOR, at most 1 MiB, not yet checked.
   * @returns status byte ‖ CBOR; undefined to hang up without an answer, as phones do when their user refuses.
   */
  handle(request: Uint8Array, context: CtapContext): Promise<Uint8Array | undefined>
}

/** A phone with a wallet and without passkeys. */
export interface JsonHandler extends HandlerManners {
  readonly getInfo?: undefined
  readonly handle?: undefined
  readonly handleJson: HandleJson
}

/** What answers the requests that the phone role receives. */
export type PhoneHandler = CtapHandler | JsonHandler
