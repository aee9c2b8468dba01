import { describe, expect, test } from 'vitest'
import { encodeEid } from '../../src/advert/eid.js'
import { sealAdvert } from '../../src/advert/sealed-advert.js'
import { nodeCryptoProvider as crypto } from '../../src/adapters/node-crypto/node-crypto.js'
import { systemRandom } from '../../src/adapters/system/system.js'
import { rootSecret, routingId, tunnelId, tunnelServiceId } from '../../src/bytes/brands.js'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { deriveEidKey } from '../../src/crypto/derive.js'
import type { AdvertReport, BleAdvertiser } from '../../src/ports/ble.js'
import type { LinkedCall } from '../../src/ports/contact-line.js'
import type { Link } from '../../src/ports/link-store.js'
import { decodeClientPayload } from '../../src/tunnel/client-payload.js'
import type { Registered } from '../support/contact-service.js'
import { callByLink, linked, linkedLab, serving } from '../support/linked-pair.js'
import type { LinkedLab, Serving, TestClient, TestPhone } from '../support/linked-pair.js'

/** Longer than any deadline of a transaction. */
const LONG_MS = 400_000

interface Couple {
  readonly lab: LinkedLab
  readonly client: TestClient
  readonly phone: TestPhone
  readonly link: Link
}

async function couple(lab: LinkedLab = linkedLab()): Promise<Couple> {
  const [client, phone] = [lab.client(), lab.phone()]
  return { lab, client, phone, link: await linked(client, phone) }
}

/** What a call fails with, once time has passed; nothing else may change. */
async function failureOf({ lab, client, phone, link }: Couple, given: Link = link): Promise<unknown> {
  const before = [await client.links.list(), (await phone.identity.load())?.links]
  const failure = callByLink(client.client, given).catch((error: unknown) => error)
  await lab.clock.advance(LONG_MS)
  const error = await failure
  expect([await client.links.list(), (await phone.identity.load())?.links]).toEqual(before)
  return error
}

/** A phone that serves and has been called once: the call, and the line that it came by. */
async function calledOnce(): Promise<{ all: Couple; serve: Serving; first: LinkedCall; line: Registered }> {
  const all = await couple()
  const { lab, client, link } = all
  const serve = await serving(all.phone)
  await callByLink(client.client, link)
  const [first] = lab.service.contacts
  const [line] = lab.service.registered.values()
  if (first === undefined || line === undefined) throw new Error('nobody called')
  return { all, serve, first, line }
}

async function failureWith(couple: Couple, serve: Serving, given?: Link): Promise<unknown> {
  const error = await failureOf(couple, given)
  await serve.stop()
  return error
}

test('nobody is registered', async () => {
  expect(await failureOf(await couple())).toMatchObject({ code: 'tunnel-refused', status: 404 })
})

/** The phone’s identity with something else in it. */
async function impostor(
  { lab, phone }: Couple,
  changes: (identity: { rootSecret: Uint8Array }) => { rootSecret?: ReturnType<typeof rootSecret> },
): Promise<TestPhone> {
  const identity = await phone.identity.load()
  if (identity === undefined) throw new Error('the phone has no identity')
  const other = lab.phone()
  await other.identity.update(() => ({ ...identity, ...changes(identity) }))
  return other
}

test('a second phone that has the contact ID, but not the root secret, is not heard', async () => {
  const all = await couple()
  const other = await impostor(all, () => ({ rootSecret: rootSecret(systemRandom.bytes(32)) }))
  const serve = await serving(other)
  expect(await failureWith(all, serve)).toMatchObject({ code: 'advert-timeout' })
  expect(serve.events.seen.map(({ event }) => event)).toEqual(['reachable', 'call', 'failed'])
})

test('a phone that knows the link, but has another identity key, cannot answer', async () => {
  const all = await couple()
  const serve = await serving(all.phone)
  const link = { ...all.link, publicKey: crypto.generateEcdhKey().publicKey }
  expect(await failureWith(all, serve, link)).toMatchObject({ code: 'peer-closed', stage: 'handshake' })
  expect(serve.events.seen).toContainEqual(
    expect.objectContaining({
      event: 'failed',
      error: expect.objectContaining({ code: 'handshake-failed' }) as unknown,
    }),
  )
})

test('a replayed advert of the last transaction is a stranger’s', async () => {
  const all = await couple()
  const { lab, client, link } = all
  const adverts: AdvertReport[] = []
  const listening = lab.air.scanner().scan({
    started: () => undefined,
    advert: report => adverts.push(report),
    failed: () => undefined,
  })
  const serve = await serving(all.phone)
  expect(await callByLink(client.client, link)).toEqual(Uint8Array.of(0, 1))
  await serve.stop()
  await listening.stop()
  expect(adverts).toHaveLength(1)

  // The phone is in reach and says nothing; its old advert is on the air instead.
  const mute = lab.phone({ linking: { store: all.phone.identity, name: 'x' }, advertiser: MUTE })
  const silent = await serving(mute)
  const [{ serviceData } = { serviceData: new Uint8Array() }] = adverts
  const replay = lab.air
    .advertiser()
    .advertise(serviceData, { started: () => undefined, failed: () => undefined })
  expect(await failureWith(all, silent)).toMatchObject({ code: 'advert-timeout' })
  await replay.stop()
})

const MUTE: BleAdvertiser = {
  proximity: 'simulated',
  advertise: (_, listener) => {
    queueMicrotask(() => {
      listener.started()
    })
    return { stop: () => Promise.resolve() }
  },
}

test('an advert of the link’s own key leads nowhere without the phone', async () => {
  const all = await couple()
  const { lab, link } = all
  const mute = lab.phone({ linking: { store: all.phone.identity, name: 'x' }, advertiser: MUTE })
  const serve = await serving(mute)
  // Whoever stole the link from the client can make the advert, but has not the phone’s key.
  const stolen = new Promise<void>(resolve => {
    const wait = setInterval(() => {
      const [contact] = lab.service.contacts
      if (contact === undefined) return
      clearInterval(wait)
      const { clientNonce } = decodeClientPayload(contact.clientPayload)
      const eid = encodeEid({
        nonce: systemRandom.bytes(10),
        routingId: routingId(new Uint8Array(3)),
        tunnelServiceId: tunnelServiceId(0),
      })
      const advert = sealAdvert(crypto, deriveEidKey(crypto, link.linkSecret, clientNonce), eid)
      lab.air.advertiser().advertise(advert, { started: resolve, failed: () => undefined })
    })
  })
  const failing = failureOf(all)
  await stolen
  await lab.clock.advance(LONG_MS)
  expect(await failing).toMatchObject({ code: 'peer-closed', stage: 'handshake' })
  await serve.stop()
})

test('a replayed client payload is dropped and counted, and its sender told that the phone is busy', async () => {
  const { all, serve, first, line } = await calledOnce()
  const before = await all.phone.identity.load()
  const replay = { ...first, tunnelId: tunnelId(systemRandom.bytes(16)) }
  expect(await line.listener.call(replay)).toBe('busy')
  expect(await line.listener.call(replay)).toBe('busy')
  expect(await all.phone.identity.load()).toEqual(before)
  expect(await serve.stop()).toMatchObject({ served: 1, failed: 0, dropped: { replayed: 2 } })
  expect(serve.events.seen.at(-1)).toEqual({ event: 'dropped', reason: 'replayed', total: 2 })
})

test('a call that comes again is answered as before, and acted on once', async () => {
  const { serve, first, line } = await calledOnce()
  expect(await line.listener.call(first)).toBe('ringing')
  expect(await line.listener.call(first)).toBe('ringing')
  expect(await serve.stop()).toMatchObject({ served: 1, failed: 0, dropped: { replayed: 0, busy: 0 } })
})

test('a client whose call the phone does not take is told so', async () => {
  const all = await couple()
  const serve = await serving(all.phone)
  const [line] = all.lab.service.registered.values()
  if (line === undefined) throw new Error('nobody is registered')
  line.listener.call = () => 'busy'
  await expect(callByLink(all.client.client, all.link)).rejects.toMatchObject({
    code: 'phone-busy',
    status: 409,
  })
  expect(await all.client.client.links()).toEqual([all.link])
  await serve.stop()
})

test('another client’s link is of no use without its secret', async () => {
  const all = await couple()
  const { lab, link } = all
  const other = lab.client()
  const theirs = await linked(other, all.phone)
  const serve = await serving(all.phone)
  const mixed = { ...link, linkId: theirs.linkId }
  expect(await failureWith(all, serve, mixed)).toMatchObject({ code: 'advert-timeout' })
  expect(await serve.stop()).toMatchObject({ served: 0, failed: 1 })
})

describe('a link that its phone does not know', () => {
  test.each([
    [
      'was unlinked',
      ({ phone, link }: Couple) => phone.phone.unlink({ linkId: encodeBase64url(link.linkId) }),
    ],
    ['was unlinked with all others', ({ phone }: Couple) => phone.phone.unlinkAll()],
  ])('because it %s is forgotten by the client', async (_, unlink) => {
    const all = await couple()
    const { client, phone, link } = all
    const kept = await linked(client, all.lab.phone())
    await unlink(all)
    const serve = await serving(phone)
    await expect(callByLink(client.client, link)).rejects.toMatchObject({ code: 'link-gone', status: 410 })
    expect(await client.client.links()).toEqual([kept])
    await serve.stop()
  })

  test('leaves a later link of the same phone alone', async () => {
    const all = await couple()
    const later = await linked(all.client, all.phone)
    const [first] = await all.phone.phone.links()
    expect(await all.phone.phone.unlink({ linkId: first?.linkId ?? '' })).toBe(true)
    expect(await all.phone.phone.unlink({ linkId: first?.linkId ?? '' })).toBe(false)
    const serve = await serving(all.phone)
    await expect(callByLink(all.client.client, all.link)).rejects.toMatchObject({ code: 'link-gone' })
    expect(await all.client.links.list()).toEqual([later])
    expect(await callByLink(all.client.client, later)).toEqual(Uint8Array.of(0, 1))
    await serve.stop()
  })
})

test('a linked phone is not asked for digital credentials', async () => {
  const { client, link } = await couple()
  await expect(client.client.connect({ link, requestType: 'dcp' })).rejects.toMatchObject({
    code: 'argument-invalid',
  })
})
