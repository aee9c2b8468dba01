import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { encodePhoneFrame, LINE_KEY_BYTES, lineKey } from 'fido-hybrid/wire'
import type { Helper } from '../../harness/children.js'
import type { BenchContext } from '../../harness/group.js'
import { startRelay } from '../service/load.js'
import { maskedMessage, openLeg } from '../service/sockets.js'
import type { Engine } from './engines.js'
import { SMALL_NURSERY } from '../service/memory.js'
import { startInstances } from './instances.js'

const [LINES, ROUNDS] = [4000, 3]
const BARE = 'bare WebSocket that waits'
/** The first ones load code. */
const WARM_UPS = 50
const AT_A_TIME = 50
const BETWEEN_MS = 20

interface Spent {
  /** KiB. */
  readonly memory: number
  /** Processor time of the instance, µs. */
  readonly cpu: number
}

/** What an instance takes for a line, alone and with a directory, against a bare WebSocket. */
export async function measureLines(context: BenchContext, engines: readonly Engine[]): Promise<void> {
  const ways = new Map<string, () => Promise<Spent>>([
    [BARE, bareLines],
    ['line, no directory', () => phoneLines()],
    ...engines.map(({ name, url }) => [`line, directory on ${name}`, () => phoneLines(url)] as const),
  ])
  const cpu = new Map<string, number[]>()
  const lines = [...ways.keys()].slice(1)
  await context.group({
    name: 'line',
    title: `Memory of an instance for each of ${LINES} phones on their lines`,
    unit: 'KiB',
    pace: { rounds: ROUNDS },
    variants: Array.from(ways, ([name, way]) => ({
      name,
      sample: async () => {
        const spent = await way()
        cpu.set(name, [...(cpu.get(name) ?? []), spent.cpu])
        return spent.memory
      },
    })),
    claims: lines.map((of, index) => ({ of, against: BARE, atMost: index === 0 ? 2 : 2.6 })),
  })
  await context.group({
    name: 'line, opened',
    title: 'A line opened: processor time of the instance, which has just begun',
    pace: { rounds: ROUNDS },
    variants: Array.from(cpu, ([name, values]) => ({ name, sample: () => values.shift() ?? NaN })),
    claims: lines.map(of => ({ of, against: BARE, measure: 'cost' })),
  })
}

/** @param directory address of an engine. */
async function phoneLines(directory?: string): Promise<Spent> {
  const [instance] = await startInstances(1, { directory, execArgv: [SMALL_NURSERY] })
  if (instance === undefined) throw new Error('there is no instance')
  const { helper, port } = instance
  const open = async (): Promise<Socket> => {
    const { socket } = await openLeg('service', port, '/cable/register')
    const key = lineKey(new Uint8Array(randomBytes(LINE_KEY_BYTES)))
    socket.write(maskedMessage(encodePhoneFrame({ type: 'register', key, revoked: [] })))
    return socket
  }
  return growth(helper, open, async wanted => {
    while ((await helper.ask({ ask: 'phones' })) !== wanted) await pause(BETWEEN_MS)
  })
}

async function bareLines(): Promise<Spent> {
  const { helper, port } = await startRelay('ws', [SMALL_NURSERY])
  const open = async (): Promise<Socket> => {
    const { socket } = await openLeg('ws', port, `/cable/new/${randomBytes(16).toString('hex')}`)
    return socket
  }
  return growth(helper, open, () => Promise.resolve())
}

async function growth(
  helper: Helper,
  open: () => Promise<Socket>,
  untilThere: (lines: number) => Promise<void>,
): Promise<Spent> {
  const sockets: Socket[] = []
  const openUntil = async (count: number): Promise<void> => {
    while (sockets.length < count) {
      const some = Math.min(AT_A_TIME, count - sockets.length)
      sockets.push(...(await Promise.all(Array.from({ length: some }, open))))
    }
    await untilThere(count)
  }
  try {
    await openUntil(WARM_UPS)
    const before = { memory: await helper.ask({ ask: 'memory' }), cpu: await helper.ask({ ask: 'cpu' }) }
    await openUntil(WARM_UPS + LINES)
    const cpu = (await helper.ask({ ask: 'cpu' })) - before.cpu
    const memory = (await helper.ask({ ask: 'memory' })) - before.memory
    return { memory: memory / LINES, cpu: cpu / LINES }
  } finally {
    for (const socket of sockets) socket.destroy()
    await helper.end()
  }
}
