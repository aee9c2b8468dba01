import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { engineRefused, engineUnreachable } from '../../src/adapters/directory/engine-errors.js'
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
    const { message, cause } = engineUnreachable(url, new Error('ECHO so me:pa:ss at pa:ss\nand more'))
    expect(message).toBe('the directory nats://engine.example:4222: ECHO …:… at …')
    expect(cause).toBeUndefined()
  })

  it('keeps what an engine says to 100 characters, and a code to itself', () => {
    expect(engineUnreachable(url, new Error('x'.repeat(5000))).message.length).toBeLessThan(150)
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:1'), { code: 'ECONNREFUSED' })
    expect(engineUnreachable(url, refused).message).toBe(
      'the directory nats://engine.example:4222: ECONNREFUSED',
    )
  })
})

const coded = (code: string, message = 'x'): Error => Object.assign(new Error(message), { code })

describe('what is wrong with an engine', () => {
  it.each([
    [coded('ECONNREFUSED'), 'tunnel-unreachable', 'ECONNREFUSED', /runs, and speaks TLS/],
    [undefined, 'tunnel-unreachable', 'no connection', /runs/],
    [new Error(''), 'tunnel-unreachable', 'no connection', /runs/],
    [
      coded('ERR_TLS_CERT_ALTNAME_INVALID'),
      'tunnel-untrusted',
      /ALTNAME/,
      /certificate for engine.example\./,
    ],
    [coded('SELF_SIGNED_CERT_IN_CHAIN'), 'tunnel-untrusted', /SELF_SIGNED/, /NODE_EXTRA_CA_CERTS/],
    ...['WRONGPASS no', 'NOAUTH no', 'NOPERM no', 'ERR AUTH no', 'ERR invalid password'].map(
      text => [new Error(text), 'tunnel-refused', text, /user name and password/] as const,
    ),
    ...['Authorization Violation', 'Authentication Timeout', 'User Authentication Expired'].map(
      text => [new Error(text), 'tunnel-refused', text, /token/] as const,
    ),
    [new Error('ERR other AUTH'), 'tunnel-unreachable', 'ERR other AUTH', /runs/],
  ] as const)('%s is %s', (cause, code, message, cure) => {
    const error = engineUnreachable(url, cause)
    expect(error.code).toBe(code)
    expect(error.cause).toBeUndefined()
    expect(error.message).toMatch(message)
    expect(error.cure).toMatch(cure)
  })

  it('names no contact', () => {
    const { message } = engineRefused(url, new Error(`Permissions Violation for "fh.line.${'c'.repeat(22)}"`))
    expect(message).toBe('the directory nats://engine.example:4222: Permissions Violation for "fh.line.*"')
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
