import type { HybridError } from '../errors.js'
import type { TunnelHeaders, TunnelRequest } from '../tunnel/request.js'

/** What sessions of both roles are told. */
export type MachineInput =
  | { readonly type: 'start' }
  /** The service accepted; for an authenticator its headers carry the routing ID. */
  | { readonly type: 'tunnel-open'; readonly headers: TunnelHeaders }
  /** One binary message, as it came. */
  | { readonly type: 'tunnel-message'; readonly bytes: Uint8Array }
  /** The other side closed an open tunnel; `code` is the WebSocket close code. */
  | { readonly type: 'tunnel-closed'; readonly code: number }
  /** A port failed: dialling, the radio, or the tunnel’s own rules. */
  | { readonly type: 'failed'; readonly error: HybridError }
  /** The caller wants to end; `error` says why it gave up, undefined after a success. */
  | { readonly type: 'close'; readonly error?: HybridError | undefined }
  /** The announced deadline may have come. */
  | { readonly type: 'tick' }

/** What sessions of both roles want done. */
export type MachineOutput =
  | { readonly type: 'dial'; readonly request: TunnelRequest }
  /** One binary message for the tunnel. */
  | { readonly type: 'send'; readonly bytes: Uint8Array }
  /** Give a `tick` at this time of the caller’s clock (ms); Infinity cancels. Replaces the deadline before. */
  | { readonly type: 'deadline'; readonly at: number }
  /** A step for `onProgress`. */
  | { readonly type: 'progress'; readonly event: MachineProgress }
  /** Over: release radio, tunnel and prompt. Always the last output but for a cancelled deadline. */
  | { readonly type: 'closed'; readonly error?: HybridError | undefined }

/** The steps that both roles go through. */
export type MachineProgress =
  'tunnel-connecting' | 'tunnel-connected' | 'handshake' | 'connected' | 'response' | 'closed'
