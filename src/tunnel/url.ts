import type { ContactId, RoutingId, TunnelId } from '../bytes/brands.js'
import { formatTunnelPath } from './path.js'
import type { TunnelPath } from './path.js'

/**
 * Where a phone opens a tunnel (protocol.md 7.1).
 * @param base scheme and authority, such as `wss://cable.ua5v.com`; the same in all functions of this file.
 * @throws UsageError `argument-invalid` for an identifier of another length.
 *
 * @example
 * newTunnelUrl('wss://cable.ua5v.com', deriveTunnelId(crypto, secret)) // wss://cable.ua5v.com/cable/new/…
 */
export function newTunnelUrl(base: string, tunnelId: TunnelId): string {
  return join(base, { kind: 'new', tunnelId })
}

/**
 * Where a client joins the tunnel that an advert names.
 * @throws UsageError `argument-invalid` for an identifier of another length.
 *
 * @example
 * const url = connectTunnelUrl('wss://cable.ua5v.com', routingId(bytes), deriveTunnelId(crypto, secret))
 */
export function connectTunnelUrl(base: string, routingId: RoutingId, tunnelId: TunnelId): string {
  return join(base, { kind: 'connect', routingId, tunnelId })
}

/**
 * Where a client asks for a linked phone.
 *
 * @example
 * const url = contactTunnelUrl('wss://tunnel.example.com', contactId(bytes))
 */
export function contactTunnelUrl(base: string, contactId: ContactId): string {
  return join(base, { kind: 'contact', contactId })
}

/**
 * Where a phone of our own tunnel service waits for linked clients.
 *
 * @example
 * registerUrl('wss://tunnel.example.com') // wss://tunnel.example.com/cable/register
 */
export function registerUrl(base: string): string {
  return join(base, { kind: 'register' })
}

function join(base: string, path: TunnelPath): string {
  return (base.endsWith('/') ? base.slice(0, -1) : base) + formatTunnelPath(path)
}
