import type { RoutingId, TunnelId } from '../bytes/brands.js'
import { decodedOrUndefined } from '../bytes/decoded.js'
import {
  CLIENT_PAYLOAD_HEADER,
  decodeClientPayloadHeader,
  encodeRoutingId,
  ROUTING_ID_HEADER,
  SIGNAL_CONNECTION,
  SIGNAL_CONNECTION_HEADER,
} from '../tunnel/headers.js'
import type { TunnelPath } from '../tunnel/path.js'
import type { RelayInput } from './relay-io.js'

type WithoutLeg<Input> = Input extends unknown ? Omit<Input, 'leg'> : never

/** The request of a connection, as the relay takes it. */
export type LegRequest = WithoutLeg<Extract<RelayInput, { type: 'new' | 'connect' | 'contact' | 'register' }>>

/** Makes the identifiers that the service chooses. */
export interface FreshIds {
  routingId(): RoutingId
  tunnelId(): TunnelId
}

/**
 * What a request means to the relay.
 * @param header the value of a header that the request has exactly once.
 * @returns undefined for a client payload that is missing or malformed (HTTP status 400).
 */
export function legRequest(
  path: TunnelPath,
  header: (name: string) => string | undefined,
  fresh: FreshIds,
): LegRequest | undefined {
  switch (path.kind) {
    case 'new':
      return { type: 'new', routingId: fresh.routingId(), tunnelId: path.tunnelId }
    case 'connect':
      return { type: 'connect', routingId: path.routingId, tunnelId: path.tunnelId }
    case 'register':
      return { type: 'register' }
    case 'contact': {
      const clientPayload = decodedOrUndefined(() => decodeClientPayloadHeader(header(CLIENT_PAYLOAD_HEADER)))
      if (clientPayload === undefined) return undefined
      const wantsSignal = header(SIGNAL_CONNECTION_HEADER) === SIGNAL_CONNECTION
      const ids = { routingId: fresh.routingId(), tunnelId: fresh.tunnelId() }
      return { type: 'contact', contactId: path.contactId, clientPayload, wantsSignal, ...ids }
    }
  }
}

/** The header of the answer beside the upgrade itself, if there is one. */
export function answerHeader(request: LegRequest): readonly [name: string, value: string] | undefined {
  if (request.type === 'new') return [ROUTING_ID_HEADER, encodeRoutingId(request.routingId)]
  const signals = request.type === 'contact' && request.wantsSignal
  return signals ? [SIGNAL_CONNECTION_HEADER, SIGNAL_CONNECTION] : undefined
}
