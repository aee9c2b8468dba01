import type { Socket } from 'node:net'
import { startHelper } from '../../harness/children.js'
import type { Helper } from '../../harness/children.js'
import { startProgram } from '../../harness/program.js'
import { partFrom } from './farewell.js'
import { goRelay } from './go-relay.js'
import type { RelayKind } from './relay-kinds.js'
import { frame, openTunnel, relayedBytes } from './sockets.js'
import type { Dial, RawTunnel } from './sockets.js'

const TIME_LIMIT_MS = 300_000

/** Where a relay is, perhaps behind a proxy. */
interface Address {
  readonly kind: RelayKind
  readonly port: number
  readonly dial?: Dial
}

/** A relay in a process of its own, and its port. */
export interface RemoteRelay extends Address {
  readonly helper: Helper
}

/** @param execArgv more arguments for Node. */
export async function startRelay(kind: RelayKind, execArgv: readonly string[] = []): Promise<RemoteRelay> {
  const helper = await (kind === 'go' ? startGo() : startNode(kind, execArgv))
  return { kind, helper, port: await helper.ask({ ask: 'port' }) }
}

function startNode(kind: RelayKind, execArgv: readonly string[]): Helper {
  return startHelper(new URL('./relay-process.js', import.meta.url), {
    args: [kind],
    execArgv: ['--expose-gc', ...execArgv],
    timeLimitMs: TIME_LIMIT_MS,
  })
}

async function startGo(): Promise<Helper> {
  const relay = await goRelay()
  if ('reason' in relay) throw new Error(relay.reason)
  return startProgram(relay.program, { timeLimitMs: TIME_LIMIT_MS })
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

/** Opens tunnels, some at a time. */
export async function openTunnels({ kind, port }: RemoteRelay, count: number): Promise<RawTunnel[]> {
  const tunnels: RawTunnel[] = []
  await someAtATime(kind, count, async () => void tunnels.push(await openTunnel(kind, port)))
  return tunnels
}

/** Who sends the six messages of a registration: Noise 1 and 2, getInfo, request, answer, goodbye. */
const SENDERS = ['laptop', 'phone', 'phone', 'laptop', 'phone', 'laptop'] as const

/** Ceremonies, some at a time: a tunnel is opened, joined, used for six messages and closed with close frames. */
export async function holdCeremonies(
  { kind, port, dial }: Address,
  { count, bytes }: { count: number; bytes: number },
): Promise<void> {
  await someAtATime(kind, count, async () => {
    const tunnel = await openTunnel(kind, port, dial)
    for (const sender of SENDERS) {
      const reader = sender === 'laptop' ? tunnel.phone : tunnel.laptop
      await stream(kind, [tunnel[sender], reader], { count: 1, bytes, onTheWay: 1 })
    }
    await partFrom(kind, tunnel)
  })
}

/** A plain TCP relay pairs neighbours, so there it is one at a time. */
async function someAtATime(kind: RelayKind, count: number, work: () => Promise<void>): Promise<void> {
  const atATime = kind === 'tcp' ? 1 : 25
  for (let done = 0; done < count; done += atATime)
    await Promise.all(Array.from({ length: Math.min(atATime, count - done) }, work))
}

interface Batch {
  readonly count: number
  readonly bytes: number
  /** How many messages may be on their way in a tunnel. */
  readonly onTheWay: number
}

/** Sends messages from laptops to phones, a few on their way in each tunnel, until so many have arrived in all. */
export async function sendMessages(
  kind: RelayKind,
  tunnels: readonly RawTunnel[],
  batch: Batch,
): Promise<void> {
  const each = { ...batch, count: Math.ceil(batch.count / tunnels.length) }
  await Promise.all(tunnels.map(({ laptop, phone }) => stream(kind, [laptop, phone], each)))
}

/** Sends messages one way through one tunnel. */
function stream(
  kind: RelayKind,
  [from, to]: readonly [Socket, Socket],
  { count, bytes, onTheWay }: Batch,
): Promise<void> {
  const [sent, arriving] = [frame(kind, bytes), relayedBytes(kind, bytes)]
  return new Promise((resolve, reject) => {
    let [left, arrived] = [count, 0]
    const send = (room: number): void => {
      const now = Math.min(room, left)
      left -= now
      if (now > 0) from.write(Buffer.concat(Array<Buffer>(now).fill(sent)))
    }
    const gone = (): void => reject(new Error('the relay cut a tunnel'))
    to.once('close', gone)
    to.on('data', function more(chunk: Buffer) {
      const before = Math.floor(arrived / arriving)
      arrived += chunk.length
      const now = Math.floor(arrived / arriving)
      if (now < count) return send(now - before)
      to.off('data', more).off('close', gone)
      resolve()
    })
    send(onTheWay)
  })
}
