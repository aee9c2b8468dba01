import { describe, expect, test } from 'vitest'
import { isExcepted } from '../../src/adapters/proxy/no-proxy.js'
import { routeTo } from '../../src/adapters/proxy/route.js'

const HOST = 'cable.ua5v.com'

test.each([
  ['*', HOST, true],
  ['other, *', HOST, true],
  ['*:443', HOST, true],
  ['*:444', HOST, false],
  [HOST, HOST, true],
  ['CABLE.UA5V.COM', HOST, true],
  ['ua5v.com', HOST, true],
  ['.ua5v.com', HOST, true],
  ['*.ua5v.com', HOST, true],
  ['com', HOST, true],
  [`.${HOST}`, HOST, true],
  ['a5v.com', HOST, false],
  ['v.cable.ua5v.com', HOST, false],
  ['ua5v.com.evil.example', HOST, false],
  ['cable', HOST, false],
  ['ua5v.com:443', HOST, true],
  ['ua5v.com:8443', HOST, false],
  ['other.example,ua5v.com', HOST, true],
  ['other.example ua5v.com', HOST, true],
  [' ,, other.example\tua5v.com ,', HOST, true],
  ['other.example', HOST, false],
  ['ua5v.com.', HOST, true],
  ['ua5v.com', `${HOST}.`, true],
  ['https://ua5v.com', HOST, false],
  ['.', HOST, false],
  ['', HOST, false],
  [',', HOST, false],
  ['10.1.2.3', '10.1.2.3', true],
  ['10.1.2.3:443', '10.1.2.3', true],
  ['10.1.2.3:80', '10.1.2.3', false],
  ['10.1.2.4', '10.1.2.3', false],
  ['2.3', '10.1.2.3', false],
  ['10.0.0.0/8', '10.1.2.3', true],
  ['10.1.2.3/32', '10.1.2.3', true],
  ['10.1.2.2/31', '10.1.2.3', true],
  ['10.1.2.4/31', '10.1.2.3', false],
  ['11.0.0.0/8', '10.1.2.3', false],
  ['0.0.0.0/0', '10.1.2.3', true],
  ['10.0.0.0/33', '10.1.2.3', false],
  ['10.0.0.0/', '10.1.2.3', false],
  ['10.0.0.0/x', '10.1.2.3', false],
  ['10.0.0.0/8', HOST, false],
  ['2001:db8::1', '2001:db8::1', true],
  ['2001:DB8:0:0::1', '2001:db8::1', true],
  ['[2001:db8::1]', '2001:db8::1', true],
  ['[2001:db8::1]:443', '2001:db8::1', true],
  ['[2001:db8::1]:80', '2001:db8::1', false],
  ['2001:db8::2', '2001:db8::1', false],
  ['2001:db8::/32', '2001:db8::1', true],
  ['2001:db9::/32', '2001:db8::1', false],
  ['2001:db8::/129', '2001:db8::1', false],
  ['::/0', '10.1.2.3', false],
  ['[', HOST, false],
])('NO_PROXY=%j and %s: %j', (list, host, excepted) => {
  expect(isExcepted(list, host, 443)).toBe(excepted)
})

describe('the way', () => {
  const url = new URL(`wss://${HOST}/`)
  const proxy = undefined
  const [one, two] = ['http://one.example:3128', 'http://two.example:3128']

  test.each<[string, Record<string, string>, string | undefined]>([
    ['a variable in small letters comes first', { https_proxy: one, HTTPS_PROXY: two }, one],
    ['that for https before that for all', { all_proxy: two, HTTPS_PROXY: one }, one],
    ['an empty variable is as none', { https_proxy: '', HTTPS_PROXY: ' ', ALL_PROXY: two }, two],
    ['no_proxy before NO_PROXY', { https_proxy: one, no_proxy: 'other.example', NO_PROXY: '*' }, one],
    ['a port of its own is none that TLS has', { https_proxy: one, no_proxy: `${HOST}:80` }, one],
    ['HTTP_PROXY is for what has no TLS', { HTTP_PROXY: one, http_proxy: one }, undefined],
    [
      'a proxy without a port has that of its scheme',
      { https_proxy: 'one.example' },
      'http://one.example:80',
    ],
    ['also with TLS', { https_proxy: 'https://one.example/path?x' }, 'https://one.example:443'],
    ['and may be an address of IPv6', { https_proxy: 'http://[::1]:3128' }, 'http://[::1]:3128'],
  ])('%s', (_what, env, name) => {
    expect(routeTo(url, { proxy, env }).proxy?.name).toBe(name)
  })

  test.each(['wss://localhost/', 'wss://127.0.0.1/', 'wss://127.8.0.1:1/', 'wss://[::1]/'])(
    'to %s is direct unless a proxy is asked for',
    address => {
      const env = { HTTPS_PROXY: one }
      expect(routeTo(new URL(address), { proxy, env }).proxy).toBeUndefined()
      const asked = routeTo(url, { proxy, env }).proxy
      expect(routeTo(new URL(address), { proxy: asked, env }).proxy).toBe(asked)
    },
  )

  test('says why it is as it is', () => {
    const env = { ALL_PROXY: one }
    const reasons = [
      routeTo(url, { proxy, env: {} }),
      routeTo(url, { proxy, env }),
      routeTo(url, { proxy, env: { ...env, no_proxy: HOST } }),
      routeTo(url, { proxy: false, env }),
      routeTo(url, { proxy: routeTo(url, { proxy, env }).proxy, env }),
      routeTo(new URL('wss://localhost'), { proxy, env }),
    ].map(({ reason }) => reason)
    expect(reasons).toEqual([
      'the environment names no proxy',
      'ALL_PROXY names it',
      `no_proxy excepts ${HOST}`,
      'the proxy is turned off',
      'it was asked for',
      'the service is on this machine',
    ])
  })
})
