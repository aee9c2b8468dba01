import { describe, expect, test } from 'vitest'
import { ceremonies, goingOn, mixed, register } from './ceremonies.js'
import { useClusters } from './clusters.js'
import { hasEngine, runNats, runRedis } from './engines.js'
import { freshKey, LinkedPhone, signIn } from './linked-phone.js'

const clusters = useClusters()

describe.runIf(hasEngine('nats-server'))('three instances and NATS', () => {
  test('calm: all of 120 ceremonies succeed', async () => {
    const cluster = await clusters.run(await runNats(), 'nats')
    const tally = await ceremonies(mixed(cluster.through, await clusters.phones(cluster, 20), 60))
    expect(tally).toEqual({ atOnce: 120, atSecond: 0, failed: [], reasons: [] })
  })

  test('two instances killed and the engine killed and started: 396 of 400 at once, all at the second try', async () => {
    const cluster = await clusters.run(await runNats(), 'nats')
    const phones = await clusters.phones(cluster, 50)
    const tally = await ceremonies(
      mixed(cluster.through, phones, 200),
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

  test('all three restarted one after the other: 99 of 100 at once, all at the second try', async () => {
    const cluster = await clusters.run(await runNats(), 'nats', { more: ['--limits=maxCallsPerMinute=1000'] })
    const phones = await clusters.phones(cluster, 50)
    const end = goingOn(mixed(cluster.through, phones, 50))
    for (const place of [0, 1, 2]) {
      await cluster.replace(place, 'SIGTERM')
      // Work comes to it before the next one goes.
      await cluster.instances[place]?.process.event('tunnel-joined')
    }
    const { atOnce, atSecond, failed, reasons } = await end()
    expect(failed).toEqual([])
    expect(atOnce + atSecond).toBeGreaterThan(150)
    expect(atOnce / (atOnce + atSecond), reasons.join('\n')).toBeGreaterThanOrEqual(0.99)
    // Every line was moved, as those of an instance that retires are.
    for (const { lost } of phones) expect(new Set(lost)).toEqual(new Set([1012]))
  })

  test('without the engine all of 60 registrations succeed, and each instance says what is wrong', async () => {
    const cluster = await clusters.run(await runNats(), 'nats')
    await cluster.engine.stop()
    for (const { process } of cluster.instances) await process.event('directory-down')
    const tally = await ceremonies(Array.from({ length: 60 }, () => () => register(cluster.through)))
    expect(tally).toEqual({ atOnce: 60, atSecond: 0, failed: [], reasons: [] })
  })

  test('a newer line closes the older, and a revoked key is gone, whichever instances they are on', async () => {
    const cluster = await clusters.run(await runNats(), 'nats')
    const { through } = cluster
    const key = freshKey()
    const lines: LinkedPhone[] = []
    // The proxy takes the instances in turn.
    for (let index = 0; index < 3; index++) lines.push(await LinkedPhone.at(through, { key }))
    for (const line of lines) clusters.closing(() => line.stop())
    await expect.poll(() => lines.map(({ lost }) => lost)).toEqual([[4409], [4409], []])
    await signIn(through, key)
    const other = await LinkedPhone.at(through, { revoked: [key] })
    clusters.closing(() => other.stop())
    await expect.poll(() => lines[2]?.lost).toEqual([4410])
    for (let index = 0; index < 6; index++) await expect(signIn(through, key)).rejects.toThrow(/410/)
    await cluster.replace(2)
    for (let index = 0; index < 6; index++) await expect(signIn(through, key)).rejects.toThrow(/410/)
  })
})

describe.runIf(hasEngine('redis-server'))('three instances and Redis', () => {
  test('calm: all of 60 ceremonies succeed', async () => {
    const cluster = await clusters.run(await runRedis(), 'redis')
    const tally = await ceremonies(mixed(cluster.through, await clusters.phones(cluster, 10), 30))
    expect(tally).toEqual({ atOnce: 60, atSecond: 0, failed: [], reasons: [] })
  })
})
