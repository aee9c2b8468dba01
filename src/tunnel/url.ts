import type { ContactId, RoutingId, TunnelId } from '../bytes/brands.js'
import { formatTunnelPath } from './path.js'
import type { TunnelPath } from './path.js'

/**
 * Where a phone opens a tunnel (protocol.md 7.1).
 * @param base scheme and authority, such as `wss://cable.ua5v.com`; so for all functions here.
 */
export function newTunnelUrl(base: string, tunnelId: TunnelId): string {
  return join(base, { kind: 'new', tunnelId })
}

/** Where a client joins the tunnel that an advert names. */
export function connectTunnelUrl(base: string, routingId: RoutingId, tunnelId: TunnelId): string {
  return join(base, { kind: 'connect', routingId, tunnelId })
}

/** Where a client asks for a linked phone. */
export function contactTunnelUrl(base: string, contactId: ContactId): string {
  return join(base, { kind: 'contact', contactId })
}

/** Where a phone of our own tunnel service waits for linked clients. */
export function registerUrl(base: string): string {
  return join(base, { kind: 'register' })
}

function join(base: string, path: TunnelPath): string {
  return (base.endsWith('/') ? base.slice(0, -1) : base) + formatTunnelPath(path)
}
