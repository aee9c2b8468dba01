import { describe, expect, test } from 'vitest'
import {
  clientNonce,
  contactId,
  linkId,
  linkSecret,
  psk as makePsk,
  routingId,
  tunnelId,
  tunnelServiceId,
} from '../../src/bytes/brands.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { cborMap } from '../../src/cbor/value.js'
import { answerHandshake } from '../../src/handshake/authenticator-handshake.js'
import { encodeMessage } from '../../src/message/message.js'
import { encodePostHandshake } from '../../src/message/post-handshake.js'
import { AuthenticatorSession } from '../../src/session/authenticator-session.js'
import { linkedAuthenticatorTransaction } from '../../src/session/authenticator-transaction.js'
import { ClientSession } from '../../src/session/client-session.js'
import { linkedClientTransaction } from '../../src/session/client-transaction.js'
import type { ClientInput } from '../../src/session/client-io.js'
import { onlyCase } from '../support/cases.js'
import { GET_INFO } from '../support/pair.js'
import { providers } from '../support/providers.js'
import { bytesSent } from '../support/sessions.js'

type Hex<Name extends string> = Readonly<Record<Name, string>>

const vector = onlyCase<
  Hex<
    | 'contactUrl'
    | 'contactId'
    | 'linkId'
    | 'linkSecret'
    | 'clientNonce'
    | 'header'
    | 'advertPlaintext'
    | 'psk'
    | 'advert'
  >
>('linking', 'stateAssisted')
const handshake = onlyCase<
  Hex<
    | 'responderStaticPrivateKey'
    | 'responderStaticPublicKey'
    | 'responderEphemeralPrivateKey'
    | 'initiatorEphemeralPrivateKey'
    | 'message1'
    | 'message2'
  >
>('linking', 'handshakes')

const advert: ClientInput = { type: 'advert', serviceData: decodeHex(vector.advert) }
const open: ClientInput = { type: 'tunnel-open', headers: new Map() }

/** Every order of a few things. */
function permutations<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map(rest => [item, ...rest]))
}

describe.each(providers)('a state-assisted client on $name', crypto => {
  const session = (): ClientSession =>
    new ClientSession({
      transaction: linkedClientTransaction({
        crypto,
        contactId: contactId(decodeHex(vector.contactId)),
        linkId: linkId(decodeHex(vector.linkId)),
        linkSecret: linkSecret(decodeHex(vector.linkSecret)),
        authenticatorKey: crypto.decodePoint(decodeHex(handshake.responderStaticPublicKey)),
        clientNonce: clientNonce(decodeHex(vector.clientNonce)),
        requestType: vector.header.endsWith('6D63') ? 'mc' : 'ga',
        tunnelUrl: new URL(vector.contactUrl).origin.replace('null', 'wss://cable.ua5v.com'),
      }),
      ephemeral: crypto.importEcdhKey(decodeHex(handshake.initiatorEphemeralPrivateKey)),
      now: 0,
    })

  test('scans and dials at once, with the client payload in its header', () => {
    const [name = '', value = ''] = vector.header.split(': ')
    expect(session().step({ type: 'start' }, 0)).toEqual(
      expect.arrayContaining([
        { type: 'start-ble-scan' },
        {
          type: 'dial',
          request: { url: vector.contactUrl, subprotocol: 'fido.cable', headers: { [name]: value } },
        },
      ]),
    )
  })

  test.each([
    ['advert, then tunnel', [advert, open]],
    ['tunnel, then advert', [open, advert]],
    [
      'stray and repeated adverts between',
      [{ ...advert, serviceData: new Uint8Array(20) }, advert, advert, open],
    ],
  ] satisfies [string, ClientInput[]][])('speaks once both are there: %s', (_, inputs) => {
    const client = session()
    client.step({ type: 'start' }, 0)
    const sent = inputs.flatMap(input => bytesSent(client.step(input, 1)))
    expect(sent.map(encodeHex)).toEqual([handshake.message1])
    client.step({ type: 'tunnel-message', bytes: decodeHex(handshake.message2) }, 2)
    expect(client.state).toBe('awaiting-post-handshake')
  })

  const orders = permutations<[string, ClientInput]>([
    ['advert', advert],
    ['tunnel', open],
    ['stray', { ...advert, serviceData: new Uint8Array(20) }],
    ['advert again', advert],
  ])

  test.each(orders.map(order => [order.map(([name]) => name).join(', '), order] as const))(
    'message 1 leaves once, when both are there: %s',
    (_, order) => {
      const client = session()
      client.step({ type: 'start' }, 0)
      const sentAt = order.flatMap(([, input], turn) => bytesSent(client.step(input, turn)).map(() => turn))
      const names = order.map(([name]) => name.replace(' again', ''))
      expect(sentAt).toEqual([Math.max(names.indexOf('advert'), names.indexOf('tunnel'))])
    },
  )

  test('never takes a link: there is no key of a QR code to verify it with', () => {
    const client = session()
    client.step({ type: 'start' }, 0)
    const identity = crypto.importEcdhKey(decodeHex(handshake.responderStaticPrivateKey))
    const [message1 = new Uint8Array()] = [advert, open].flatMap(input => bytesSent(client.step(input, 1)))
    const { message2, traffic } = answerHandshake(
      {
        crypto,
        transaction: 'state-assisted',
        identity,
        psk: makePsk(decodeHex(vector.psk)),
        ephemeral: crypto.generateEcdhKey(),
      },
      message1,
    )
    const linking = cborMap([[1, new Uint8Array(32)]])
    const says = [
      encodePostHandshake({ getInfo: GET_INFO }),
      encodeMessage({ type: 'update', linking }),
      Uint8Array.of(2, 0xff),
    ]
    const outputs = [message2, ...says.map(message => traffic.seal(message))].flatMap(bytes =>
      client.step({ type: 'tunnel-message', bytes }, 2),
    )
    expect(outputs.map(({ type }) => type)).toEqual(['deadline', 'progress', 'connected', 'deadline'])
    expect(client.state).toBe('awaiting-request')
  })

  test('a message before the advert is a violation', () => {
    const client = session()
    client.step({ type: 'start' }, 0)
    client.step(open, 1)
    expect(client.step({ type: 'tunnel-message', bytes: new Uint8Array(81) }, 2)).toContainEqual(
      expect.objectContaining({
        type: 'closed',
        error: expect.objectContaining({ code: 'message-unexpected' }) as unknown,
      }),
    )
  })
})

describe.each(providers)('a state-assisted phone on $name', crypto => {
  const plaintext = decodeHex(vector.advertPlaintext)
  const phone = (): AuthenticatorSession =>
    new AuthenticatorSession({
      transaction: linkedAuthenticatorTransaction({
        crypto,
        linkSecret: linkSecret(decodeHex(vector.linkSecret)),
        clientNonce: clientNonce(decodeHex(vector.clientNonce)),
        routingId: routingId(plaintext.slice(11, 14)),
        tunnelId: tunnelId(new Uint8Array(16).fill(0xab)),
        identity: crypto.importEcdhKey(decodeHex(handshake.responderStaticPrivateKey)),
        tunnelServiceId: tunnelServiceId(1),
      }),
      ephemeral: crypto.importEcdhKey(decodeHex(handshake.responderEphemeralPrivateKey)),
      advertNonce: plaintext.slice(1, 11),
      getInfo: GET_INFO,
      now: 0,
    })

  test('joins the tunnel that it was called to', () => {
    const url = `wss://cable.auth.com/cable/connect/000001/${'AB'.repeat(16)}`
    expect(phone().step({ type: 'start' }, 0)).toContainEqual({
      type: 'dial',
      request: { url, subprotocol: 'fido.cable', headers: {} },
    })
  })

  test('advertises, answers and introduces itself as the vectors say, without an update', () => {
    const session = phone()
    session.step({ type: 'start' }, 0)
    const serviceData = decodeHex(vector.advert)
    expect(session.step(open, 1)).toContainEqual({ type: 'advertise', serviceData })
    const sent = bytesSent(session.step({ type: 'tunnel-message', bytes: decodeHex(handshake.message1) }, 2))
    expect(sent.slice(0, 1).map(encodeHex)).toEqual([handshake.message2])
    expect(sent).toHaveLength(2)
  })

  test.each([
    ['a wrong identity key', { responderStaticPrivateKey: handshake.responderEphemeralPrivateKey }],
    ['message 1 of another advert', { message1: `${handshake.message1.slice(0, -2)}00` }],
  ])('refuses %s', (_, changes) => {
    const { message1, responderStaticPrivateKey } = { ...handshake, ...changes }
    const transaction = linkedAuthenticatorTransaction({
      crypto,
      linkSecret: linkSecret(decodeHex(vector.linkSecret)),
      clientNonce: clientNonce(decodeHex(vector.clientNonce)),
      routingId: routingId(plaintext.slice(11, 14)),
      tunnelId: tunnelId(new Uint8Array(16)),
      identity: crypto.importEcdhKey(decodeHex(responderStaticPrivateKey)),
      tunnelServiceId: tunnelServiceId(1),
    })
    const eid = transaction.makeEid(new Map(), plaintext.slice(1, 11))
    expect(encodeHex(eid)).toBe(vector.advertPlaintext)
    const answer = (): unknown =>
      transaction.answerHandshake(eid, decodeHex(message1), crypto.generateEcdhKey())
    expect(answer).toThrow(expect.objectContaining({ code: 'handshake-failed' }) as Error)
  })
})
