import { connect } from '@nats-io/transport-node'
import { describe, expect, it, vi } from 'vitest'
import { natsDirectory } from '../../src/adapters/nats/nats.js'
import { redisDirectory } from '../../src/adapters/redis/redis.js'
import { fillList } from '../support/full-list.js'
import { hasEngine, runNats, runRedis } from './engines.js'

const MAX = 3
vi.mock('../../src/adapters/directory/kept-list.js', async load => ({
  ...(await load<object>()),
  MAX_KEPT: 3,
}))

const WARNING = [expect.stringMatching(/^warned tunnel-limit .* has no room for more revoked contacts/)]

const ENGINES = [
  ['NATS', 'nats-server', 'nats', runNats, natsDirectory],
  ['Redis', 'redis-server', 'redis', runRedis, redisDirectory],
] as const

describe('a list that is full keeps what it has, tells of the rest, and warns once', () => {
  it.each(ENGINES.filter(([, program]) => hasEngine(program)))('on %s', async (_, __, scheme, run, make) => {
    const engine = await run()
    const { kept, told, warnings } = await fillList(
      () => make({ url: `${scheme}://127.0.0.1:${engine.port}` }),
      MAX,
    )
    await engine.close()
    expect(told).toHaveLength(MAX + 2)
    expect(kept).toEqual(told.slice(0, MAX))
    expect(warnings).toEqual(WARNING)
  })

  it.runIf(hasEngine('nats-server'))('on NATS, in a bucket that was made smaller', async () => {
    const engine = await runNats()
    const maker = await connect({ servers: `127.0.0.1:${engine.port}` })
    const stream = {
      name: 'KV_fh-revoked',
      subjects: ['$KV.fh-revoked.>'],
      max_msgs: 2,
      max_msgs_per_subject: 1,
    }
    const config = { ...stream, retention: 'limits', storage: 'memory', discard: 'new', num_replicas: 1 }
    await maker.request(
      `$JS.API.STREAM.CREATE.${stream.name}`,
      JSON.stringify({ ...config, allow_rollup_hdrs: true }),
    )
    await maker.close()
    const { kept, told, warnings } = await fillList(
      () => natsDirectory({ url: `nats://127.0.0.1:${engine.port}` }),
      2,
    )
    await engine.close()
    expect(kept).toEqual(told.slice(0, 2))
    expect(warnings).toEqual(WARNING)
  })
})
