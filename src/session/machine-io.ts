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
  /** The tunnel was not opened, or broken off by its adapter. Ends a session that has no other way. */
  | { readonly type: 'tunnel-failed'; readonly error: HybridError }
  /** A BLE data channel is open: the one that was dialled, or one more that a listener has taken. Each has a number of its own. */
  | { readonly type: 'channel-open'; readonly channel: number }
  /** One message of the data channel of this number, out of its framing. */
  | { readonly type: 'channel-message'; readonly channel: number; readonly bytes: Uint8Array }
  /** The other side closed an open data channel, between two messages. */
  | { readonly type: 'channel-closed'; readonly channel: number }
  /** A data channel was not opened, or has broken. */
  | { readonly type: 'channel-failed'; readonly channel: number; readonly error: HybridError }
  /** A port failed: the radio, or the clock. */
  | { readonly type: 'failed'; readonly error: HybridError }
  /** The caller wants to end; `error` says why it gave up, undefined after a success. */
  | { readonly type: 'close'; readonly error?: HybridError | undefined }
  /** The announced deadline may have come. */
  | { readonly type: 'tick' }

/** What sessions of both roles want done. */
export type MachineOutput =
  | { readonly type: 'dial'; readonly request: TunnelRequest }
  /** One binary message, through the data channel of this number, or, without a number, through the tunnel. */
  | { readonly type: 'send'; readonly bytes: Uint8Array; readonly channel?: number | undefined }
  /** This data channel is not needed: close it, and do not report its end. It may have ended already. */
  | { readonly type: 'close-channel'; readonly channel: number }
  /** Give a `tick` at this time of the caller’s clock (ms); Infinity cancels. Replaces the deadline before. */
  | { readonly type: 'deadline'; readonly at: number }
  /** A step for `onProgress`. */
  | { readonly type: 'progress'; readonly event: MachineProgress }
  /** Over: release radio, tunnel and prompt. Always the last output but for a cancelled deadline. */
  | { readonly type: 'closed'; readonly error?: HybridError | undefined }

/** The steps that both roles go through. */
export type MachineProgress =
  | 'tunnel-connecting'
  | 'tunnel-connected'
  | 'channel-connected'
  | 'handshake'
  | 'connected'
  | 'response'
  | 'closed'
