import type { GetInfo } from '../ctap/get-info.js'
import type { HybridError } from '../errors.js'
import type { TunnelRequest } from '../tunnel/request.js'

/** What a client session is told. */
export type ClientInput =
  | { readonly type: 'start' }
  /** Service data heard under one of the two UUIDs; strangers’ adverts are welcome. */
  | { readonly type: 'advert'; readonly serviceData: Uint8Array }
  | { readonly type: 'tunnel-open' }
  | { readonly type: 'tunnel-message'; readonly bytes: Uint8Array }
  /** The other side closed an open tunnel; `code` is the WebSocket close code. */
  | { readonly type: 'tunnel-closed'; readonly code: number }
  /** A port failed: dialling, scanning, or the tunnel’s own rules. */
  | { readonly type: 'failed'; readonly error: HybridError }
  /** One CTAP2 command: command byte ‖ CBOR. */
  | { readonly type: 'request'; readonly message: Uint8Array }
  /** The caller wants to end; `error` says why when it is no success (abort). */
  | { readonly type: 'close'; readonly error?: HybridError }
  /** The announced deadline may have come. */
  | { readonly type: 'tick' }

/** The words for a client’s progress that a session knows of; the driver adds `scanning`, the role `qr-shown`. */
export type ClientProgress =
  | 'advert-seen'
  | 'tunnel-connecting'
  | 'tunnel-connected'
  | 'handshake'
  | 'connected'
  | 'request-sent'
  | 'awaiting-user'
  | 'response'
  | 'closed'

/** The phone’s first message: who it is and what it can do. */
export interface Introduction {
  readonly getInfo: GetInfo
  /** The same as CBOR, as it came, without status byte. */
  readonly getInfoBytes: Uint8Array
  /** `ctap`, and whatever else the phone offers. */
  readonly features: readonly string[]
}

/** What a client session wants done. */
export type ClientOutput =
  | { readonly type: 'scan' }
  | { readonly type: 'stop-scan' }
  | { readonly type: 'dial'; readonly request: TunnelRequest }
  | { readonly type: 'send'; readonly bytes: Uint8Array }
  /** Give a `tick` at this time of the caller’s clock (ms); Infinity cancels. Replaces the deadline before. */
  | { readonly type: 'deadline'; readonly at: number }
  | { readonly type: 'progress'; readonly event: ClientProgress }
  | { readonly type: 'connected'; readonly introduction: Introduction }
  /** Status byte ‖ CBOR. */
  | { readonly type: 'response'; readonly message: Uint8Array }
  /** Over: release scan and tunnel. Always the last output but for a cancelled deadline. */
  | { readonly type: 'closed'; readonly error?: HybridError }
