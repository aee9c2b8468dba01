import { TUNNEL_SUBPROTOCOL } from './headers.js'

/** What to dial to open a tunnel. */
export interface TunnelRequest {
  /** `wss://…`, or `ws://…` on loopback. */
  readonly url: string
  /** The WebSocket sub-protocol to offer. A service that does not select it is refused. */
  readonly subprotocol: string
  /** More headers of the upgrade request; empty for all but linked clients. */
  readonly headers: Readonly<Record<string, string>>
}

/** A request as the hybrid transport makes it. */
export function tunnelRequest(url: string, headers: Readonly<Record<string, string>> = {}): TunnelRequest {
  return { url, subprotocol: TUNNEL_SUBPROTOCOL, headers }
}

/** Headers of an accepted upgrade, by name in lower case. A repeated header has several values. */
export type TunnelHeaders = ReadonlyMap<string, readonly string[]>
