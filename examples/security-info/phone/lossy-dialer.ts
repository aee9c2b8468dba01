import type { Tunnel, TunnelDialer, TunnelListener, TunnelRequest } from 'fido-hybrid'

/** WebSocket’s word for a connection that broke. */
const BROKEN = { code: 1006, reason: '' }

/** A phone’s connection, which breaks when told to. */
export class LossyDialer implements TunnelDialer {
  readonly #dialer: TunnelDialer
  #breaks = false

  constructor(dialer: TunnelDialer) {
    this.#dialer = dialer
  }

  /** The connection breaks in the place of its next message. */
  breakNext(): void {
    this.#breaks = true
  }

  dial(request: TunnelRequest, listener: TunnelListener): Tunnel {
    this.#breaks = false
    const tunnel = this.#dialer.dial(request, listener)
    return {
      send: bytes => {
        if (this.#breaks) void tunnel.close().then(() => listener.closed(BROKEN))
        else tunnel.send(bytes)
      },
      close: () => tunnel.close(),
    }
  }
}
