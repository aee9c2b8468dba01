import { afterEach, expect, it, vi } from 'vitest'
import type { ContactDirectory, DirectoryListener } from '../../src/ports/contact-directory.js'

afterEach(() => {
  for (const name of ['ioredis', '@nats-io/kv', '@nats-io/transport-node']) vi.doUnmock(name)
  vi.resetModules()
})

const onNats = async (): Promise<ContactDirectory> =>
  (await import('../../src/adapters/nats/nats.js')).natsDirectory({ url: 'nats://127.0.0.1:1' })
const onRedis = async (): Promise<ContactDirectory> =>
  (await import('../../src/adapters/redis/redis.js')).redisDirectory({ url: 'redis://127.0.0.1:1' })

it.each([
  ['@nats-io/transport-node', onNats],
  ['@nats-io/kv', onNats],
  ['ioredis', onRedis],
])('without %s a directory cannot be joined, and says so', async (name, make) => {
  vi.resetModules()
  vi.doMock(name, () => {
    throw new Error('not installed')
  })
  const directory = await make()
  await expect(directory.join({} as DirectoryListener)).rejects.toMatchObject({
    code: 'package-missing',
    message: expect.stringContaining(name) as unknown,
  })
})
