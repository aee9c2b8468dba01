import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { natsDirectory } from '../../src/adapters/nats/nats.js'
import { someContact } from '../../src/testing/directory/harness.js'
import { directoryCompliance } from '../../src/testing/directory-compliance.js'
import { hasEngine, runNats, runNatsWithoutJetStream } from './engines.js'
import type { RunningEngine } from './engines.js'
import { joined } from './joined.js'

describe.runIf(hasEngine('nats-server'))('a directory on NATS', () => {
  let engine: RunningEngine
  beforeAll(async () => {
    engine = await runNats()
  })
  afterAll(() => engine.close())

  const cases = directoryCompliance({
    makeDirectory: () => natsDirectory({ url: `nats://127.0.0.1:${engine.port}` }),
    stop: () => engine.stop(),
    start: () => engine.start(),
  })
  for (const { name, run } of cases) it(name, run)

  it('that is down at first comes up, and says why it was down', async () => {
    await engine.stop()
    const { heard, membership } = await joined(natsDirectory({ url: `nats://127.0.0.1:${engine.port}` }))
    expect(heard.seen).toEqual([
      `down tunnel-unreachable the directory nats://127.0.0.1:${engine.port}: connection refused`,
    ])
    await engine.start()
    await heard.until('up')
    await membership.leave()
  })
})

describe.runIf(hasEngine('nats-server'))('NATS', () => {
  it('without JetStream costs a warning, and calls go on', async () => {
    const engine = await runNatsWithoutJetStream()
    const directory = natsDirectory({ url: `nats://127.0.0.1:${engine.port}` })
    const [one, other] = [await joined(directory), await joined(directory)]
    await one.heard.until('up')
    await one.heard.until(/^warned capability-missing .*run nats-server with JetStream/)
    one.membership.held(one.contact)
    await one.untilAnswered(other, 'ringing')
    const revoked = someContact()
    one.membership.revoked([revoked])
    // What cannot be kept is not told again and again.
    await new Promise(resolve => setTimeout(resolve, 1500))
    expect(other.heard.seen.filter(word => word === `revoked ${revoked}`)).toHaveLength(1)
    await Promise.all([one.membership.leave(), other.membership.leave()])
    await engine.close()
  })

  it('with a password wants it, and no message shows it', async () => {
    const engine = await runNats('--user', 'someone', '--pass', 'pa55word')
    const at = `127.0.0.1:${engine.port}`
    const refused = await joined(natsDirectory({ url: `nats://someone:wr0ng@${at}` }))
    await refused.heard.until(/^down tunnel-refused .*Authorization Violation/i)
    const taken = await joined(natsDirectory({ url: `nats://someone:pa55word@${at}` }))
    await taken.heard.until('up')
    expect(refused.heard.seen.join()).not.toContain('wr0ng')
    await Promise.all([refused.membership.leave(), taken.membership.leave()])
    await engine.close()
  })
})
