/** A process that registers passkeys through one tunnel service and says what became of them, over Node’s IPC channel. */
import { setImmediate, setTimeout as delay } from 'node:timers/promises'
import { wsDialer } from '../../src/adapters/ws/ws.js'
import { serveTunnel } from '../../src/service/tunnel-server.js'
import type { TunnelServer, TunnelServiceLoad } from '../../src/service/tunnel-server.js'
import { FaultPlan } from './fault-plan.js'
import { TOO_LONG_BYTES } from './faulty-dialer.js'
import { register } from './registration.js'
import type { End, Soak } from './registration.js'

/** What the process holds when nothing is under way. */
export interface Sample {
  readonly registrations: number
  /** Heap and buffers after garbage collection. */
  readonly usedBytes: number
  /** Sockets, servers and timers. */
  readonly resources: number
  readonly load: TunnelServiceLoad
}

export interface SoakReport {
  readonly ends: Readonly<Record<End, number>>
  readonly codes: Readonly<Record<string, number>>
  readonly faults: Readonly<Record<string, number>>
  readonly moments: number
  readonly cpuSeconds: number
  readonly samples: readonly Sample[]
}

const LANES = 12
const SAMPLES = 5
const ONE_IN = 100
/** Sockets that are closing, and delays of faults whose registration is over, take a moment. */
const SETTLING_TURNS = 2000

const MICROS = 1e6

const [count = '', seed = ''] = process.argv.slice(2)
const TOTAL = Number(count)

const service = await serveTunnel({ port: 0, limits: { maxMessageBytes: TOO_LONG_BYTES / 2 } })
const plan = new FaultPlan(Number(seed), ONE_IN)
const soak: Soak = { dialer: wsDialer(), tunnelUrl: service.url, plan }
const ends: Record<End, number> = { completed: 0, failed: 0, torn: 0 }
const codes: Record<string, number> = {}
const samples: Sample[] = []

for (let part = 1; part <= SAMPLES; part++) {
  await registerMany(Math.floor((TOTAL * part) / SAMPLES))
  samples.push(await sample(service))
}
await service.close()
const { user, system } = process.cpuUsage()
const report: SoakReport = {
  cpuSeconds: (user + system) / MICROS,
  ends,
  codes,
  faults: Object.fromEntries(plan.met),
  moments: plan.moments,
  samples,
}
process.send?.(report, () => process.disconnect())

function done(): number {
  return ends.completed + ends.failed + ends.torn
}

/** A bounded number at a time, until there are so many altogether. */
async function registerMany(total: number): Promise<void> {
  let begun = done()
  const lane = async (): Promise<void> => {
    while (begun++ < total) {
      const ended = await register(soak)
      ends[ended.end] += 1
      for (const code of ended.codes) codes[code] = (codes[code] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

async function sample(server: TunnelServer): Promise<Sample> {
  for (let turn = 0; turn < SETTLING_TURNS && isBusy(server); turn++) await delay(1)
  globalThis.gc?.()
  await setImmediate()
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  const resources = process.getActiveResourcesInfo().filter(name => /TCP|Timeout|TLS/.test(name)).length
  return { registrations: done(), usedBytes: heapUsed + external, resources, load: server.load() }
}

function isBusy(server: TunnelServer): boolean {
  const open = process.getActiveResourcesInfo()
  return server.load().connections > 0 || open.some(name => name === 'TCPSocketWrap' || name === 'Timeout')
}
