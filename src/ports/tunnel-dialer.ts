import type { TunnelError } from '../errors.js'
import type { TunnelHeaders, TunnelRequest } from '../tunnel/request.js'

export type { TunnelHeaders, TunnelRequest } from '../tunnel/request.js'

/** How a tunnel ended after it was open. */
export interface TunnelClosed {
  /** WebSocket close code; 1006 when the connection ended without one. */
  readonly code: number
  /** What the other side said about it; mostly empty. */
  readonly reason: string
}

/** Called synchronously, in order: `open` once, then messages, then one of `closed` or `failed`; nothing after that. */
export interface TunnelListener {
  /** The service accepted the upgrade; its headers by name in lower case. */
  open(headers: TunnelHeaders): void
  /** One binary message; the receiver may keep the bytes. */
  message(bytes: Uint8Array): void
  /** The open tunnel was closed by the other side, or cut. */
  closed(end: TunnelClosed): void
  /** Not opened, or broken off by the adapter itself (text message, message too long). */
  failed(error: TunnelError): void
}

/** A tunnel being dialled or open. */
export interface Tunnel {
  /** Sends one binary message; ignored once closed. */
  send(bytes: Uint8Array): void
  /** Closes with code 1000 and settles when nothing of the tunnel is left; the listener hears nothing more. */
  close(): Promise<void>
}

/** A connection that was opened ahead of its use. */
export interface Preconnection {
  /** Gives it up, if no tunnel took it; settles when nothing of it is left. Safe to call twice. */
  close(): Promise<void>
}

/** Opens WebSocket tunnels. The adapter adds only what WebSocket and the Origin header need, and interprets nothing else. */
export interface TunnelDialer {
  /** Its tunnels end in this very process, whatever their URLs say. Default false. */
  readonly staysInProcess?: boolean | undefined
  /**
   * Begins to dial, and tells the listener what comes of it. @throws UsageError `argument-invalid` for an invalid URL;
   * UnsupportedError for a request that the technology cannot make.
   */
  dial(request: TunnelRequest, listener: TunnelListener): Tunnel
  /** Loads what the first dial needs, where that takes time. Called when a phone is made, and when a QR code is shown. */
  readonly prepare?: (() => void) | undefined
  /**
   * Opens a connection to the service of a URL, as far as that goes without a request, for the next tunnel that is dialled there:
   * a dialled tunnel takes it in the call of `dial`. What goes wrong with it goes unreported: a tunnel is then dialled as ever.
   * Undefined where the technology cannot.
   */
  readonly preconnect?: ((url: string) => Preconnection) | undefined
}
