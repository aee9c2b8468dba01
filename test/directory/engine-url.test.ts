import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { EngineUrl } from '../../src/adapters/directory/engine-url.js'
import { natsDirectory } from '../../src/adapters/nats/nats.js'
import { redisDirectory } from '../../src/adapters/redis/redis.js'
import { thrownBy } from '../support/thrown.js'

const url = new EngineUrl('nats://so%20me:pa%3Ass@engine.example:4222/2', ['nats:'])

describe('the URL of an engine', () => {
  it('has what its client needs', () => {
    const { host, hostname, port, user, password, path, scheme } = url
    expect({ host, hostname, port, user, password, path, scheme }).toEqual({
      host: 'engine.example:4222',
      hostname: 'engine.example',
      port: 4222,
      user: 'so me',
      password: 'pa:ss',
      path: '2',
      scheme: 'nats:',
    })
  })

  it('shows no credentials', () => {
    const shown = [String(url), inspect(url, { depth: 9, showHidden: true }), JSON.stringify(url)].join()
    expect(shown).not.toMatch(/so me|pa:ss|so%20me|pa%3Ass/)
    const { message, cause } = url.unreachable(new Error('WRONGPASS so me:pa:ss at pa:ss\nand more'))
    expect(message).toBe('the directory nats://engine.example:4222: WRONGPASS …:… at …')
    expect(cause).toBeUndefined()
  })

  it('keeps what an engine says to 100 characters, and a code to itself', () => {
    expect(url.unreachable(new Error('x'.repeat(5000))).message.length).toBeLessThan(150)
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:1'), { code: 'ECONNREFUSED' })
    expect(url.unreachable(refused).message).toBe('the directory nats://engine.example:4222: ECONNREFUSED')
  })
})

it.each([
  ['nats', () => natsDirectory({ url: 'redis://u:secret@host' })],
  ['nats', () => natsDirectory({ url: 'secret' })],
  ['nats', () => natsDirectory({ url: 'nats://%ff:secret@host' })],
  ['nats', () => natsDirectory({ url: 'nats://host', instance: 'secret name' })],
  ['redis', () => redisDirectory({ url: 'nats://u:secret@host' })],
  ['redis', () => redisDirectory({ url: 'redis://' })],
  ['redis', () => redisDirectory({ url: 'redis://host', instance: 'x'.repeat(65) })],
])('%s refuses what names no engine, and does not repeat it', (_, make) => {
  const error = thrownBy(make)
  expect(error).toMatchObject({ code: 'argument-invalid' })
  expect(String(error)).not.toContain('secret')
})
