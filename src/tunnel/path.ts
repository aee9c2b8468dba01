import { contactId, routingId, ROUTING_ID_BYTES, tunnelId, TUNNEL_ID_BYTES } from '../bytes/brands.js'
import type { ContactId, RoutingId, TunnelId } from '../bytes/brands.js'
import { decodeBase64url, encodeBase64url } from '../bytes/base64url.js'
import { decodeHex, encodeHex } from '../bytes/hex.js'
import { requireBytes } from '../bytes/require-bytes.js'
import { DecodeError } from '../errors.js'

/**
 * The requests of a tunnel service (protocol.md 7.1). `register` is the contact line of our own service (contact-frames.ts).
 */
export type TunnelPath =
  | { readonly kind: 'new'; readonly tunnelId: TunnelId }
  | { readonly kind: 'connect'; readonly routingId: RoutingId; readonly tunnelId: TunnelId }
  | { readonly kind: 'contact'; readonly contactId: ContactId }
  | { readonly kind: 'register' }

/**
 * Writes the path of a request. Routing ID and tunnel ID are in upper-case hex, because some services compare text; a
 * contact ID is in base64url.
 * @throws UsageError `argument-invalid` for a routing ID or tunnel ID of another length.
 *
 * @example
 * formatTunnelPath({ kind: 'new', tunnelId: deriveTunnelId(crypto, secret) }) // /cable/new/…
 */
export function formatTunnelPath(path: TunnelPath): string {
  switch (path.kind) {
    case 'new':
      return `/cable/new/${upperHex('tunnelId', path.tunnelId, TUNNEL_ID_BYTES)}`
    case 'connect':
      return `/cable/connect/${upperHex('routingId', path.routingId, ROUTING_ID_BYTES)}/${upperHex('tunnelId', path.tunnelId, TUNNEL_ID_BYTES)}`
    case 'contact':
      return `/cable/contact/${encodeBase64url(path.contactId)}`
    case 'register':
      return '/cable/register'
  }
}

/**
 * Reads the path of a request. Hex may have either case.
 * @throws DecodeError `tunnel-path-malformed` for any other path, a query, or a contact ID of more than 1024 bytes.
 *
 * @example
 * const path = parseTunnelPath('/cable/register')
 */
export function parseTunnelPath(path: string): TunnelPath {
  const [root, cable, kind, ...ids] = path.split('/')
  const parsed = root === '' && cable === 'cable' ? identified(() => parseKind(kind, ids)) : undefined
  if (parsed === undefined)
    throw new DecodeError('tunnel-path-malformed', 'the path is not one of the hybrid transport')
  return parsed
}

function parseKind(kind: string | undefined, ids: readonly string[]): TunnelPath | undefined {
  if (kind === 'register') return ids.length === 0 ? { kind } : undefined
  const [first = '', second, ...others] = ids
  if (others.length > 0) return undefined
  if (kind === 'connect' && second !== undefined) {
    return { kind, routingId: routingId(decodeHex(first)), tunnelId: tunnelId(decodeHex(second)) }
  }
  if (second !== undefined) return undefined
  if (kind === 'new') return { kind, tunnelId: tunnelId(decodeHex(first)) }
  return kind === 'contact' ? { kind, contactId: contactId(decodeBase64url(first)) } : undefined
}

function identified(parse: () => TunnelPath | undefined): TunnelPath | undefined {
  try {
    return parse()
  } catch (cause) {
    throw new DecodeError(
      'tunnel-path-malformed',
      'an identifier in the path is malformed or has the wrong length',
      { cause },
    )
  }
}

function upperHex(name: string, bytes: Uint8Array, length: number): string {
  requireBytes(name, bytes, length)
  return encodeHex(bytes).toUpperCase()
}
