import { afterEach, beforeAll } from 'vitest'
import { makeCertificate } from '../support/certificate.js'
import type { TestCertificate } from '../support/certificate.js'
import { useCli } from '../support/cli.js'
import type { RunningEngine } from './engines.js'
import { runProxy } from './haproxy.js'
import type { RunningProxy } from './haproxy.js'
import { startInstance } from './instances.js'
import type { Instance } from './instances.js'
import { LinkedPhone } from './linked-phone.js'

/** Three instances behind a proxy, with one directory. */
interface Cluster {
  readonly engine: RunningEngine
  readonly through: RunningProxy
  /** Ends an instance and starts another in its place. */
  replace(place: number, signal?: NodeJS.Signals): Promise<void>
  readonly instances: Instance[]
}

interface ClusterOptions {
  /** By which port an instance reaches the engine, if not by the engine’s own. */
  readonly engineAt?: (place: number) => number
  /** More options of each instance. */
  readonly more?: readonly string[]
}

interface ClusterRunner {
  run(engine: RunningEngine, scheme: string, options?: ClusterOptions): Promise<Cluster>
  /** Phones with lines by way of the proxy. */
  phones(cluster: Cluster, count: number): Promise<readonly LinkedPhone[]>
  /** Has something closed after the test; what came last goes first. */
  closing(close: () => Promise<void>): void
}

/** Call it at the top of a test file: all that is run ends after each test. */
export function useClusters(): ClusterRunner {
  const start = useCli()
  let certificate: TestCertificate
  let closers: (() => Promise<void>)[] = []
  beforeAll(async () => {
    certificate = await makeCertificate()
  })
  afterEach(async () => {
    for (const close of closers.toReversed()) await close()
    closers = []
  })

  async function run(
    engine: RunningEngine,
    scheme: string,
    { engineAt = () => engine.port, more = [] }: ClusterOptions = {},
  ): Promise<Cluster> {
    closers.push(() => engine.close())
    const begin = async (place: number, port?: number): Promise<Instance> => {
      const directory = `--directory=${scheme}://127.0.0.1:${engineAt(place)}`
      const instance = await startInstance(start, place, port, directory, `--instance=i${place}`, ...more)
      await instance.process.event('directory-up')
      return instance
    }
    const instances = await Promise.all([0, 1, 2].map(place => begin(place)))
    const through = await runProxy(
      certificate,
      instances.map(({ port }) => port),
    )
    closers.push(() => through.close())
    return {
      engine,
      through,
      instances,
      replace: async (place, signal = 'SIGKILL') => {
        const ended = instances[place]
        ended?.process.send(signal)
        await ended?.process.end
        instances[place] = await begin(place, ended?.port)
      },
    }
  }

  return {
    run,
    phones: async ({ through }, count) => {
      const phones = await Promise.all(Array.from({ length: count }, () => LinkedPhone.at(through)))
      for (const phone of phones) closers.push(() => phone.stop())
      return phones
    },
    closing: close => {
      closers.push(close)
    },
  }
}
