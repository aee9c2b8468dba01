import { describe, expect, test } from 'vitest'
import { eid as makeEid, qrSecret, tunnelServiceId } from '../../src/bytes/brands.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { decodeQrUrl } from '../../src/qr/url.js'
import { decodeEid } from '../../src/advert/eid.js'
import type { AuthenticatorOutput } from '../../src/session/authenticator-io.js'
import { AuthenticatorSession } from '../../src/session/authenticator-session.js'
import { qrAuthenticatorTransaction } from '../../src/session/authenticator-transaction.js'
import type { ClientOutput } from '../../src/session/client-io.js'
import { ClientSession } from '../../src/session/client-session.js'
import { qrClientTransaction } from '../../src/session/client-transaction.js'
import { fixture } from '../support/fixture.js'
import { providers } from '../support/providers.js'

interface IosTrace {
  readonly qr: { readonly secret: string; readonly clientPrivate: string; readonly url: string }
  readonly advert: { readonly serviceData: string; readonly routingId: string; readonly domain: string }
  readonly tunnelId: string
  readonly clientEphemeralPrivate: string
  readonly message1: string
  readonly message2: string
  readonly frames: readonly {
    readonly direction: string
    readonly ciphertext: string
    readonly message: string
  }[]
}

interface ChromiumSession {
  readonly name: string
  readonly session: {
    readonly qr: string
    readonly tunnelId: string
    readonly routingId: string
    readonly eidPlain: string
    readonly advert: string
    readonly phoneEphemeralPrivate: string
    readonly clientHandshake: string
    readonly phoneHandshake: string
    readonly frames: readonly { readonly from: string; readonly wire: string; readonly plain: string }[]
  }
}

const sent = (outputs: readonly (ClientOutput | AuthenticatorOutput)[]): string[] =>
  outputs.flatMap(output => (output.type === 'send' ? [encodeHex(output.bytes)] : []))

const withoutType = (message: string): Uint8Array => decodeHex(message.slice(2))

describe.each(providers)('recorded sessions on $name', crypto => {
  test('the client takes the laptop’s part in a sign-in with a real iPhone', () => {
    const trace = fixture<IosTrace>('trace-ios')
    const [introduction, request, response] = trace.frames
    const session = new ClientSession({
      transaction: qrClientTransaction({
        crypto,
        identity: crypto.importEcdhKey(decodeHex(trace.qr.clientPrivate)),
        secret: qrSecret(decodeHex(trace.qr.secret)),
      }),
      ephemeral: crypto.importEcdhKey(decodeHex(trace.clientEphemeralPrivate)),
      now: 0,
    })
    session.step({ type: 'start' }, 0)

    const heard = session.step({ type: 'advert', serviceData: decodeHex(trace.advert.serviceData) }, 1)
    const path = `/cable/connect/${trace.advert.routingId}/${trace.tunnelId}`
      .toUpperCase()
      .replace('/CABLE/CONNECT', '/cable/connect')
    expect(heard).toContainEqual({
      type: 'dial',
      request: { url: `wss://${trace.advert.domain}${path}`, subprotocol: 'fido.cable', headers: {} },
    })
    expect(sent(session.step({ type: 'tunnel-open', headers: new Map() }, 2))).toEqual([trace.message1])
    expect(session.step({ type: 'tunnel-message', bytes: decodeHex(trace.message2) }, 3)).not.toContainEqual(
      expect.objectContaining({ type: 'closed' }),
    )
    const connected = session.step(
      { type: 'tunnel-message', bytes: decodeHex(introduction?.ciphertext ?? '') },
      4,
    )
    expect(connected).toContainEqual(
      expect.objectContaining({
        type: 'connected',
        introduction: expect.objectContaining({ features: ['ctap', 'dc'] }) as unknown,
      }),
    )
    const asked = session.step({ type: 'request', message: withoutType(request?.message ?? '') }, 5)
    expect(sent(asked)).toEqual([request?.ciphertext])
    const answered = session.step({ type: 'tunnel-message', bytes: decodeHex(response?.ciphertext ?? '') }, 6)
    expect(answered).toContainEqual({ type: 'response', message: withoutType(response?.message ?? '') })
    expect(session.step({ type: 'tunnel-closed', code: 1006 }, 7)).toContainEqual({ type: 'closed' })
  })

  const { sessions } = fixture<{ sessions: readonly ChromiumSession[] }>('chromium-156')

  test.each(sessions)(
    'the authenticator takes the phone’s part with Chromium 156: $name',
    ({ session: recorded }) => {
      const { nonce, tunnelServiceId: service } = decodeEid(makeEid(decodeHex(recorded.eidPlain)))
      const [introduction, request, response, shutdown] = recorded.frames
      const session = new AuthenticatorSession({
        transaction: qrAuthenticatorTransaction({
          crypto,
          payload: decodeQrUrl(recorded.qr),
          tunnelServiceId: tunnelServiceId(service),
        }),
        ephemeral: crypto.importEcdhKey(decodeHex(recorded.phoneEphemeralPrivate)),
        advertNonce: nonce,
        getInfo: decodeHex((introduction?.plain ?? '').slice(8)),
        now: 0,
      })
      const dialled = session.step({ type: 'start' }, 0)
      expect(dialled).toContainEqual(
        expect.objectContaining({
          type: 'dial',
          request: expect.objectContaining({
            url: `wss://cable.ua5v.com/cable/new/${recorded.tunnelId.toUpperCase()}`,
          }) as unknown,
        }),
      )
      const headers = new Map([['x-cable-routing-id', [recorded.routingId]]])
      expect(session.step({ type: 'tunnel-open', headers }, 1)).toContainEqual({
        type: 'advertise',
        serviceData: decodeHex(recorded.advert),
      })
      const answer = session.step({ type: 'tunnel-message', bytes: decodeHex(recorded.clientHandshake) }, 2)
      expect(sent(answer)[0]).toBe(recorded.phoneHandshake)
      expect(answer).toContainEqual({ type: 'stop-advertising' })

      const asked = session.step({ type: 'tunnel-message', bytes: decodeHex(request?.wire ?? '') }, 3)
      expect(asked).toContainEqual({ type: 'request', message: withoutType(request?.plain ?? '') })
      const answered = session.step({ type: 'answer', message: withoutType(response?.plain ?? '') }, 4)
      expect(sent(answered)).toEqual([response?.wire])
      expect(
        session.step({ type: 'tunnel-message', bytes: decodeHex(shutdown?.wire ?? '') }, 5),
      ).toContainEqual({
        type: 'closed',
      })
    },
  )
})
