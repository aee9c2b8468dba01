import { openTunnels, startRelay } from './load.js'
import type { RelayKind } from './relays.js'
import type { RawTunnel } from './sockets.js'

/** KiB that a relay has grown by for each of so many idle tunnels, for each of these numbers, which go up. */
export async function idleMemory(kind: RelayKind, counts: readonly number[]): Promise<number[]> {
  const relay = await startRelay(kind)
  const tunnels: RawTunnel[] = []
  try {
    // The first ones load code and make room.
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
