import { startHelper } from '../../harness/children.js'
import type { Helper } from '../../harness/children.js'
import type { RelayKind } from './relays.js'
import { frame, openTunnel, relayedBytes } from './sockets.js'
import type { RawTunnel } from './sockets.js'

const TIME_LIMIT_MS = 300_000

/** A relay in a process of its own, and its port. */
export interface RemoteRelay {
  readonly kind: RelayKind
  readonly port: number
  readonly helper: Helper
}

/** @param execArgv more arguments for Node. */
export async function startRelay(kind: RelayKind, execArgv: readonly string[] = []): Promise<RemoteRelay> {
  const url = new URL('./relay-process.js', import.meta.url)
  const helper = startHelper(url, {
    args: [kind],
    execArgv: ['--expose-gc', ...execArgv],
    timeLimitMs: TIME_LIMIT_MS,
  })
  return { kind, helper, port: await helper.ask({ ask: 'port' }) }
}

/** What a piece of work took: on the clock, and of the relay’s processor time; µs. */
export interface Spent {
  readonly clock: number
  readonly cpu: number
}

/** Takes the time of some work that the relay has part in. */
export async function timed({ helper }: RemoteRelay, work: () => Promise<void>): Promise<Spent> {
  const cpuBefore = await helper.ask({ ask: 'cpu' })
  const start = performance.now()
  await work()
  const clock = (performance.now() - start) * 1000
  return { clock, cpu: (await helper.ask({ ask: 'cpu' })) - cpuBefore }
}

/** Opens tunnels, some at a time. A plain TCP relay pairs neighbours, so there it is one at a time. */
export async function openTunnels({ kind, port }: RemoteRelay, count: number): Promise<RawTunnel[]> {
  const atATime = kind === 'tcp' ? 1 : 25
  const tunnels: RawTunnel[] = []
  while (tunnels.length < count) {
    const some = Math.min(atATime, count - tunnels.length)
    tunnels.push(...(await Promise.all(Array.from({ length: some }, () => openTunnel(kind, port)))))
  }
  return tunnels
}

/** Sends messages from laptops to phones, a few on their way in each tunnel, until so many have arrived in all. */
export async function sendMessages(
  kind: RelayKind,
  tunnels: readonly RawTunnel[],
  { count, bytes, onTheWay }: { count: number; bytes: number; onTheWay: number },
): Promise<void> {
  const [sent, arriving] = [frame(kind, bytes), relayedBytes(kind, bytes)]
  const burst = Array.from({ length: onTheWay + 1 }, (_, times) =>
    Buffer.concat(Array.from({ length: times }, () => sent)),
  )
  const each = Math.ceil(count / tunnels.length)
  await Promise.all(tunnels.map(tunnel => stream(tunnel, each)))

  function stream({ laptop, phone }: RawTunnel, messages: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let [left, arrived] = [messages, 0]
      const send = (room: number): void => {
        const now = Math.min(room, left)
        left -= now
        if (now > 0) laptop.write(burst[now] ?? sent)
      }
      const gone = (): void => reject(new Error('the relay cut a tunnel'))
      phone.once('close', gone)
      phone.on('data', function more(chunk: Buffer) {
        const before = Math.floor(arrived / arriving)
        arrived += chunk.length
        const now = Math.floor(arrived / arriving)
        if (now < messages) return send(now - before)
        phone.off('data', more).off('close', gone)
        resolve()
      })
      send(onTheWay)
    })
  }
}
