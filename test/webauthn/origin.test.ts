import { describe, expect, test } from 'vitest'
import { parseOrigin } from '../../src/webauthn/origin.js'
import { resolveRpId } from '../../src/webauthn/rp-id.js'

describe('origin', () => {
  test.each([
    ['https://example.com', 'example.com'],
    ['https://login.example.com:8443', 'login.example.com'],
    ['https://xn--mnchen-3ya.de', 'xn--mnchen-3ya.de'],
    ['http://localhost', 'localhost'],
    ['http://localhost:40647', 'localhost'],
    ['http://app.localhost:3000', 'app.localhost'],
    ['https://intranet', 'intranet'],
  ])('%s', (text, host) => {
    expect(parseOrigin(text)).toEqual({ serialized: text, host })
  })

  test.each([
    '',
    'example.com',
    'http://example.com',
    'http://notlocalhost',
    'http://localhost.example.com',
    'ftp://localhost',
    'wss://example.com',
    'https://example.com/',
    'https://example.com/login',
    'https://example.com:443',
    'https://EXAMPLE.com',
    'https://user@example.com',
    'https://münchen.de',
    'https://example.com.',
    'http://localhost.',
    'https://127.0.0.1',
    'http://127.0.0.1:8080',
    'https://[::1]',
    'https://2130706433',
    'null',
    'data:text/html,x',
    'android:apk-key-hash:abc',
  ])('refuses %j', text => {
    expect(() => parseOrigin(text)).toThrow(expect.objectContaining({ code: 'origin-invalid' }))
  })

  test('tells how the origin is written', () => {
    expect(() => parseOrigin('https://EXAMPLE.com:443/x')).toThrow('https://example.com')
  })
})

describe('RP ID', () => {
  test.each([
    ['https://example.com', undefined, 'example.com'],
    ['https://login.example.com', undefined, 'login.example.com'],
    ['https://login.example.com', 'login.example.com', 'login.example.com'],
    ['https://login.example.com', 'example.com', 'example.com'],
    ['https://a.b.c.example.co.uk:444', 'c.example.co.uk', 'c.example.co.uk'],
    ['https://me.github.io', 'me.github.io', 'me.github.io'],
    ['https://login.me.github.io', 'me.github.io', 'me.github.io'],
    ['http://localhost:1', 'localhost', 'localhost'],
    ['https://intranet', 'intranet', 'intranet'],
    ['https://login.corp.internal', 'corp.internal', 'corp.internal'],
    ['https://my_host.example.com', 'example.com', 'example.com'],
  ])('%s with %j claims %s', async (origin, rpId, expected) => {
    expect(await resolveRpId(parseOrigin(origin), rpId)).toBe(expected)
  })

  test.each([
    ['https://example.com', 'login.example.com'],
    ['https://example.com', 'other.com'],
    ['https://notexample.com', 'example.com'],
    ['https://example.com', 'com'],
    ['https://example.co.uk', 'co.uk'],
    ['https://example.co.uk', 'uk'],
    ['https://me.github.io', 'github.io'],
    ['https://a.s3.amazonaws.com', 'amazonaws.com'],
    ['http://app.localhost', 'localhost'],
    ['https://login.example.com', 'EXAMPLE.com'],
    ['https://login.example.com', '.example.com'],
    ['https://login.example.com', 'example.com.'],
    ['https://login.example.com', 'ample.com'],
    ['https://login.example.com', ''],
    ['https://login.example.com', 'https://example.com'],
    ['https://login.example.com', '127.0.0.1'],
  ])('%s may not claim %j', async (origin, rpId) => {
    await expect(resolveRpId(parseOrigin(origin), rpId)).rejects.toThrow(
      expect.objectContaining({ code: 'rp-id-mismatch' }),
    )
  })
})
