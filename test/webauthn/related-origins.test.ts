import { describe, expect, test } from 'vitest'
import { turn } from '../../src/async/turn.js'
import { LocalClient } from '../../src/index.js'
import { VirtualClock } from '../../src/testing/virtual-clock.js'
import { parseRegistration } from '../../src/webauthn/create.js'
import { parseAuthentication } from '../../src/webauthn/get.js'
import { parseOrigin } from '../../src/webauthn/origin.js'
import { publicSuffixList } from '../../src/webauthn/public-suffix-list.js'
import type { DocumentRequest, FetchDocument, RelatedOrigins } from '../../src/webauthn/related-origins.js'
import { resolveRpId } from '../../src/webauthn/rp-id.js'
import type { RpIdRules } from '../../src/webauthn/rp-id.js'
import { createPair } from '../support/pair.js'
import { createTestPhone } from '../support/virtual-phone.js'

const origin = 'https://login.example.co.uk'
const JSON_HEADERS = { 'content-type': 'application/json' }

/** A web with one document everywhere. */
const web =
  (
    body: ConstructorParameters<typeof Response>[0],
    init: ResponseInit = { headers: JSON_HEADERS },
  ): FetchDocument =>
  () =>
    Promise.resolve(new Response(body, init))

const listing = (...origins: readonly unknown[]): FetchDocument => web(JSON.stringify({ origins }))

const rulesOf = (related: RelatedOrigins): RpIdRules => ({ publicSuffixes: publicSuffixList, related })

const claim = (fetch: FetchDocument, rpId = 'example.com', from = origin): Promise<string> =>
  resolveRpId(parseOrigin(from), rpId, rulesOf({ fetch, signal: undefined }))

/** Different names that somebody registered. */
const strangers = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `https://stranger${index}.com`)

describe('related origins', () => {
  test.each<[string, readonly string[]]>([
    ['alone', [origin]],
    ['among others', [...strangers(4), origin]],
    ['behind others of one name', [...Array<string>(20).fill('https://stranger.org'), origin]],
    ['behind its own name', ['https://example.de', ...strangers(9), origin]],
    ['behind what is no origin', ['', 'x', 'https://', 'https://localhost', 'https://127.0.0.1', origin]],
    ['with a path, which does not count', [`${origin}/login?x#y`]],
  ])('takes one that is listed %s', async (_, origins) => {
    expect(await claim(listing(...origins))).toBe('example.com')
  })

  test.each<[string, readonly string[]]>([
    ['not listed', ['https://example.co.uk', `${origin}:8443`, `http://login.example.co.uk`]],
    ['listed behind five other names', [...strangers(5), origin]],
    ['not listed, for nobody is', []],
  ])('refuses one that is %s', async (_, origins) => {
    await expect(claim(listing(...origins))).rejects.toThrow(
      expect.objectContaining({ code: 'rp-id-mismatch' }),
    )
  })

  test.each<[string, FetchDocument]>([
    ['that is not there', web('{}', { status: 404, headers: JSON_HEADERS })],
    [
      'of another type',
      web(JSON.stringify({ origins: [origin] }), { headers: { 'content-type': 'text/html' } }),
    ],
    ['of no type', () => Promise.resolve({ status: 200, headers: { get: () => null }, body: null })],
    ['without a body', web(null)],
    ['that is no JSON', web('origins')],
    ['that is no UTF-8', web(Uint8Array.of(0xff))],
    ['that is no object', web('[]')],
    ['without origins', web('{}')],
    ['whose origins are no list', web('{"origins":"https://login.example.co.uk"}')],
    ['whose origins are no text', listing(origin, 7)],
    ['of more than 256 KiB', listing(origin, 'x'.repeat(262_144))],
    ['that never ends', web(endless())],
    ['that cannot be reached', () => Promise.reject(new TypeError('fetch failed'))],
  ])('a document %s lists none', async (_, fetch) => {
    await expect(claim(fetch)).rejects.toThrow(expect.objectContaining({ code: 'rp-id-mismatch' }))
  })

  test('a type may have parameters, and be written large', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' }
    expect(await claim(web(JSON.stringify({ origins: [origin] }), { headers }))).toBe('example.com')
  })

  test('asks once, over https, without following or telling', async () => {
    const asked: [string, DocumentRequest][] = []
    const { signal } = new AbortController()
    const fetch: FetchDocument = (url, request) => {
      asked.push([url, request])
      return listing(origin)(url, request)
    }
    const options = { challenge: 'AQID', rpId: 'example.com' }
    expect((await parseAuthentication(options, { origin }, rulesOf({ fetch, signal }))).rpId).toBe(
      'example.com',
    )
    const request = { redirect: 'error', credentials: 'omit', referrerPolicy: 'no-referrer', signal }
    expect(asked).toEqual([['https://example.com/.well-known/webauthn', request]])
  })

  test.each([
    [origin, undefined],
    [origin, origin.slice('https://'.length)],
    [origin, 'example.co.uk'],
  ])('%s may claim %j without asking', async (from, rpId) => {
    const fetch: FetchDocument = () => Promise.reject(new Error('asked'))
    expect(await resolveRpId(parseOrigin(from), rpId, rulesOf({ fetch, signal: undefined }))).toMatch(
      /example\.co\.uk$/,
    )
  })

  test.each([
    ...['com', 'co.uk', 'github.io', 'localhost', '127.0.0.1', '[::1]', '', '.', 'example.com:8443'],
    ...[
      'printer.local',
      'nas.lan',
      'router.internal',
      'x.localhost',
      'box.home.arpa',
      'site.test',
      'intranet',
    ],
    ...[
      '192.168.1.1',
      '[fe80::1]',
      'example.com/x',
      'user@example.com',
      'EXAMPLE.com',
      'example.com?',
      'exa mple.com',
      'x#example.com',
    ],
  ])('nobody is asked about %j', async rpId => {
    let asked = false
    const fetch: FetchDocument = (url, request) => {
      asked = true
      return listing(origin)(url, request)
    }
    await expect(claim(fetch, rpId)).rejects.toThrow(expect.objectContaining({ code: 'rp-id-mismatch' }))
    expect(asked).toBe(false)
  })

  test('giving up while asking is not reported as a mismatch', async () => {
    const controller = new AbortController()
    const fetch: FetchDocument = () => {
      controller.abort()
      return Promise.reject(new Error('aborted'))
    }
    const creation = {
      rp: { id: 'example.com', name: 'Example' },
      user: { id: 'AQ', name: 'ada', displayName: '' },
      challenge: 'AQID',
      pubKeyCredParams: [],
    }
    const rules = rulesOf({ fetch, signal: controller.signal })
    await expect(parseRegistration(creation, { origin }, rules)).rejects.toThrow(
      expect.objectContaining({ code: 'aborted' }),
    )
  })
})

/** A byte now, and the next one never. */
const dribbling: FetchDocument = () =>
  Promise.resolve(
    new Response(new ReadableStream({ start: controller => controller.enqueue(Uint8Array.of(0x7b)) }), {
      headers: JSON_HEADERS,
    }),
  )

describe('a list of related origins that does not end', () => {
  const request = { challenge: 'AQID', rpId: 'example.com' }
  const settings = { origin, fetchRelatedOrigins: dribbling }

  test.each([999, 1000])('ends with the ceremony, after %i ms of 1000', async elapsed => {
    const { clock, client } = createPair()
    const outcome = outcomeOf(
      client.get(request, { ...settings, onQr: () => undefined, timeouts: { ceremonyMs: 1000 } }),
    )
    await turn()
    await clock.advance(elapsed)
    await turn()
    expect(outcome.failure).toMatchObject(
      elapsed < 1000 ? {} : { name: 'NotAllowedError', code: 'request-timeout' },
    )
    expect(outcome.failure === undefined).toBe(elapsed < 1000)
  })

  test('also ends with the ceremony on this device', async () => {
    const clock = new VirtualClock(0)
    const client = new LocalClient({ authenticator: createTestPhone().phone, clock })
    const outcome = outcomeOf(client.get(request, { ...settings, ceremonyMs: 1000 }))
    while (clock.pending === 0) await turn()
    await clock.advance(1000)
    await turn()
    expect(outcome.failure).toMatchObject({ name: 'NotAllowedError', code: 'request-timeout' })
  })

  test('ends when the caller gives up, even if fetch does not listen', async () => {
    const stop = new AbortController()
    const { client } = createPair()
    const signingIn = client.get(request, { ...settings, onQr: () => undefined, signal: stop.signal })
    await turn()
    stop.abort()
    await expect(signingIn).rejects.toMatchObject({ name: 'AbortError', code: 'aborted' })
  })
})

interface Outcome {
  failure: unknown
}

function outcomeOf(ceremony: Promise<unknown>): Outcome {
  const outcome: Outcome = { failure: undefined }
  ceremony.catch((error: unknown) => (outcome.failure = error))
  return outcome
}

/** Comes in pieces, for as long as somebody reads. */
function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: controller => {
      controller.enqueue(new Uint8Array(65_536).fill(0x20))
    },
  })
}
