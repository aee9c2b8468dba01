import { describe, expect, test } from 'vitest'
import { clientNonce, contactId, linkId, linkSecret } from '../../src/bytes/brands.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { ClientSession } from '../../src/session/client-session.js'
import { linkedClientTransaction } from '../../src/session/client-transaction.js'
import type { ClientInput } from '../../src/session/client-io.js'
import { fixture } from '../support/fixture.js'
import { providers } from '../support/providers.js'
import { bytesSent } from '../support/sessions.js'

interface StateAssisted {
  readonly contactUrl: string
  readonly linkId: string
  readonly linkSecret: string
  readonly clientNonce: string
  readonly header: string
  readonly advert: string
  readonly handshake: {
    readonly responderStaticPublic: string
    readonly initiatorEphemeralPrivate: string
    readonly message1: string
    readonly message2: string
  }
}

const { secrets, stateAssisted: vector } = fixture<{
  readonly secrets: { readonly contactId: string }
  readonly stateAssisted: StateAssisted
}>('linking')

const advert: ClientInput = { type: 'advert', serviceData: decodeHex(vector.advert) }
const open: ClientInput = { type: 'tunnel-open', headers: new Map() }

describe.each(providers)('a state-assisted client on $name', crypto => {
  const session = (): ClientSession =>
    new ClientSession({
      transaction: linkedClientTransaction({
        crypto,
        contactId: contactId(decodeHex(secrets.contactId)),
        linkId: linkId(decodeHex(vector.linkId)),
        linkSecret: linkSecret(decodeHex(vector.linkSecret)),
        authenticatorKey: crypto.decodePoint(decodeHex(vector.handshake.responderStaticPublic)),
        clientNonce: clientNonce(decodeHex(vector.clientNonce)),
        requestType: vector.header.endsWith('6D63') ? 'mc' : 'ga',
        tunnelUrl: new URL(vector.contactUrl).origin.replace('null', 'wss://cable.ua5v.com'),
      }),
      ephemeral: crypto.importEcdhKey(decodeHex(vector.handshake.initiatorEphemeralPrivate)),
      now: 0,
    })

  test('scans and dials at once, with the client payload in its header', () => {
    const [name = '', value = ''] = vector.header.split(': ')
    expect(session().step({ type: 'start' }, 0)).toEqual(
      expect.arrayContaining([
        { type: 'scan' },
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
    expect(sent.map(encodeHex)).toEqual([vector.handshake.message1])
    client.step({ type: 'tunnel-message', bytes: decodeHex(vector.handshake.message2) }, 2)
    expect(client.state).toBe('awaiting-post-handshake')
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
