import { openTunnels, startRelay } from './load.js'
import type { RelayKind } from './relay-kinds.js'
import type { RawTunnel } from './sockets.js'

/** The room for new objects grows by leaps to 32 MiB, when is chance, and idle tunnels are no part of it: held to 1 MiB. */
export const SMALL_NURSERY = '--max-semi-space-size=1'

/** KiB that a relay has grown by for each of so many idle tunnels, for each of these numbers, which go up. */
export async function idleMemory(kind: RelayKind, counts: readonly number[]): Promise<number[]> {
  const relay = await startRelay(kind, [SMALL_NURSERY])
  const tunnels: RawTunnel[] = []
  try {
    // The first ones load code; more would leave room behind for those that are measured.
    for (const tunnel of await openTunnels(relay, 50)) tunnel.destroy()
    const before = await relay.helper.ask({ ask: 'memory' })
    const each: number[] = []
    for (const count of counts) {
      tunnels.push(...(await openTunnels(relay, count - tunnels.length)))
      each.push(((await relay.helper.ask({ ask: 'memory' })) - before) / count)
    }
    return each
  } finally {
    for (const tunnel of tunnels) tunnel.destroy()
    await relay.helper.end()
  }
}
