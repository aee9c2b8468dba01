import { describe, expect, it, onTestFinished } from 'vitest'
import { natsDirectory } from '../../src/adapters/nats/nats.js'
import { redisDirectory } from '../../src/adapters/redis/redis.js'
import { someCall, someContact } from '../../src/testing/directory/harness.js'
import { hasEngine, runNats, runRedis } from './engines.js'
import { joined } from './joined.js'

const LINES = 5000
const SOON = { timeout: 20_000 }

const ENGINES = [
  ['NATS', 'nats-server', 'nats', runNats, natsDirectory],
  ['Redis', 'redis-server', 'redis', runRedis, redisDirectory],
] as const

/** Longer than an engine may take for a command: the tick in which all this happens may be as long on a busy machine. */
const STALL_MS = 2500
const stall = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STALL_MS)

/** What Node warns of from now to the end of the test. */
function warningsOfNode(): readonly string[] {
  const warnings: string[] = []
  const hear = ({ name, message }: Error): void => void warnings.push(`${name}: ${message}`)
  process.on('warning', hear)
  onTestFinished(() => void process.off('warning', hear))
  return warnings
}

describe.each(ENGINES.filter(([, program]) => hasEngine(program)))('on %s', (_, __, scheme, run, make) => {
  it(`${LINES} phones that register at once are called, also after the engine was away`, async () => {
    const warnings = warningsOfNode()
    const engine = await run()
    const directory = make({ url: `${scheme}://127.0.0.1:${engine.port}` })
    const [one, other] = [await joined(directory), await joined(directory)]
    await Promise.all([one.heard.until('up'), other.heard.until('up')])
    const contacts = Array.from({ length: LINES }, () => someContact())
    const samples = contacts.filter((_contact, at) => at % 1000 === 999)
    const answers = (): Promise<readonly string[]> =>
      Promise.all(samples.map(contact => other.membership.call(contact, someCall())))
    const ringing = samples.map(() => 'ringing')
    for (const contact of contacts) one.membership.held(contact)
    stall()
    await expect.poll(answers, SOON).toEqual(ringing)
    expect([one.heard.seen, other.heard.seen]).toEqual([['up'], ['up']])

    await engine.stop()
    await engine.start()
    await expect.poll(answers, SOON).toEqual(ringing)
    for (const contact of contacts) one.membership.dropped(contact)
    await expect.poll(answers, SOON).toEqual(samples.map(() => 'unknown'))
    expect(one.heard.seen.map(word => word.split(' ')[0])).toEqual(['up', 'down', 'up'])
    await Promise.all([one.membership.leave(), other.membership.leave()])
    await engine.close()
    expect(warnings).toEqual([])
  })
})
