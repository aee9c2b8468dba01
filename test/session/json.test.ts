import { describe, expect, test } from 'vitest'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { qrSecret, tunnelServiceId } from '../../src/bytes/brands.js'
import { encodeUtf8 } from '../../src/bytes/utf8.js'
import { decodeJson, JSON_LIMITS } from '../../src/message/json.js'
import { encodeMessage } from '../../src/message/message.js'
import { encodePostHandshake } from '../../src/message/post-handshake.js'
import { carriedFor } from '../../src/qr/request-type.js'
import { decodeQrUrl } from '../../src/qr/url.js'
import type { AuthenticatorInput, AuthenticatorOutput } from '../../src/session/authenticator-io.js'
import { AuthenticatorSession } from '../../src/session/authenticator-session.js'
import { qrAuthenticatorTransaction } from '../../src/session/authenticator-transaction.js'
import type { ClientInput, ClientOutput } from '../../src/session/client-io.js'
import { ClientSession } from '../../src/session/client-session.js'
import { qrClientTransaction } from '../../src/session/client-transaction.js'
import { cases, onlyCase } from '../support/cases.js'
import { closedWith, endOf } from '../support/outcome.js'
import { GET_INFO } from '../support/pair.js'
import { providers } from '../support/providers.js'
import {
  authenticatorSession,
  bytesSent,
  clientSession,
  clientWithPhone,
  phoneWithClient,
} from '../support/sessions.js'
import type { Played } from '../support/sessions.js'

type Hex<Name extends string> = Readonly<Record<Name, string>>

const FILE = 'worked-example'
const worked = {
  ...onlyCase<Hex<'secret' | 'nonce' | 'routingId' | 'advert'>>(FILE, 'adverts'),
  ...onlyCase<
    Hex<
      'clientPrivateKey' | 'clientEphemeralPrivateKey' | 'phoneEphemeralPrivateKey' | 'message1' | 'message2'
    >
  >(FILE, 'handshakes'),
}
const codes = cases<{ url: string; requestType: string; channels?: number[] }>(FILE, 'qr')
const [, WITH_GET_INFO, WITHOUT_GET_INFO] = cases<{ message: string; getInfo?: string }>(
  FILE,
  'introductions',
).map(({ message, getInfo }) => ({ message: decodeHex(message), getInfo: decodeHex(getInfo ?? '') }))
const [introduction, request, response, goodbye, goodbyeOf33] = cases<{ frame: string; text?: string }>(
  FILE,
  'frames',
).map(({ frame: bytes, text = '' }) => ({ frame: bytes, text }))
if (introduction === undefined || request === undefined || response === undefined) throw new Error('frames')
if (goodbye === undefined || goodbyeOf33 === undefined) throw new Error('no goodbyes')
if (WITH_GET_INFO === undefined || WITHOUT_GET_INFO === undefined) throw new Error('introductions')
const json = (text: string): Uint8Array => encodeMessage({ type: 'json', text })
const ctap = Uint8Array.of(1, 0)
const frame = (hex: string): ClientInput & AuthenticatorInput => ({
  type: 'tunnel-message',
  bytes: decodeHex(hex),
})
const sent = (outputs: readonly (ClientOutput | AuthenticatorOutput)[]): string[] =>
  bytesSent(outputs).map(encodeHex)

/** A client that came for a digital credential, and has met a phone. */
const digitalClient = (said = WITHOUT_GET_INFO.message): ReturnType<typeof clientWithPhone> =>
  clientWithPhone(said, clientSession({}, { carries: 'json' }))

/** A phone with a wallet whose client came for a digital credential. */
const digitalPhone = (): Played<AuthenticatorSession, AuthenticatorInput> =>
  phoneWithClient(authenticatorSession({ features: ['ctap', 'dc'], carries: 'json' }))

describe.each(providers)('the worked example on $name', crypto => {
  test('is exactly what the client sends and takes', () => {
    const session = new ClientSession({
      transaction: qrClientTransaction({
        crypto,
        identity: crypto.importEcdhKey(decodeHex(worked.clientPrivateKey)),
        secret: qrSecret(decodeHex(worked.secret)),
      }),
      ephemeral: crypto.importEcdhKey(decodeHex(worked.clientEphemeralPrivateKey)),
      carries: 'json',
      now: 0,
    })
    session.step({ type: 'start' }, 0)
    session.step({ type: 'advert', serviceData: decodeHex(worked.advert) }, 1)
    expect(sent(session.step({ type: 'tunnel-open', headers: new Map() }, 2))).toEqual([worked.message1])
    session.step(frame(worked.message2), 3)
    expect(session.step(frame(introduction.frame), 4)).toContainEqual(
      expect.objectContaining({ type: 'connected' }),
    )
    const asked = session.step({ type: 'json-request', text: request.text }, 5)
    expect(sent(asked)).toEqual([request.frame])
    expect(session.step(frame(response.frame), 6)).toContainEqual({
      type: 'json-response',
      value: JSON.parse(response.text) as unknown,
    })
    expect(sent(session.step({ type: 'close' }, 7))).toEqual([goodbye.frame])
  })

  test.each(codes.filter(({ requestType }) => requestType === 'dcp'))(
    'is what the phone sends and takes: $name',
    ({ url }) => {
      const payload = decodeQrUrl(url)
      const session = new AuthenticatorSession({
        transaction: qrAuthenticatorTransaction({ crypto, payload, tunnelServiceId: tunnelServiceId(0) }),
        ephemeral: crypto.importEcdhKey(decodeHex(worked.phoneEphemeralPrivateKey)),
        advertNonce: decodeHex(worked.nonce),
        getInfo: WITH_GET_INFO.getInfo,
        features: ['ctap', 'dc'],
        carries: carriedFor(payload.requestType),
        now: 0,
      })
      session.step({ type: 'start' }, 0)
      const headers = new Map([['x-cable-routing-id', [worked.routingId]]])
      expect(session.step({ type: 'tunnel-open', headers }, 1)).toContainEqual({
        type: 'advertise',
        serviceData: decodeHex(worked.advert),
      })
      const opened = session.step(frame(worked.message1), 2)
      expect(sent(opened)).toEqual([worked.message2, introduction.frame])
      expect(session.step(frame(request.frame), 3)).toContainEqual({
        type: 'json-request',
        value: JSON.parse(request.text) as unknown,
      })
      const answered = session.step({ type: 'json-answer', text: response.text }, 4)
      expect(sent(answered)).toEqual([response.frame])
      const end = session.step(frame(goodbye.frame), 5)
      expect(end.map(({ type }) => type)).toEqual(['goodbye', 'progress', 'closed', 'deadline'])
    },
  )
})

describe('a client that came for a digital credential', () => {
  test.each<[string, Uint8Array]>([
    ['without getInfo', WITHOUT_GET_INFO.message],
    [
      'with a getInfo that nobody reads',
      encodePostHandshake({ getInfo: Uint8Array.of(0xff), features: ['ctap', 'dc'] }),
    ],
    ['with features that it does not know', encodePostHandshake({ features: ['dc', 'pxp'] })],
  ])('takes an introduction %s', (_, introduction) => {
    const { session, outputs } = digitalClient(introduction)
    expect(outputs.map(({ type }) => type)).toContain('connected')
    expect(session.state).toBe('awaiting-json-request')
  })

  test.each<[string, string, Uint8Array]>([
    ['passkeys only', 'feature-missing', encodePostHandshake({ getInfo: GET_INFO })],
    [
      'passkeys only, and says so',
      'feature-missing',
      encodePostHandshake({ getInfo: GET_INFO, features: ['ctap'] }),
    ],
    ['nothing', 'feature-missing', encodePostHandshake({ features: [] })],
    ['what has another case', 'feature-missing', encodePostHandshake({ features: ['DC'] })],
    [
      'passkeys without getInfo',
      'post-handshake-malformed',
      encodePostHandshake({ features: ['ctap', 'dc'] }),
    ],
  ])('leaves a phone that offers %s before it sends anything: %s', (_, code, introduction) => {
    const { outputs } = digitalClient(introduction)
    expect(endOf(outputs)).toEqual(closedWith(code))
    expect(bytesSent(outputs)).toEqual([])
  })

  test.each<[string, string, Uint8Array]>([
    ['answers before it was asked', 'message-unexpected', json('{}')],
    ['speaks CTAP2 before it was asked', 'message-unexpected', ctap],
    ['says goodbye before it was asked', 'peer-closed', Uint8Array.of(0)],
  ])('meets a phone that %s: %s', (_, code, message) => {
    const { session, says } = digitalClient()
    expect(endOf(session.step(says(message), 5))).toEqual(closedWith(code))
  })

  test.each<[string, string, Uint8Array]>([
    ['CTAP2', 'message-unexpected', ctap],
    ['what is not JSON', 'message-malformed', json('{')],
    ['what is not UTF-8', 'message-malformed', Uint8Array.of(3, 0x22, 0xff, 0x22)],
    ['what is nested too deep', 'message-malformed', json('['.repeat(JSON_LIMITS.maxDepth + 1))],
    ['nothing', 'message-malformed', json('')],
  ])('meets a phone that answers with %s: %s', (_, code, message) => {
    const { session, says } = digitalClient()
    session.step({ type: 'json-request', text: '{}' }, 5)
    expect(endOf(session.step(says(message), 6))).toEqual(closedWith(code))
  })

  test('takes updates at any time, and one answer', () => {
    const { session, says } = digitalClient()
    const update = says(encodeMessage({ type: 'update' }))
    expect(endOf(session.step(update, 5))).toBeUndefined()
    session.step({ type: 'json-request', text: '{}' }, 6)
    expect(endOf(session.step(says(encodeMessage({ type: 'update' })), 7))).toBeUndefined()
    expect(session.step(says(json('null')), 8)).toContainEqual({ type: 'json-response', value: null })
    expect(endOf(session.step(says(encodeMessage({ type: 'update' })), 9))).toBeUndefined()
    expect(endOf(session.step(says(json('null')), 10))).toEqual(closedWith('message-unexpected'))
  })

  test('takes JSON of a mebibyte frame, and says goodbye', () => {
    const { session, says } = digitalClient()
    session.step({ type: 'json-request', text: '{}' }, 5)
    const text = JSON.stringify('x'.repeat(JSON_LIMITS.maxBytes - 2))
    const input = says(json(text))
    // One byte more of JSON makes a frame of 1 048 592, and 1 MiB is 1 048 576.
    expect(input.type === 'tunnel-message' && input.bytes.length).toBe(1_048_560)
    expect(session.step(input, 6)).toContainEqual({ type: 'json-response', value: decodeJson(text) })
    expect(bytesSent(session.step({ type: 'close' }, 7))).toHaveLength(1)
  })

  test.each<[string, ClientInput]>([
    ['CTAP2', { type: 'request', message: Uint8Array.of(1) }],
    ['a second request', { type: 'json-request', text: '{}' }],
  ])('may not send %s: session-misused', (_, input) => {
    const { session } = digitalClient()
    if (input.type === 'json-request') session.step(input, 5)
    expect(() => session.step(input, 6)).toThrow(expect.objectContaining({ code: 'session-misused' }))
  })

  test('that cannot use the answer, or gives up before it, says no goodbye', () => {
    for (const answers of [true, false]) {
      const { session, says } = digitalClient()
      session.step({ type: 'json-request', text: '{}' }, 5)
      if (answers) session.step(says(json('{}')), 6)
      const error = closedWith('aborted') as { error: never }
      expect(bytesSent(session.step({ type: 'close', error: error.error }, 7))).toEqual([])
    }
  })
})

test('a client that came for passkeys may not send JSON: session-misused', () => {
  const { session } = clientWithPhone()
  expect(() => session.step({ type: 'json-request', text: '{}' }, 5)).toThrow(
    expect.objectContaining({ code: 'session-misused' }),
  )
})

describe('a phone whose client came for a digital credential', () => {
  test.each<[string, string, Uint8Array]>([
    ['speaks CTAP2', 'message-unexpected', ctap],
    ['sends what is not JSON', 'message-malformed', json('nope')],
    ['sends what is not UTF-8', 'message-malformed', Uint8Array.of(3, 0xc0, 0x80)],
    ['says goodbye without a request', 'peer-closed', Uint8Array.of(0)],
  ])('meets one that %s: %s', (_, code, message) => {
    const { session, says } = digitalPhone()
    expect(endOf(session.step(says(message), 5))).toEqual(closedWith(code))
  })

  test.each<[string, (session: AuthenticatorSession) => void]>([
    ['without waiting', () => undefined],
    ['after the answer', session => void session.step({ type: 'json-answer', text: '{}' }, 6)],
  ])('meets one that asks twice, %s: message-unexpected', (_, between) => {
    for (const second of [json('{}'), ctap]) {
      const { session, says } = digitalPhone()
      expect(endOf(session.step(says(json('{}')), 5))).toBeUndefined()
      between(session)
      expect(endOf(session.step(says(second), 7))).toEqual(closedWith('message-unexpected'))
    }
  })

  test('hangs up in peace where its user does not answer', () => {
    const { session, says } = digitalPhone()
    session.step(says(json('{}')), 5)
    expect(endOf(session.step({ type: 'json-answer', text: undefined }, 6))).toEqual({ type: 'closed' })
  })

  test('may not answer in CTAP2: session-misused', () => {
    const { session, says } = digitalPhone()
    session.step(says(json('{}')), 5)
    expect(() => session.step({ type: 'answer', message: Uint8Array.of(0) }, 6)).toThrow(
      expect.objectContaining({ code: 'session-misused' }),
    )
  })

  test('hangs up by itself two seconds after the answer', () => {
    const { session, says } = digitalPhone()
    session.step(says(json('{}')), 5)
    expect(session.step({ type: 'json-answer', text: '{}' }, 10)).toContainEqual({
      type: 'deadline',
      at: 2010,
    })
    expect(endOf(session.step({ type: 'tick' }, 2010))).toEqual({ type: 'closed' })
  })
})

test('a phone whose client came for passkeys takes no JSON, even with a wallet: message-unexpected', () => {
  const { session, says } = phoneWithClient(authenticatorSession({ features: ['ctap', 'dc'] }))
  expect(endOf(session.step(says(Uint8Array.of(3, ...encodeUtf8('{}'))), 5))).toEqual(
    closedWith('message-unexpected'),
  )
})

test('request types say what is carried', () => {
  expect((['ga', 'mc', 'dcp', 'dci', undefined] as const).map(carriedFor)).toEqual([
    'ctap',
    'ctap',
    'json',
    'json',
    'ctap',
  ])
})
