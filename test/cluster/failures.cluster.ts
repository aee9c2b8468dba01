import { randomBytes } from 'node:crypto'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate } from '../support/certificate.js'
import type { TestCertificate } from '../support/certificate.js'
import { useCli } from '../support/cli.js'
import { clientOf, phoneOf } from '../support/service-peers.js'
import { hasEngine, runNats, runRedis } from './engines.js'
import type { RunningEngine } from './engines.js'
import { runProxy } from './haproxy.js'
import type { RunningProxy } from './haproxy.js'
import { startInstance } from './instances.js'
import type { Instance } from './instances.js'
import { freshKey, LinkedPhone, signIn, someAddress } from './linked-phone.js'

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

interface Cluster {
  readonly engine: RunningEngine
  readonly through: RunningProxy
  /** Kills an instance and starts another in its place. */
  replace(place: number): Promise<void>
  readonly instances: Instance[]
}

/** Three instances behind a proxy, with one directory. */
async function runCluster(engine: RunningEngine, scheme: string): Promise<Cluster> {
  closers.push(() => engine.close())
  const directory = `--directory=${scheme}://127.0.0.1:${engine.port}`
  const begin = async (place: number, port?: number): Promise<Instance> => {
    const instance = await startInstance(start, place, port, directory, `--instance=i${place}`)
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
    replace: async place => {
      const killed = instances[place]
      killed?.process.send('SIGKILL')
      await killed?.process.end
      instances[place] = await begin(place, killed?.port)
    },
  }
}

async function phonesOf({ through }: Cluster, count: number): Promise<readonly LinkedPhone[]> {
  const phones = await Promise.all(Array.from({ length: count }, () => LinkedPhone.at(through)))
  for (const phone of phones) closers.push(() => phone.stop())
  return phones
}

/** Both sides of a QR code meet, a message comes across, and they part. */
async function register(through: RunningProxy): Promise<void> {
  const [options, tunnel] = [{ ca: through.ca, localAddress: someAddress() }, randomBytes(16).toString('hex')]
  const phone = await phoneOf(through, options, tunnel)
  const client = await clientOf(through, phone, options, tunnel)
  client.socket.send(Buffer.from([1]))
  const gone = phone.closed.then(code => {
    throw new Error(`closed with ${code}`)
  })
  gone.catch(() => undefined)
  await Promise.race([phone.next(), gone])
  client.socket.close()
}

interface Tally {
  atOnce: number
  atSecond: number
  readonly failed: string[]
  readonly reasons: string[]
}

/** Runs ceremonies, some at a time, and tries again what fails. @param during what befalls the cluster after so many of them. */
async function ceremonies(
  all: readonly (() => Promise<void>)[],
  during: ReadonlyMap<number, () => Promise<void>> = new Map(),
): Promise<Tally> {
  const tally: Tally = { atOnce: 0, atSecond: 0, failed: [], reasons: [] }
  const blows: Promise<void>[] = []
  let next = 0
  const go = async (): Promise<void> => {
    for (let index = next++; index < all.length; index = next++) {
      const blow = during.get(index)
      if (blow !== undefined) blows.push(blow())
      await once(all[index] ?? (() => Promise.resolve()), tally)
    }
  }
  await Promise.all(Array.from({ length: 8 }, go))
  await Promise.all(blows)
  return tally
}

async function once(ceremony: () => Promise<void>, tally: Tally): Promise<void> {
  try {
    await ceremony()
    tally.atOnce += 1
  } catch (error) {
    tally.reasons.push(String(error))
    await new Promise(resolve => setTimeout(resolve, 2000))
    await ceremony().then(
      () => (tally.atSecond += 1),
      (second: unknown) => tally.failed.push(String(second)),
    )
  }
}

/** Registrations and linked sign-ins in turn. */
function mixed({ through }: Cluster, phones: readonly LinkedPhone[], pairs: number): (() => Promise<void>)[] {
  return Array.from({ length: pairs }, (_, index) => {
    const phone = phones[index % phones.length]
    return [
      () => register(through),
      () => (phone === undefined ? Promise.resolve() : signIn(through, phone.key)),
    ]
  }).flat()
}

describe.runIf(hasEngine('nats-server'))('three instances and NATS', () => {
  test('calm: all of 120 ceremonies succeed', async () => {
    const cluster = await runCluster(await runNats(), 'nats')
    const tally = await ceremonies(mixed(cluster, await phonesOf(cluster, 20), 60))
    expect(tally).toEqual({ atOnce: 120, atSecond: 0, failed: [], reasons: [] })
  })

  test('two instances killed and the engine killed and started: 396 of 400 at once, all at the second try', async () => {
    const cluster = await runCluster(await runNats(), 'nats')
    const phones = await phonesOf(cluster, 50)
    const tally = await ceremonies(
      mixed(cluster, phones, 200),
      new Map([
        [80, () => cluster.replace(0)],
        [180, () => cluster.engine.stop().then(() => cluster.engine.start())],
        [280, () => cluster.replace(1)],
      ]),
    )
    expect(tally.failed).toEqual([])
    expect(tally.atOnce, tally.reasons.join('\n')).toBeGreaterThanOrEqual(396)
    expect(tally.atOnce + tally.atSecond).toBe(400)
  })

  test('without the engine all of 60 registrations succeed, and each instance says what is wrong', async () => {
    const cluster = await runCluster(await runNats(), 'nats')
    await cluster.engine.stop()
    for (const { process } of cluster.instances) await process.event('directory-down')
    const tally = await ceremonies(Array.from({ length: 60 }, () => () => register(cluster.through)))
    expect(tally).toEqual({ atOnce: 60, atSecond: 0, failed: [], reasons: [] })
  })

  test('a newer line closes the older, and a revoked key is gone, whichever instances they are on', async () => {
    const cluster = await runCluster(await runNats(), 'nats')
    const { through } = cluster
    const key = freshKey()
    const lines: LinkedPhone[] = []
    // The proxy takes the instances in turn.
    for (let index = 0; index < 3; index++) lines.push(await LinkedPhone.at(through, key))
    for (const line of lines) closers.push(() => line.stop())
    await expect.poll(() => lines.map(({ lost }) => lost)).toEqual([[4409], [4409], []])
    await signIn(through, key)
    const other = await LinkedPhone.at(through, freshKey(), [key])
    closers.push(() => other.stop())
    await expect.poll(() => lines[2]?.lost).toEqual([4410])
    for (let index = 0; index < 6; index++) await expect(signIn(through, key)).rejects.toThrow(/410/)
    await cluster.replace(2)
    for (let index = 0; index < 6; index++) await expect(signIn(through, key)).rejects.toThrow(/410/)
  })
})

describe.runIf(hasEngine('redis-server'))('three instances and Redis', () => {
  test('calm: all of 60 ceremonies succeed', async () => {
    const cluster = await runCluster(await runRedis(), 'redis')
    const tally = await ceremonies(mixed(cluster, await phonesOf(cluster, 10), 30))
    expect(tally).toEqual({ atOnce: 60, atSecond: 0, failed: [], reasons: [] })
  })
})
