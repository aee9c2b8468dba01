import { memoryDirectory } from 'fido-hybrid/testing'
import type { BenchContext } from '../../harness/group.js'
import { bareRequests } from './bare-requests.js'
import { callPair } from './call-pair.js'
import type { CallPair } from './call-pair.js'
import { directoryAt } from './engines.js'
import type { Engine } from './engines.js'

const [COUNT, AT_A_TIME, ROUNDS, WARM_UPS] = [500, 64, 31, 5]
/** Members check what they hear, and give an answer up after 2 s. */
const LEAST_OF_BARE = 1 / 3
const US_PER_MS = 1000

interface Spent {
  readonly clock: number
  readonly engine: number
}

interface Calling extends CallPair {
  readonly cpuOfEngine: () => number
}

/** Calls through each engine, against requests of its bare client and against calls in one process. */
export async function measureCalls(context: BenchContext, engines: readonly Engine[]): Promise<void> {
  const pairs = await pairsOver(engines)
  for (const pair of pairs.values()) for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) await callSome(pair)
  const taken = new Map<string, Spent[]>()
  await context.group({
    name: 'call',
    title: `A call to a line that another member holds, ${AT_A_TIME} at a time, both in one process`,
    pace: { rounds: ROUNDS },
    variants: Array.from(pairs, ([name, pair]) => ({
      name,
      sample: async () => {
        const spent = await callSome(pair)
        taken.set(name, [...(taken.get(name) ?? []), spent])
        return spent.clock
      },
    })),
    claims: engines.flatMap(({ name }) => [
      { of: name, against: bareName(name), atLeast: LEAST_OF_BARE },
      { of: name, against: 'memory' },
    ]),
  })
  taken.delete('memory')
  if (engines.length > 0)
    await context.group({
      name: 'call, engine',
      title: 'A call to a line that another member holds: processor time of the engine',
      pace: { rounds: ROUNDS },
      variants: Array.from(taken, ([name, all]) => {
        const values = all.map(({ engine }) => engine)
        return { name, sample: () => values.shift() ?? NaN }
      }),
      claims: engines.map(({ name }) => ({ of: name, against: bareName(name) })),
    })
  for (const pair of pairs.values()) await pair.close()
}

const bareName = (engine: string): string => `bare request, ${engine}`

async function pairsOver(engines: readonly Engine[]): Promise<ReadonlyMap<string, Calling>> {
  const memory = memoryDirectory()
  const pairs = new Map<string, Calling>()
  pairs.set('memory', { ...(await callPair(() => memory)), cpuOfEngine: () => 0 })
  for (const engine of engines) {
    const cpuOfEngine = (): number => engine.program.cpu()
    pairs.set(engine.name, { ...(await callPair(() => directoryAt(engine.url))), cpuOfEngine })
    pairs.set(bareName(engine.name), { ...(await bareRequests(engine)), cpuOfEngine })
  }
  return pairs
}

async function callSome(calling: Calling): Promise<Spent> {
  let left = COUNT
  const go = async (): Promise<void> => {
    while (left-- > 0) await calling.call()
  }
  const before = calling.cpuOfEngine()
  const start = performance.now()
  await Promise.all(Array.from({ length: AT_A_TIME }, go))
  const clock = (performance.now() - start) * US_PER_MS
  return { clock: clock / COUNT, engine: (calling.cpuOfEngine() - before) / COUNT }
}
