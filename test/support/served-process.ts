/** A process with nothing but a tunnel service in it, for tests that look at its memory. Speaks over Node’s IPC channel. */
import { setImmediate } from 'node:timers/promises'
import { serveTunnel } from '../../src/service/tunnel-server.js'
import type {
  TunnelServerOptions,
  TunnelServiceEvent,
  TunnelServiceLoad,
} from '../../src/service/tunnel-server.js'

/** What the process says of itself. */
export interface Usage {
  /** Of heap and buffers together, after garbage collection. */
  readonly usedBytes: number
  /** The resident set of the process at its largest so far. */
  readonly peakResidentBytes: number
  /** The most that was seen at any time. */
  readonly peak: TunnelServiceLoad
  readonly load: TunnelServiceLoad
  /** What happened so far. */
  readonly events: readonly TunnelServiceEvent[]
}

const SAMPLE_MS = 2
const [options = '{}'] = process.argv.slice(2)
const events: TunnelServiceEvent[] = []
const service = await serveTunnel({
  port: 0,
  onEvent: event => events.push(event),
  ...(JSON.parse(options) as Partial<TunnelServerOptions>),
})
let peak = service.load()

function sample(): void {
  const load = service.load()
  const names = Object.keys(load) as (keyof TunnelServiceLoad)[]
  peak = Object.fromEntries(
    names.map(name => [name, Math.max(peak[name], load[name])]),
  ) as unknown as TunnelServiceLoad
}

setInterval(sample, SAMPLE_MS)

function collect(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Collects until nothing more is freed: the buffers of a closed socket are freed a turn after the socket. */
async function usedBytes(): Promise<number> {
  let used = collect()
  for (;;) {
    await setImmediate()
    const next = collect()
    if (next >= used) return used
    used = next
  }
}

async function report(): Promise<void> {
  sample()
  const used = await usedBytes()
  const peakResidentBytes = process.resourceUsage().maxRSS * 1024
  process.send?.({
    usedBytes: used,
    peakResidentBytes,
    peak,
    load: service.load(),
    events,
  } satisfies Usage)
}

process.on('message', () => void report())
process.send?.({ port: service.port })
