import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeSuffix } from '../../src/advert/suffix.js'
import { concatBytes } from '../../src/bytes/bytes.js'
import {
  clientAtHandshake,
  clientSession,
  clientWithPhone,
  expectedAdvert,
  phoneAtHandshake,
  phoneWithClient,
  authenticatorSession,
} from '../support/sessions.js'
import { closedWith, endOf } from '../support/outcome.js'
import { HybridError, UsageError } from '../../src/errors.js'
import type { AuthenticatorInput, AuthenticatorOutput } from '../../src/session/authenticator-io.js'
import type { ClientInput, ClientOutput } from '../../src/session/client-io.js'

describe('the client meets a phone that', () => {
  test.each<[string, string, (says: (message: Uint8Array) => ClientInput) => ClientInput]>([
    ['answers with noise', 'decrypt-failed', () => ({ type: 'tunnel-message', bytes: new Uint8Array(48) })],
    ['answers with nothing', 'decrypt-failed', () => ({ type: 'tunnel-message', bytes: new Uint8Array() })],
    ['sends a message of unknown type', 'message-malformed', says => says(Uint8Array.of(9, 0))],
    ['sends an empty message', 'message-malformed', says => says(new Uint8Array())],
    ['sends JSON', 'message-unexpected', says => says(Uint8Array.of(3, 0x7b, 0x7d))],
    ['answers before it was asked', 'message-unexpected', says => says(Uint8Array.of(1, 0))],
    ['says goodbye before it was asked', 'peer-closed', says => says(Uint8Array.of(0))],
    ['hangs up before it was asked', 'peer-closed', () => ({ type: 'tunnel-closed', code: 1000 })],
  ])('%s: %s', (_, code, input) => {
    const { session, says } = clientWithPhone()
    expect(endOf(session.step(input(says), 10))).toEqual(closedWith(code))
    expect(session.state).toBe('closed')
  })

  test('sends a damaged message 2 through the tunnel: handshake-failed, wherever the damage is', () => {
    for (let position = 0; position < 81; position += 5) {
      const { session, message2 } = clientAtHandshake()
      const bytes = message2.with(position, (message2[position] ?? 0) ^ 1)
      expect(endOf(session.step({ type: 'tunnel-message', bytes }, 3))).toEqual(
        closedWith('handshake-failed'),
      )
    }
  })

  test('is heard: the scan stops before anything is dialled', () => {
    for (const dataChannel of ['tunnel', 'auto'] as const) {
      const session = clientSession({ dataChannel })
      const from = { address: 'C0:00:00:00:00:01', addressType: 'random' } as const
      session.step({ type: 'start' }, 0)
      const types = session
        .step({ ...expectedAdvert(encodeSuffix({ psm: 0x82 })), from }, 1)
        .map(({ type }) => type)
      const dial = dataChannel === 'auto' ? 'dial-channel' : 'dial'
      expect(types.filter(type => type !== 'progress')).toEqual(['stop-ble-scan', dial, 'deadline'])
    }
  })

  test('lies over a data channel, and then something breaks: callback-failed', () => {
    const session = clientSession({ dataChannel: 'auto' })
    const from = { address: 'C0:00:00:00:00:01', addressType: 'random' } as const
    session.step({ type: 'start' }, 0)
    session.step({ ...expectedAdvert(encodeSuffix({ psm: 0x82 })), from }, 1)
    session.step({ type: 'channel-open', channel: 1 }, 2)
    session.step({ type: 'channel-message', channel: 1, bytes: new Uint8Array(81) }, 3)
    expect(session.state).toBe('awaiting-another-advert')
    const error = new UsageError('callback-failed', 'broken')
    expect(endOf(session.step({ type: 'failed', error }, 4))).toEqual({ type: 'closed', error })
  })

  test.each<[string, Uint8Array]>([
    ['a padded update', concatBytes(Uint8Array.of(2, 0xa1, 0x00, 0x43), new Uint8Array(3))],
    ['an empty update', Uint8Array.of(2, 0xa0)],
    ['an update that does not parse', Uint8Array.of(2, 0xff)],
  ])('sends %s at any time: nothing happens', (_, update) => {
    const { session, says } = clientWithPhone()
    expect(endOf(session.step(says(update), 10))).toBeUndefined()
    session.step({ type: 'request', message: Uint8Array.of(1) }, 11)
    expect(endOf(session.step(says(update), 12))).toBeUndefined()
    expect(session.state).toBe('awaiting-response')
  })
})

describe('the phone meets a client that', () => {
  test.each<[string, string, (says: (message: Uint8Array) => AuthenticatorInput) => AuthenticatorInput]>([
    ['sends noise', 'decrypt-failed', () => ({ type: 'tunnel-message', bytes: new Uint8Array(48) })],
    ['sends a message of unknown type', 'message-malformed', says => says(Uint8Array.of(9))],
    ['sends JSON', 'message-unexpected', says => says(Uint8Array.of(3, 0x7b, 0x7d))],
    ['says goodbye without a request', 'peer-closed', says => says(Uint8Array.of(0))],
    ['hangs up without a request', 'peer-closed', () => ({ type: 'tunnel-closed', code: 1006 })],
  ])('%s: %s', (_, code, input) => {
    const { session, says } = phoneWithClient()
    expect(endOf(session.step(input(says), 10))).toEqual(closedWith(code))
    expect(session.state).toBe('closed')
  })

  test('asks twice without waiting: message-unexpected', () => {
    const { session, says } = phoneWithClient()
    const request = Uint8Array.of(1, 1)
    expect(endOf(session.step(says(request), 10))).toBeUndefined()
    expect(endOf(session.step(says(request), 11))).toEqual(closedWith('message-unexpected'))
  })

  test('repeats message 1: decrypt-failed', () => {
    const { session, message1 } = phoneAtHandshake()
    session.step({ type: 'tunnel-message', bytes: message1 }, 3)
    expect(endOf(session.step({ type: 'tunnel-message', bytes: message1 }, 4))).toEqual(
      closedWith('decrypt-failed'),
    )
  })

  test('sends a damaged message 1: handshake-failed, wherever the damage is', () => {
    for (let position = 0; position < 81; position += 5) {
      const { session, message1 } = phoneAtHandshake()
      const bytes = message1.with(position, (message1[position] ?? 0) ^ 1)
      expect(endOf(session.step({ type: 'tunnel-message', bytes }, 3))).toEqual(
        closedWith('handshake-failed'),
      )
    }
  })

  test('gets no routing ID from the service: routing-id-malformed', () => {
    const session = authenticatorSession()
    session.step({ type: 'start' }, 0)
    expect(endOf(session.step({ type: 'tunnel-open', headers: new Map() }, 1))).toEqual(
      closedWith('routing-id-malformed'),
    )
  })
})

describe('the introduction of a phone that', () => {
  test.each<[string, string, number[]]>([
    ['is no CBOR', 'post-handshake-malformed', [0xff]],
    ['offers digital credentials only', 'feature-missing', [0xa1, 0x03, 0x81, 0x62, 0x64, 0x63]],
    ['has a getInfo that does not parse', 'cbor-malformed', [0xa1, 0x01, 0x41, 0xff]],
    ['has a getInfo without versions', 'ctap-malformed', [0xa1, 0x01, 0x41, 0xa0]],
  ])('%s: %s', (_, code, introduction) => {
    const { outputs } = clientWithPhone(Uint8Array.from(introduction))
    expect(endOf(outputs)).toEqual(closedWith(code))
  })
})

const bytes = fc.uint8Array({ maxLength: 120 })
const common = [
  bytes.map(message => ({ type: 'tunnel-message', bytes: message }) as const),
  fc.constant({ type: 'tunnel-open', headers: new Map([['x-cable-routing-id', ['010203']]]) } as const),
  fc.constant({ type: 'tunnel-closed', code: 1006 } as const),
  fc.constant({ type: 'close' } as const),
  fc.constant({ type: 'tick' } as const),
]

describe('whatever input comes, a session ends with a typed error or without one, and then stays silent:', () => {
  test('client', () => {
    const adverts = bytes.map(serviceData => ({ type: 'advert', serviceData }) as const)
    fc.assert(
      fc.property(fc.array(fc.oneof(adverts, ...common), { maxLength: 8 }), inputs => {
        const session = clientSession()
        session.step({ type: 'start' }, 0)
        survives(input => session.step(input, 1), inputs)
      }),
      { numRuns: 500 },
    )
  })

  test('authenticator', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(...common), { maxLength: 8 }), inputs => {
        const session = authenticatorSession()
        session.step({ type: 'start' }, 0)
        survives(input => session.step(input, 1), inputs)
      }),
      { numRuns: 500 },
    )
  })

  function survives<Input>(
    step: (input: Input) => readonly (ClientOutput | AuthenticatorOutput)[],
    inputs: readonly Input[],
  ): void {
    let over = false
    for (const input of inputs) {
      const outputs = step(input)
      if (over) expect(outputs).toEqual([])
      const end = outputs.find(output => output.type === 'closed')
      if (end?.error !== undefined) expect(end.error).toBeInstanceOf(HybridError)
      over ||= end !== undefined
    }
  }
})
