import { routingId, ROUTING_ID_BYTES } from '../bytes/brands.js'
import type { RoutingId } from '../bytes/brands.js'
import { decodeHex, encodeHex } from '../bytes/hex.js'
import { DecodeError } from '../errors.js'
import { CLIENT_PAYLOAD_MAX_BYTES } from './client-payload.js'

/** The WebSocket sub-protocol that both sides insist on (protocol.md 7.2). */
export const TUNNEL_SUBPROTOCOL = 'fido.cable'

/** Header of the answer to `/cable/new`: 6 hex digits. */
export const ROUTING_ID_HEADER = 'X-caBLE-Routing-ID'

/** Header of the request for `/cable/contact`: the client payload in hex, here in upper case. */
export const CLIENT_PAYLOAD_HEADER = 'X-caBLE-Client-Payload'

/** Header with which a linked client asks for a signal when the phone joins. A service that will send one echoes it. */
export const SIGNAL_CONNECTION_HEADER = 'X-caBLE-Signal-Connection'

/** The only value of that header. */
export const SIGNAL_CONNECTION = 'true'

/** The signal: the client’s first message, one byte (protocol.md 7.2). */
export const CONNECTION_SIGNAL: Uint8Array = /* @__PURE__ */ Uint8Array.of(0)

/**
 * Writes the value of the routing ID header.
 *
 * @example
 * const headers = { [ROUTING_ID_HEADER]: encodeRoutingId(routingId(bytes)) }
 */
export function encodeRoutingId(id: RoutingId): string {
  return encodeHex(id).toUpperCase()
}

/**
 * Reads the routing ID header.
 * @param values all values of that header in the answer.
 * @throws DecodeError `routing-id-malformed` unless there is exactly one value, of 6 hex digits.
 *
 * @example
 * const id = decodeRoutingId(['0A1B2C'])
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

/**
 * Writes the value of the client payload header.
 *
 * @example
 * const headers = { [CLIENT_PAYLOAD_HEADER]: encodeClientPayloadHeader(bytes) }
 */
export function encodeClientPayloadHeader(clientPayload: Uint8Array): string {
  return encodeHex(clientPayload).toUpperCase()
}

/**
 * Reads the value of the client payload header. The bytes are for the phone; they are not decoded here.
 * @throws DecodeError `client-payload-malformed` unless it is hex of 1 to 1024 bytes.
 *
 * @example
 * const payload = decodeClientPayload(decodeClientPayloadHeader('A301…'))
 */
export function decodeClientPayloadHeader(value: string | undefined): Uint8Array {
  const digits = value?.length ?? 0
  if (value === undefined || digits < 1 || digits > 2 * CLIENT_PAYLOAD_MAX_BYTES)
    throw new DecodeError(
      'client-payload-malformed',
      `header ${CLIENT_PAYLOAD_HEADER} must have 1 to ${CLIENT_PAYLOAD_MAX_BYTES} bytes`,
    )
  try {
    return decodeHex(value)
  } catch (cause) {
    const message = `header ${CLIENT_PAYLOAD_HEADER} is not hex`
    throw new DecodeError('client-payload-malformed', message, { cause })
  }
}

function malformed(what: string, options?: ErrorOptions): DecodeError {
  return new DecodeError('routing-id-malformed', `header ${ROUTING_ID_HEADER} ${what}`, options)
}
