import type { LineKey } from '../bytes/brands.js'
import type { HybridError } from '../errors.js'
import type { LinkedCall, CallReply } from '../tunnel/linked-call.js'

export type { LinkedCall, CallReply } from '../tunnel/linked-call.js'

/** Where a phone keeps its line, and by which key clients reach it. */
export interface LineIdentity {
  /** Base of the tunnel service: `wss://host:port`, or `ws://` on loopback. */
  readonly url: string
  /** Shows that the contact ID is the phone’s own: its SHA-256 is the contact ID (`deriveContactId`). Secret. */
  readonly key: LineKey
  /** Keys that this phone gave up: clients that call their contact IDs are told that these are gone. At most 256. */
  readonly revoked: readonly LineKey[]
}

/** Called in order; nothing comes after `failed`. */
export interface LineListener {
  /** Clients can find the phone from now on. */
  reachable(): void
  /** Answer soon: the client is kept waiting. A promise that rejects counts as no answer. */
  call(call: LinkedCall): CallReply | Promise<CallReply>
  /** The line is closed, or was never opened. It does not open itself again. */
  failed(error: HybridError): void
}

/** A line that is open or about to be. */
export interface OpenContactLine {
  /** Settles when nothing of the line is left, and does not reject; safe to call twice and while opening. */
  stop(): Promise<void>
}

/** Keeps a phone in reach of a tunnel service, so that linked clients can ask for it without a QR code. */
export interface ContactLine {
  /** Registers the phone. The listener hears when the line is lost; the caller opens it again. */
  open(registration: LineIdentity, listener: LineListener): OpenContactLine
}
