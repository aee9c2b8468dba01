import type { BenchContext, Suite } from '../harness/group.js'
import { holdCeremonies, openTunnels, sendMessages, startRelay, timed } from './service/load.js'
import type { RemoteRelay, Spent } from './service/load.js'
import { RELAY_NAMES as NAMES, relayKinds } from './service/relay-kinds.js'
import type { RelayKind } from './service/relay-kinds.js'
import type { RawTunnel } from './service/sockets.js'

const MESSAGE_BYTES = 256
const TUNNELS = 16
/** How many messages of a tunnel are on their way: one after the other, or in bursts that can leave in one write. */
const BURSTS = [1, 4]
const [WARM_UPS, ROUNDS] = [30, 31]

/** Messages, tunnels and ceremonies, against ten lines around `ws`, a Go relay and a TCP relay; each in a process of its own. */
export const measure: Suite = async context => {
  const relays: RemoteRelay[] = []
  try {
    for (const kind of await relayKinds(context)) relays.push(await startRelay(kind))
    for (const onTheWay of BURSTS) await measureMessages(context, relays, onTheWay)
    await measureTunnels(context, relays)
    await measureCeremonies(context, relays)
  } finally {
    for (const relay of relays) await relay.helper.end()
  }
}

async function measureMessages(
  context: BenchContext,
  relays: readonly RemoteRelay[],
  onTheWay: number,
): Promise<void> {
  const count = context.quick ? 200 : 2000
  const batch = { count, bytes: MESSAGE_BYTES, onTheWay }
  const opened: RawTunnel[] = []
  const samplers = new Map<RelayKind, () => Promise<Spent>>()
  for (const relay of relays) {
    const tunnels = await openTunnels(relay, TUNNELS)
    await sendMessages(relay.kind, tunnels, batch)
    opened.push(...tunnels)
    samplers.set(relay.kind, () => timed(relay, () => sendMessages(relay.kind, tunnels, batch)))
  }
  await measureBoth(context, samplers, count, {
    name: `message, ${onTheWay} on the way`,
    title: `A message of ${MESSAGE_BYTES} B through the relay, ${TUNNELS} tunnels busy, ${onTheWay} on the way in each`,
  })
  for (const tunnel of opened) tunnel.destroy()
}

async function measureTunnels(context: BenchContext, relays: readonly RemoteRelay[]): Promise<void> {
  const count = context.quick ? 20 : 100
  const openAndCut = async (relay: RemoteRelay): Promise<void> => {
    for (const tunnel of await openTunnels(relay, count)) tunnel.destroy()
  }
  await measureBoth(context, await warmedUp(context, relays, openAndCut), count, {
    name: 'tunnel',
    title: 'A tunnel opened on both sides and cut',
  })
}

async function measureCeremonies(context: BenchContext, relays: readonly RemoteRelay[]): Promise<void> {
  const count = context.quick ? 20 : 100
  const batch = { count, bytes: MESSAGE_BYTES }
  const samplers = await warmedUp(context, relays, relay => holdCeremonies(relay, batch))
  await measureBoth(context, samplers, count, {
    name: 'ceremony',
    title: 'A tunnel opened, joined, used for six messages and closed',
  })
}

async function warmedUp(
  context: BenchContext,
  relays: readonly RemoteRelay[],
  work: (relay: RemoteRelay) => Promise<void>,
): Promise<ReadonlyMap<RelayKind, () => Promise<Spent>>> {
  const warmUps = context.quick ? 1 : WARM_UPS
  for (const relay of relays) for (let warmUp = 0; warmUp < warmUps; warmUp++) await work(relay)
  return new Map(relays.map(relay => [relay.kind, () => timed(relay, () => work(relay))]))
}

/** Two groups out of the same rounds: what the clock says, and what the relay’s processor time says. */
async function measureBoth(
  context: BenchContext,
  samplers: ReadonlyMap<RelayKind, () => Promise<Spent>>,
  count: number,
  { name, title }: { name: string; title: string },
): Promise<void> {
  const cpu = new Map<RelayKind, number[]>()
  const claims = [
    { of: NAMES.service, against: NAMES.ws, atLeast: 0.9 },
    { of: NAMES.service, against: NAMES.go },
    { of: NAMES.service, against: NAMES.tcp },
  ]
  const { rounds } = await context.group({
    name: `${name}, clock`,
    title: `${title}: by the clock`,
    claims,
    ...(!context.quick && { pace: { rounds: ROUNDS } }),
    variants: Array.from(samplers, ([kind, sampler]) => ({
      name: NAMES[kind],
      sample: async () => {
        const spent = await sampler()
        cpu.set(kind, [...(cpu.get(kind) ?? []), spent.cpu / count])
        return spent.clock / count
      },
    })),
  })
  await context.group({
    name: `${name}, processor`,
    title: `${title}: processor time of the relay`,
    claims,
    pace: { rounds },
    variants: Array.from(cpu, ([kind, values]) => ({
      name: NAMES[kind],
      sample: () => values.shift() ?? NaN,
    })),
  })
}
