import { beforeEach, describe, expect, test } from 'vitest'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { linkId } from '../../src/bytes/brands.js'
import type { PhoneLinkEvent } from '../../src/authenticator/phone-links.js'
import type { ProgressEvent } from '../../src/driver/progress.js'
import { MemoryPhoneIdentityStore } from '../../src/adapters/stores/memory-phone-identity-store.js'
import type { IssuedLink } from '../../src/ports/phone-identity-store.js'
import { sampleIdentity } from '../support/link-samples.js'
import { callByLink, linked, linkedLab, meetByQr, serving } from '../support/linked-pair.js'
import type { LinkedLab, TestClient, TestPhone } from '../support/linked-pair.js'

const LINKS_MAX = 256
const UNCONFIRMED_MAX = 16
const GIVE_UP_MS = 300_000

/** The one that was used least lately is in the middle. */
const GOOD: readonly IssuedLink[] = Array.from({ length: LINKS_MAX }, (_, at) => ({
  linkId: linkId(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, at)),
  linkedAt: 1000 + at,
  lastUsedAt: at === 128 ? 1_000_000 : 1_000_001 + at,
}))
const LEAST_USED = encodeBase64url(GOOD[128]?.linkId ?? new Uint8Array())
const GOOD_IDS = GOOD.map(link => encodeBase64url(link.linkId))

let lab: LinkedLab
let client: TestClient
let phone: TestPhone
let told: PhoneLinkEvent[]
beforeEach(async () => {
  lab = linkedLab()
  told = []
  const identity = new MemoryPhoneIdentityStore()
  await identity.update(() => sampleIdentity(1, { links: GOOD }))
  const linking = {
    store: identity,
    name: 'Ada’s phone',
    onEvent: (event: PhoneLinkEvent) => told.push(event),
  }
  client = lab.client()
  phone = { ...lab.phone({ linking }), identity }
})

async function listed(): Promise<{ good: readonly string[]; unconfirmed: number }> {
  const links = await phone.phone.links()
  return {
    good: links.filter(link => link.unconfirmed !== true).map(link => link.linkId),
    unconfirmed: links.filter(link => link.unconfirmed === true).length,
  }
}

/** One side gives up at this step of its own, if it comes to it. @returns whether it did. */
async function giveUpAt(role: ProgressEvent['role'], step: ProgressEvent['event']): Promise<boolean> {
  const ends = { client: new AbortController(), authenticator: new AbortController() }
  let hasCome = false
  let served: Promise<unknown> = Promise.resolve()
  const onProgress = (event: ProgressEvent): void => {
    if (event.role !== role || event.event !== step) return
    hasCome = true
    ends[role].abort()
  }
  const meeting = client.client
    .connect({
      onProgress,
      signal: ends.client.signal,
      onQr: qr => {
        const scan = {
          source: 'camera',
          remember: true,
          onProgress,
          signal: ends.authenticator.signal,
        } as const
        served = phone.phone.scan(qr.url, scan)
        served.catch(() => undefined)
      },
    })
    .then(connection => connection.call(Uint8Array.of(1)))
  const ended = Promise.allSettled([meeting])
  await lab.clock.advance(GIVE_UP_MS)
  await ended
  await served.catch(() => undefined)
  return hasCome
}

describe('a phone whose list of links is full', () => {
  test.each([
    ['authenticator', 'advertising'],
    ['authenticator', 'tunnel-connecting'],
    ['authenticator', 'tunnel-connected'],
    ['authenticator', 'handshake'],
    ['authenticator', 'linked'],
    ['authenticator', 'connected'],
    ['authenticator', 'request-received'],
    ['client', 'advert-seen'],
    ['client', 'tunnel-connected'],
    ['client', 'handshake'],
    ['client', 'connected'],
    ['client', 'linked'],
    ['client', 'request-sent'],
  ] as const)('loses none to a scan that ends when the %s is at %s', async (role, step) => {
    expect(await giveUpAt(role, step)).toBe(true)
    const { good, unconfirmed } = await listed()
    expect(good).toEqual(GOOD_IDS)
    expect(unconfirmed).toBeLessThan(2)
    expect(told).toEqual([])
  })

  test('keeps a new one in the place of the least used, and tells it', async () => {
    const link = await linked(client, phone)
    const { good, unconfirmed } = await listed()
    const kept = GOOD_IDS.filter(id => id !== LEAST_USED)
    expect({ good, unconfirmed }).toEqual({ good: [...kept, encodeBase64url(link.linkId)], unconfirmed: 0 })
    expect(told).toEqual([
      { event: 'evicted', link: { linkId: LEAST_USED, linkedAt: 1128, lastUsedAt: 1_000_000 } },
    ])
  })

  test('confirms a link whose scan failed when its client uses it', async () => {
    await giveUpAt('client', 'linked')
    const [link] = await client.links.list()
    if (link === undefined) throw new Error('the client kept no link')
    expect(await listed()).toEqual({ good: GOOD_IDS, unconfirmed: 1 })
    const server = await serving(phone)
    await callByLink(client.client, link)
    await server.stop()
    const { good, unconfirmed } = await listed()
    expect([good.length, good.at(-1), unconfirmed]).toEqual([LINKS_MAX, encodeBase64url(link.linkId), 0])
    expect(told.map(event => event.link.linkId)).toEqual([LEAST_USED])
  })

  test('keeps only the newest of those that are not confirmed', async () => {
    for (let scan = 0; scan < UNCONFIRMED_MAX + 2; scan++) await giveUpAt('authenticator', 'linked')
    expect(await listed()).toEqual({ good: GOOD_IDS, unconfirmed: UNCONFIRMED_MAX })
  })

  test('loses no link to a listener that throws', async () => {
    const identity = phone.identity
    const broken = (): never => {
      throw new Error('broken')
    }
    const other = {
      ...lab.phone({ linking: { store: identity, name: 'Ada’s phone', onEvent: broken } }),
      identity,
    }
    await meetByQr(client, other)
    expect((await listed()).good).toHaveLength(LINKS_MAX)
  })
})
