/** What to dial to open a tunnel. */
export interface TunnelRequest {
  /** `wss://…`, or `ws://…` on loopback. */
  readonly url: string
  /** The one WebSocket sub-protocol to ask for and to insist on. */
  readonly subprotocol: string
  readonly headers: Readonly<Record<string, string>>
}

/** Headers of an accepted upgrade: lower-case names; a repeated header has several values. */
export type TunnelHeaders = ReadonlyMap<string, readonly string[]>
