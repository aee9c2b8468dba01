import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { contactId, handshakeHash, linkId, linkSecret } from '../../src/bytes/brands.js'
import { cborMap } from '../../src/cbor/value.js'
import type { CborKey, CborMap, CborValue } from '../../src/cbor/value.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import type { EcdhKey } from '../../src/crypto/provider.js'
import { openLink, sealLink } from '../../src/linking/link-offer.js'
import type { LinkOffer } from '../../src/linking/link-offer.js'
import { decodeMessage, encodeMessage } from '../../src/message/message.js'
import { encodePostHandshake } from '../../src/message/post-handshake.js'
import type { ClientInput, ClientOutput } from '../../src/session/client-io.js'
import type { ClientSession } from '../../src/session/client-session.js'
import { countingProvider } from '../support/counting-provider.js'
import { GET_INFO } from '../support/pair.js'
import {
  authenticatorSession,
  bytesSent,
  clientIdentity,
  clientSession,
  clientWithPhone,
  phoneAtHandshake,
} from '../support/sessions.js'

const phoneKey = (): EcdhKey => nobleProvider.importEcdhKey(new Uint8Array(32).fill(7))
const offer = (): LinkOffer => ({
  contactId: contactId(new Uint8Array(32).fill(1)),
  linkId: linkId(new Uint8Array(8).fill(2)),
  linkSecret: linkSecret(new Uint8Array(32).fill(3)),
  name: 'Ada’s phone',
  identity: phoneKey(),
})

interface Linking {
  readonly session: ClientSession
  readonly says: (message: Uint8Array) => ClientInput
  /** The linking map of this session’s phone. */
  readonly map: CborMap
}

function meet(asksForLink = true, crypto = nobleProvider): Linking {
  const { session, says, handshakeHash } = clientWithPhone(
    encodePostHandshake({ getInfo: GET_INFO }),
    clientSession({ asksForLink, crypto, identity: crypto.importEcdhKey(CLIENT_PRIVATE) }),
  )
  return { session, says, map: sealLink(nobleProvider, offer(), clientIdentity().publicKey, handshakeHash) }
}

/** Of `clientIdentity`. */
const CLIENT_PRIVATE = new Uint8Array(32).fill(1)

const REQUEST: ClientInput = { type: 'request', message: Uint8Array.of(1) }
const ANSWER = encodeMessage({ type: 'ctap', payload: Uint8Array.of(0) })
const update = (linking: CborMap | undefined): Uint8Array =>
  encodeMessage(linking === undefined ? { type: 'update' } : { type: 'update', linking })
const linkOutputs = (outputs: readonly ClientOutput[]): readonly ClientOutput[] =>
  outputs.filter(({ type }) => type === 'link' || type === 'not-linked')

function changed(map: CborMap, key: CborKey, value: CborValue | undefined): CborMap {
  const copy = [...map].filter(([name]) => name !== key)
  return cborMap(value === undefined ? copy : [...copy, [key, value]])
}

const flipped = (bytes: unknown): Uint8Array =>
  bytes instanceof Uint8Array ? bytes.with(0, (bytes[0] ?? 0) ^ 1) : new Uint8Array()

/** A whole session of one request, with updates at one place: before it, before the answer, or after that. */
function run(
  { session, says }: Linking,
  place: number,
  updates: readonly Uint8Array[],
): readonly ClientOutput[] {
  // Frames are sealed when it is their turn.
  const turns = [() => REQUEST, () => says(ANSWER), () => ({ type: 'close' }) as const]
  return turns.flatMap((input, turn) => [
    ...(turn === place ? updates.flatMap(bytes => session.step(says(bytes), turn)) : []),
    ...session.step(input(), turn),
  ])
}

const PLACES = [0, 1, 2]
const RESPONSE: ClientOutput = { type: 'response', message: Uint8Array.of(0) }

describe('a client that asks for a link', () => {
  test.each(PLACES)('takes it at place %i', place => {
    const phone = meet()
    const outputs = run(phone, place, [update(phone.map)])
    expect(linkOutputs(outputs)).toEqual([
      {
        type: 'link',
        link: {
          contactId: offer().contactId,
          linkId: offer().linkId,
          linkSecret: offer().linkSecret,
          publicKey: phoneKey().publicKey,
          name: 'Ada’s phone',
          tunnelServiceId: 0,
        },
      },
    ])
    expect(outputs).toContainEqual(RESPONSE)
    expect(inspect(outputs)).toContain("linkSecret: '[redacted]'")
  })

  test('goes on without a link when the update has none', () => {
    const outputs = run(meet(), 0, [
      update(undefined),
      encodeMessage({ type: 'update' }, { padUpdate: true }),
    ])
    expect(linkOutputs(outputs)).toEqual([])
    expect(outputs).toContainEqual(RESPONSE)
  })

  test.each(PLACES)('takes a link after an update without a link, at place %i', place => {
    const phone = meet()
    expect(linkOutputs(run(phone, place, [update(undefined), update(phone.map)]))).toMatchObject([
      { type: 'link' },
    ])
  })

  const bad: [string, (map: CborMap) => Uint8Array, string][] = [
    ['is not CBOR', () => Uint8Array.of(2, 0xff), 'message-malformed'],
    ['has a link that is no map', () => Uint8Array.of(2, 0xa1, 1, 1), 'message-malformed'],
    ['has an empty link', () => update(cborMap([])), 'linking-malformed'],
    ['has no contact ID', map => update(changed(map, 1, undefined)), 'linking-malformed'],
    ['has a short link ID', map => update(changed(map, 2, new Uint8Array(7))), 'linking-malformed'],
    ['has a long link secret', map => update(changed(map, 3, new Uint8Array(33))), 'linking-malformed'],
    ['has a point off the curve', map => update(changed(map, 4, flipped(map.get(4)))), 'linking-malformed'],
    [
      'claims the key of another phone',
      map => update(changed(map, 4, nobleProvider.generateEcdhKey().publicKey)),
      'linking-malformed',
    ],
    ['has a long name', map => update(changed(map, 5, 'x'.repeat(257))), 'linking-malformed'],
    ['has a tampered signature', map => update(changed(map, 6, flipped(map.get(6)))), 'linking-malformed'],
  ]

  test.each(bad.flatMap(([what, make, code]) => PLACES.map(place => [what, place, make, code] as const)))(
    'refuses one that %s, at place %i, and loses no answer',
    (_, place, make, code) => {
      const phone = meet()
      const outputs = run(phone, place, [make(phone.map)])
      expect(linkOutputs(outputs)).toMatchObject([{ type: 'not-linked', error: { code } }])
      expect(outputs).toContainEqual(RESPONSE)
      expect(outputs).toContainEqual({ type: 'closed' })
    },
  )

  test('refuses a link that was signed for another session', () => {
    const session = handshakeHash(new Uint8Array(32))
    const strange = sealLink(nobleProvider, offer(), clientIdentity().publicKey, session)
    expect(linkOutputs(run(meet(), 0, [update(strange)]))).toMatchObject([
      { type: 'not-linked', error: { code: 'linking-malformed' } },
    ])
  })

  test('looks at one linking map and no more, be it good or bad', () => {
    const { crypto, counts } = countingProvider(nobleProvider)
    const phone = meet(true, crypto)
    const bad = update(changed(phone.map, 6, flipped(phone.map.get(6))))
    const before = counts.ecdh
    const outputs = run(phone, 1, [...Array.from({ length: 50 }, () => bad), update(phone.map)])
    expect(linkOutputs(outputs)).toHaveLength(1)
    expect(counts.ecdh - before).toBe(1)
    const again = meet(true, crypto)
    const twice = run(again, 1, [update(again.map), update(again.map), Uint8Array.of(2, 0xff)])
    expect(linkOutputs(twice)).toMatchObject([{ type: 'link' }])
  })
})

test.each(PLACES)('a client that does not ask for a link drops the map unread, at place %i', place => {
  const { crypto, counts } = countingProvider(nobleProvider)
  const phone = meet(false, crypto)
  const before = counts.ecdh
  const outputs = run(phone, place, [update(phone.map), Uint8Array.of(2, 0xff)])
  expect(linkOutputs(outputs)).toEqual([])
  expect(outputs).toContainEqual(RESPONSE)
  expect(counts.ecdh).toBe(before)
})

describe('a phone', () => {
  /** What it says at once after message 2, opened; and how long each frame is. */
  function introduce(...args: Parameters<typeof authenticatorSession>): {
    frames: Uint8Array[]
    outputs: string[]
  } {
    const { session, message1, finish } = phoneAtHandshake(authenticatorSession(...args))
    const outputs = session.step({ type: 'tunnel-message', bytes: message1 }, 2)
    const [message2 = new Uint8Array(), ...frames] = bytesSent(outputs)
    const traffic = finish(message2)
    opened = frames.map(frame => traffic.open(frame))
    hash = traffic.handshakeHash
    return {
      frames,
      outputs: outputs.flatMap(output => (output.type === 'progress' ? [output.event] : [])),
    }
  }
  let opened: Uint8Array[] = []
  let hash = handshakeHash(new Uint8Array(32))

  test('sends an update of the same size whether or not it links, and in the same flight', () => {
    const linking = introduce({}, { sendsUpdate: true, supportsLinking: true, link: offer() })
    const [, update = new Uint8Array()] = opened
    expect(update).toHaveLength(512)
    const message = decodeMessage(update)
    if (message.type !== 'update' || message.linking === undefined) throw new Error('no link')
    expect(openLink(nobleProvider, clientIdentity(), message.linking, hash).linkSecret).toEqual(
      offer().linkSecret,
    )
    const silent = introduce({}, { sendsUpdate: true, supportsLinking: true })
    expect(decodeMessage(opened[1] ?? new Uint8Array())).toEqual({ type: 'update' })
    expect(silent.frames.map(({ length }) => length)).toEqual(linking.frames.map(({ length }) => length))
    expect(linking.frames).toHaveLength(2)
    expect([linking.outputs.includes('linked'), silent.outputs.includes('linked')]).toEqual([true, false])
  })

  test('never offers a link that was not asked for', () => {
    const { outputs } = introduce({}, { sendsUpdate: true, supportsLinking: false, link: offer() })
    expect(decodeMessage(opened[1] ?? new Uint8Array())).toEqual({ type: 'update' })
    expect(outputs).not.toContain('linked')
  })

  test('of the habit never sends no updates', () => {
    expect(introduce({}, { supportsLinking: true, link: offer() }).frames).toHaveLength(1)
  })

  test('forgets the keys of its offer with the session', () => {
    const link = offer()
    const session = authenticatorSession({}, { sendsUpdate: true, supportsLinking: true, link })
    session.step({ type: 'close' }, 0)
    expect(link.linkSecret).toEqual(linkSecret(new Uint8Array(32)))
    expect(() => link.identity.sharedSecret(clientIdentity().publicKey)).toThrow('destroyed')
  })
})
