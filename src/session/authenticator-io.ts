import type { HybridError } from '../errors.js'
import type { TunnelHeaders, TunnelRequest } from '../tunnel/request.js'

/** What an authenticator session is told. */
export type AuthenticatorInput =
  | { readonly type: 'start' }
  /** The service accepted; its headers carry the routing ID. */
  | { readonly type: 'tunnel-open'; readonly headers: TunnelHeaders }
  | { readonly type: 'tunnel-message'; readonly bytes: Uint8Array }
  /** The other side closed an open tunnel; `code` is the WebSocket close code. */
  | { readonly type: 'tunnel-closed'; readonly code: number }
  /** A port failed: dialling, advertising, or the tunnel’s own rules. */
  | { readonly type: 'failed'; readonly error: HybridError }
  /** The handler’s answer: status byte ‖ CBOR; undefined to hang up without one. */
  | { readonly type: 'answer'; readonly message: Uint8Array | undefined }
  /** The caller wants to end; `error` says why when it is no success (abort). */
  | { readonly type: 'close'; readonly error?: HybridError }
  /** The announced deadline may have come. */
  | { readonly type: 'tick' }

/** The words for an authenticator’s progress that a session knows of; the driver adds `advertising` and `awaiting-user`. */
export type AuthenticatorProgress =
  'tunnel-connecting' | 'tunnel-connected' | 'handshake' | 'connected' | 'request' | 'response' | 'closed'

/** What an authenticator session wants done. */
export type AuthenticatorOutput =
  | { readonly type: 'dial'; readonly request: TunnelRequest }
  /** Put these bytes on the air as service data of UUID FFF9 until told to stop. */
  | { readonly type: 'advertise'; readonly serviceData: Uint8Array }
  | { readonly type: 'stop-advertising' }
  | { readonly type: 'send'; readonly bytes: Uint8Array }
  /** Give a `tick` at this time of the caller’s clock (ms); Infinity cancels. Replaces the deadline before. */
  | { readonly type: 'deadline'; readonly at: number }
  | { readonly type: 'progress'; readonly event: AuthenticatorProgress }
  /** Command byte ‖ CBOR, unchecked; answer it with `answer`. */
  | { readonly type: 'request'; readonly message: Uint8Array }
  /** Over: release advert, tunnel and prompt. Always the last output but for a cancelled deadline. */
  | { readonly type: 'closed'; readonly error?: HybridError }
