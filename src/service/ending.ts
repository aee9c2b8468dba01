import { CLOSE_REPLACED, CLOSE_REVOKED } from '../tunnel/contact-frames.js'
import type { LegId, RelayOutput } from './relay-io.js'

/** Why a connection ends: WebSocket close code, and the same in words. */
export interface Ending {
  readonly code: number
  readonly reason: string
}

type EndingName =
  | 'peerClosed'
  | 'peerVanished'
  | 'lifetimeOver'
  | 'serviceStops'
  | 'silent'
  | 'notBinary'
  | 'queueFull'
  | 'crowded'
  | 'badFrame'
  | 'tooLong'
  | 'replaced'
  | 'revoked'

/** Close codes of protocol.md 7.5, and those of the contact line. */
export const ENDING: Readonly<Record<EndingName, Ending>> = {
  peerClosed: { code: 1000, reason: 'peer closed' },
  peerVanished: { code: 1001, reason: 'peer vanished' },
  lifetimeOver: { code: 1001, reason: 'lifetime over' },
  serviceStops: { code: 1001, reason: 'service stops' },
  silent: { code: 1001, reason: 'silent' },
  notBinary: { code: 1003, reason: 'not binary' },
  queueFull: { code: 1008, reason: 'queue full' },
  crowded: { code: 1008, reason: 'too much at once' },
  badFrame: { code: 1008, reason: 'bad frame' },
  tooLong: { code: 1009, reason: 'message too long' },
  replaced: { code: CLOSE_REPLACED, reason: 'replaced' },
  revoked: { code: CLOSE_REVOKED, reason: 'key revoked' },
}

/** How a connection is told. */
export function closing(leg: LegId, { code, reason }: Ending): RelayOutput {
  return { type: 'close', leg, code, reason }
}
