import type { RoutingId, TunnelId } from '../bytes/brands.js'

/** A linked client’s call: which tunnel the phone is to join, and what the client sent with it. */
export interface LinkedCall {
  readonly routingId: RoutingId
  readonly tunnelId: TunnelId
  /** As the client sent it: 1 to 1024 bytes, otherwise unchecked. */
  readonly clientPayload: Uint8Array
}

/**
 * What a phone tells the asking client: the phone joins the tunnel; the link is gone for ever (HTTP status 410); or the phone
 * does not take this call, because it is busy, cannot read the payload or has seen it before in another call (HTTP status 409).
 */
export type CallReply = 'ringing' | 'gone' | 'busy'
