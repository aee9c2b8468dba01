import { routingId, ROUTING_ID_BYTES } from '../bytes/brands.js'
import type { RoutingId } from '../bytes/brands.js'
import { decodeHex, encodeHex } from '../bytes/hex.js'
import { DecodeError } from '../errors.js'

/** The WebSocket sub-protocol that both sides insist on (protocol.md 7.2). */
export const TUNNEL_SUBPROTOCOL = 'fido.cable'

/** Of the answer to `/cable/new`: 6 hex digits. */
export const ROUTING_ID_HEADER = 'X-caBLE-Routing-ID'

/** Of the request for `/cable/contact`: the client payload in upper-case hex. */
export const CLIENT_PAYLOAD_HEADER = 'X-caBLE-Client-Payload'

/** Of a linked client’s request, and echoed by a service that will signal when the phone joins: `true`. */
export const SIGNAL_CONNECTION_HEADER = 'X-caBLE-Signal-Connection'

/** Writes the value of the routing ID header. */
export function encodeRoutingId(id: RoutingId): string {
  return encodeHex(id).toUpperCase()
}

/**
 * Reads the routing ID header.
 * @param values every value that the answer has for the header.
 * @throws DecodeError `routing-id-malformed` unless there is exactly one, of 6 hex digits.
 */
export function decodeRoutingId(values: readonly string[] | undefined): RoutingId {
  const [value, ...others] = values ?? []
  if (value === undefined || others.length > 0)
    throw malformed(`is there ${values?.length ?? 0} times, not once`)
  try {
    return routingId(decodeHex(value))
  } catch (cause) {
    throw malformed(`does not have ${2 * ROUTING_ID_BYTES} hex digits`, { cause })
  }
}

function malformed(what: string, options?: ErrorOptions): DecodeError {
  return new DecodeError('routing-id-malformed', `header ${ROUTING_ID_HEADER} ${what}`, options)
}
