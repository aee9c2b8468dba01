import type { BenchContext } from '../../harness/group.js'
import { goRelay } from './go-relay.js'

/** What stands between two sockets, as tables name it. */
export const RELAY_NAMES = {
  service: 'fido-hybrid/service',
  ws: 'bare ws relay',
  go: 'Go relay on coder/websocket',
  tcp: 'plain TCP',
} as const

export type RelayKind = keyof typeof RELAY_NAMES

/** The relays that can be run here; tells what is left out. */
export async function relayKinds(context: BenchContext): Promise<readonly RelayKind[]> {
  const relay = await goRelay()
  if (!('reason' in relay)) return ['service', 'ws', 'go', 'tcp']
  context.omit({ name: RELAY_NAMES.go, reason: relay.reason })
  return ['service', 'ws', 'tcp']
}
