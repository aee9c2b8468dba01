import { describe, expect, test, vi } from 'vitest'
import { parseOrigin } from '../../src/webauthn/origin.js'
import { publicSuffixList } from '../../src/webauthn/public-suffix-list.js'
import type { PublicSuffix } from '../../src/webauthn/public-suffixes.js'
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
    expect(await resolveRpId(parseOrigin(origin), rpId, { publicSuffixes: publicSuffixList })).toBe(expected)
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
    await expect(
      resolveRpId(parseOrigin(origin), rpId, { publicSuffixes: publicSuffixList }),
    ).rejects.toThrow(expect.objectContaining({ code: 'rp-id-mismatch' }))
  })

  test.each([
    ['its own host', undefined, 'login.example.com'],
    ['its own host by name', 'login.example.com', 'login.example.com'],
  ])('without public suffixes an origin may claim %s', async (_, rpId, expected) => {
    expect(await resolveRpId(parseOrigin('https://login.example.com'), rpId)).toBe(expected)
  })

  test.each(['example.com', 'com'])('without public suffixes an origin may not claim %s', async rpId => {
    await expect(resolveRpId(parseOrigin('https://login.example.com'), rpId)).rejects.toMatchObject({
      code: 'rp-id-mismatch',
      cause: { code: 'capability-missing', message: expect.stringContaining('publicSuffixList') as string },
    })
  })

  test('without public suffixes no domain is asked for its related origins', async () => {
    const fetch = (): Promise<never> => Promise.reject(new Error('asked'))
    const related = { fetch, signal: undefined }
    await expect(
      resolveRpId(parseOrigin('https://example.de'), 'example.com', { related }),
    ).rejects.toMatchObject({ code: 'rp-id-mismatch', cause: { code: 'capability-missing' } })
  })

  test.each<[string, PublicSuffix, boolean]>([
    ['a suffix above the RP ID', { suffix: 'com', listed: true }, true],
    ['a suffix of no list above the RP ID', { suffix: 'com', listed: false }, true],
    ['the RP ID itself', { suffix: 'example.com', listed: true }, false],
    ['a suffix below the RP ID', { suffix: 'login.example.com', listed: true }, false],
    ['a suffix of another name', { suffix: 'org', listed: true }, false],
    ['half a label', { suffix: 'om', listed: true }, false],
    ['nothing', { suffix: '', listed: true }, false],
    ['an address', { suffix: null, listed: false }, false],
  ])('public suffixes of the caller that name %s decide', async (_, found, may) => {
    const claim = resolveRpId(parseOrigin('https://login.example.com'), 'example.com', {
      publicSuffixes: () => found,
    })
    await (may
      ? expect(claim).resolves.toBe('example.com')
      : expect(claim).rejects.toMatchObject({ code: 'rp-id-mismatch', cause: undefined }))
  })

  test('a label that is empty makes no domain', async () => {
    const claim = resolveRpId(parseOrigin('https://a..com'), '.com', { publicSuffixes: publicSuffixList })
    await expect(claim).rejects.toMatchObject({ code: 'rp-id-mismatch' })
  })

  test('the list is not asked about what can be no suffix of the host', async () => {
    const publicSuffixes = vi.fn(publicSuffixList)
    const claim = resolveRpId(parseOrigin('https://example.com'), 'other.com', { publicSuffixes })
    await expect(claim).rejects.toMatchObject({ code: 'rp-id-mismatch' })
    expect(publicSuffixes).not.toHaveBeenCalled()
  })
})
