import { closing } from './ending.js'
import type { Ending } from './ending.js'
import type { Outbox } from './outbox.js'
import type { LegId, RefusalStatus, RelayOutput } from './relay-io.js'

/** One side of a tunnel. */
export interface Leg {
  readonly id: LegId
  /** What this leg is to read. */
  readonly outbox: Outbox
}

export function sendAll(leg: Leg, messages: readonly Uint8Array[]): readonly RelayOutput[] {
  return messages.map(bytes => ({ type: 'send', leg: leg.id, bytes }))
}

export function refuse(leg: LegId, status: RefusalStatus): RelayOutput {
  return { type: 'refuse', leg, status }
}

/** Phones answer and hang up at once: what they sent before still has to arrive. */
export function bidFarewell(leg: Leg, ending: Ending): readonly RelayOutput[] {
  return [...sendAll(leg, leg.outbox.end()), closing(leg.id, ending)]
}
