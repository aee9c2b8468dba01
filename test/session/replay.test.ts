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
import { cases, onlyCase } from '../support/cases.js'
import { providers } from '../support/providers.js'

interface RecordedFrame {
  readonly frame: string
  readonly message: string
}

interface SessionCase {
  readonly url: string
  readonly secret: string
  readonly tunnelId: string
  readonly routingId: string
  readonly message1: string
  readonly message2: string
  readonly frames: readonly RecordedFrame[]
}

type IosTrace = SessionCase &
  Readonly<Record<'clientPrivateKey' | 'clientEphemeralPrivateKey' | 'serviceData' | 'domain', string>>

type ChromiumSession = SessionCase &
  Readonly<Record<'advertPlaintext' | 'advert' | 'phoneEphemeralPrivateKey', string>>

const sent = (outputs: readonly (ClientOutput | AuthenticatorOutput)[]): string[] =>
  outputs.flatMap(output => (output.type === 'send' ? [encodeHex(output.bytes)] : []))

const withoutType = (message: string): Uint8Array => decodeHex(message.slice(2))

describe.each(providers)('recorded sessions on $name', crypto => {
  test('the client takes the laptop’s part in a sign-in with a real iPhone', () => {
    const trace = onlyCase<IosTrace>('trace-ios', 'sessions')
    const [introduction, request, response] = trace.frames
    const session = new ClientSession({
      transaction: qrClientTransaction({
        crypto,
        identity: crypto.importEcdhKey(decodeHex(trace.clientPrivateKey)),
        secret: qrSecret(decodeHex(trace.secret)),
      }),
      ephemeral: crypto.importEcdhKey(decodeHex(trace.clientEphemeralPrivateKey)),
      now: 0,
    })
    session.step({ type: 'start' }, 0)

    const heard = session.step({ type: 'advert', serviceData: decodeHex(trace.serviceData) }, 1)
    const path = `/cable/connect/${trace.routingId}/${trace.tunnelId}`
      .toUpperCase()
      .replace('/CABLE/CONNECT', '/cable/connect')
    expect(heard).toContainEqual({
      type: 'dial',
      request: { url: `wss://${trace.domain}${path}`, subprotocol: 'fido.cable', headers: {} },
    })
    expect(sent(session.step({ type: 'tunnel-open', headers: new Map() }, 2))).toEqual([trace.message1])
    expect(session.step({ type: 'tunnel-message', bytes: decodeHex(trace.message2) }, 3)).not.toContainEqual(
      expect.objectContaining({ type: 'closed' }),
    )
    const connected = session.step({ type: 'tunnel-message', bytes: decodeHex(introduction?.frame ?? '') }, 4)
    expect(connected).toContainEqual(
      expect.objectContaining({
        type: 'connected',
        introduction: expect.objectContaining({ features: ['ctap', 'dc'] }) as unknown,
      }),
    )
    const asked = session.step({ type: 'request', message: withoutType(request?.message ?? '') }, 5)
    expect(sent(asked)).toEqual([request?.frame])
    const answered = session.step({ type: 'tunnel-message', bytes: decodeHex(response?.frame ?? '') }, 6)
    expect(answered).toContainEqual({ type: 'response', message: withoutType(response?.message ?? '') })
    expect(session.step({ type: 'tunnel-closed', code: 1006 }, 7)).toContainEqual({ type: 'closed' })
  })

  const sessions = cases<ChromiumSession>('chromium-156', 'sessions')

  test.each(sessions)('the authenticator takes the phone’s part with Chromium 156: $name', recorded => {
    const { nonce, tunnelServiceId: service } = decodeEid(makeEid(decodeHex(recorded.advertPlaintext)))
    const [introduction, request, response, shutdown] = recorded.frames
    const session = new AuthenticatorSession({
      transaction: qrAuthenticatorTransaction({
        crypto,
        payload: decodeQrUrl(recorded.url),
        tunnelServiceId: tunnelServiceId(service),
      }),
      ephemeral: crypto.importEcdhKey(decodeHex(recorded.phoneEphemeralPrivateKey)),
      advertNonce: nonce,
      getInfo: decodeHex((introduction?.message ?? '').slice(8)),
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
    const answer = session.step({ type: 'tunnel-message', bytes: decodeHex(recorded.message1) }, 2)
    expect(sent(answer)[0]).toBe(recorded.message2)
    expect(answer).toContainEqual({ type: 'stop-advertising' })

    const asked = session.step({ type: 'tunnel-message', bytes: decodeHex(request?.frame ?? '') }, 3)
    expect(asked).toContainEqual({ type: 'request', message: withoutType(request?.message ?? '') })
    const answered = session.step({ type: 'answer', message: withoutType(response?.message ?? '') }, 4)
    expect(sent(answered)).toEqual([response?.frame])
    expect(
      session.step({ type: 'tunnel-message', bytes: decodeHex(shutdown?.frame ?? '') }, 5),
    ).toContainEqual({
      type: 'closed',
    })
  })
})
