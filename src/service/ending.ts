import * as CLOSE_CODE from '../bytes/close-code.js'
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
  | 'serviceRestarts'
  | 'silent'
  | 'notBinary'
  | 'queueFull'
  | 'crowded'
  | 'crumbled'
  | 'badFrame'
  | 'tooLong'
  | 'replaced'
  | 'superseded'
  | 'revoked'

/** Close codes of protocol.md 7.5, and those of the contact line. */
export const ENDING: Readonly<Record<EndingName, Ending>> = {
  peerClosed: { code: CLOSE_CODE.normal, reason: 'peer closed' },
  peerVanished: { code: CLOSE_CODE.goingAway, reason: 'peer vanished' },
  lifetimeOver: { code: CLOSE_CODE.goingAway, reason: 'lifetime over' },
  serviceStops: { code: CLOSE_CODE.goingAway, reason: 'service stops' },
  serviceRestarts: { code: CLOSE_CODE.serviceRestart, reason: 'service restarts' },
  silent: { code: CLOSE_CODE.goingAway, reason: 'silent' },
  notBinary: { code: CLOSE_CODE.unsupportedData, reason: 'not binary' },
  queueFull: { code: CLOSE_CODE.policy, reason: 'queue full' },
  crowded: { code: CLOSE_CODE.policy, reason: 'too much at once' },
  crumbled: { code: CLOSE_CODE.policy, reason: 'too many pieces' },
  badFrame: { code: CLOSE_CODE.policy, reason: 'bad frame' },
  tooLong: { code: CLOSE_CODE.tooBig, reason: 'message too long' },
  replaced: { code: CLOSE_REPLACED, reason: 'replaced' },
  superseded: { code: CLOSE_REPLACED, reason: 'replaced elsewhere' },
  revoked: { code: CLOSE_REVOKED, reason: 'key revoked' },
}

/** The output that closes a connection with this reason. */
export function closing(leg: LegId, { code, reason }: Ending): RelayOutput {
  return { type: 'close', leg, code, reason }
}
