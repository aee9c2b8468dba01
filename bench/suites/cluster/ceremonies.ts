import { missingProgram } from '../../harness/debian-program.js'
import type { RunningProgram } from '../../harness/debian-program.js'
import type { BenchContext } from '../../harness/group.js'
import { selfSigned } from '../connecting/certificate.js'
import { holdCeremonies } from '../service/load.js'
import { tlsDial } from '../service/tls-dial.js'
import { startInstances } from './instances.js'
import type { Instance } from './instances.js'
import { HAPROXY, runProxy } from './proxy.js'

const [COUNT, ROUNDS, MESSAGE_BYTES] = [40, 15, 256]
/** What compiles an instance’s code, without the proxy. */
const WARM_UPS = 1500
const US_PER_MS = 1000
const NAMES = ['one instance', 'two instances', 'three instances'] as const
const TITLE = 'A ceremony through HAProxy with TLS, load and all on the same cores'

/** Instances behind a proxy. */
interface Cluster {
  readonly instances: readonly Instance[]
  readonly proxy: RunningProgram
  readonly ca: string
}

/** What one ceremony takes, µs. */
interface Spent {
  readonly clock: number
  readonly instances: number
  readonly proxy: number
}

/** Ceremonies of QR codes through one, two and three instances; left out without HAProxy. */
export async function measureCeremonies(context: BenchContext): Promise<void> {
  const reason = missingProgram(HAPROXY, '-v')
  if (reason !== undefined) {
    context.omit({ name: 'cluster, ceremonies', reason })
    return
  }
  const clusters = new Map<string, Cluster>()
  try {
    for (const [index, name] of NAMES.entries()) clusters.set(name, await startCluster(index + 1))
    await measureClusters(context, clusters)
  } finally {
    for (const { instances, proxy } of clusters.values()) {
      await proxy.close()
      for (const { helper } of instances) await helper.end()
    }
  }
}

async function startCluster(count: number): Promise<Cluster> {
  const instances = await startInstances(count)
  for (const { port } of instances) await holdCeremonies({ kind: 'service', port }, batchOf(WARM_UPS))
  const certificate = await selfSigned()
  const ports = instances.map(({ port }) => port)
  return { instances, proxy: await runProxy(certificate, ports), ca: certificate.cert }
}

async function measureClusters(context: BenchContext, clusters: ReadonlyMap<string, Cluster>): Promise<void> {
  const taken = new Map<string, Spent[]>()
  const claims = NAMES.slice(1).map(of => ({ of, against: NAMES[0] }))
  await context.group({
    name: 'ceremony, clock',
    title: `${TITLE}: by the clock`,
    pace: { rounds: ROUNDS },
    claims,
    variants: Array.from(clusters, ([name, cluster]) => ({
      name,
      sample: async () => {
        const spent = await holdSome(cluster)
        taken.set(name, [...(taken.get(name) ?? []), spent])
        return spent.clock
      },
    })),
  })
  for (const [part, words] of [
    ['instances', 'all instances'],
    ['proxy', 'HAProxy'],
  ] as const)
    await context.group({
      name: `ceremony, ${part}`,
      title: `${TITLE}: processor time of ${words}`,
      pace: { rounds: ROUNDS },
      claims: part === 'instances' ? claims.map(claim => ({ ...claim, atLeast: 0.5 })) : [],
      variants: Array.from(taken, ([name, all]) => {
        const values = all.map(spent => spent[part])
        return { name, sample: () => values.shift() ?? NaN }
      }),
    })
}

async function holdSome({ instances, proxy, ca }: Cluster): Promise<Spent> {
  const before = { instances: await cpuOf(instances), proxy: proxy.cpu() }
  const start = performance.now()
  await holdCeremonies({ kind: 'service', port: proxy.port, dial: tlsDial(ca) }, batchOf(COUNT))
  const clock = (performance.now() - start) * US_PER_MS
  return {
    clock: clock / COUNT,
    instances: ((await cpuOf(instances)) - before.instances) / COUNT,
    proxy: (proxy.cpu() - before.proxy) / COUNT,
  }
}

async function cpuOf(instances: readonly Instance[]): Promise<number> {
  const all = await Promise.all(instances.map(({ helper }) => helper.ask({ ask: 'cpu' })))
  return all.reduce((sum, each) => sum + each, 0)
}

const batchOf = (count: number): { count: number; bytes: number } => ({ count, bytes: MESSAGE_BYTES })
