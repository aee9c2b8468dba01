import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redisDirectory } from '../../src/adapters/redis/redis.js'
import { directoryCompliance } from '../../src/testing/directory-compliance.js'
import { hasEngine, runRedis } from './engines.js'
import type { RunningEngine } from './engines.js'
import { joined } from './joined.js'

describe.runIf(hasEngine('redis-server'))('a directory on Redis', () => {
  let engine: RunningEngine
  beforeAll(async () => {
    engine = await runRedis()
  })
  afterAll(() => engine.close())

  const cases = directoryCompliance({
    makeDirectory: () => redisDirectory({ url: `redis://127.0.0.1:${engine.port}` }),
    stop: () => engine.stop(),
    start: () => engine.start(),
  })
  for (const { name, run } of cases) it(name, run)

  it('that is down at first comes up, and says why it was down', async () => {
    await engine.stop()
    const { heard, membership } = await joined(redisDirectory({ url: `redis://127.0.0.1:${engine.port}` }))
    expect(heard.seen).toEqual([
      `down tunnel-unreachable the directory redis://127.0.0.1:${engine.port}: ECONNREFUSED`,
    ])
    await engine.start()
    await heard.until('up')
    await membership.leave()
  })

  it('with a password wants it, and no message shows it', async () => {
    const locked = await runRedis('--requirepass', 'pa55word')
    const at = `127.0.0.1:${locked.port}`
    const refused = await joined(redisDirectory({ url: `redis://:wr0ng@${at}` }))
    await refused.heard.until(/^down tunnel-refused .*WRONGPASS/)
    const taken = await joined(redisDirectory({ url: `redis://:pa55word@${at}` }))
    await taken.heard.until('up')
    expect(refused.heard.seen.join()).not.toContain('wr0ng')
    await Promise.all([refused.membership.leave(), taken.membership.leave()])
    await locked.close()
  })
})
