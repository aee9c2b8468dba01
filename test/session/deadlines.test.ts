import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/errors.js'
import type { AuthenticatorInput, AuthenticatorOutput } from '../../src/session/authenticator-io.js'
import type { ClientInput, ClientOutput } from '../../src/session/client-io.js'
import { DEFAULT_TIMEOUTS } from '../../src/session/position.js'
import {
  authenticatorSession,
  clientAtHandshake,
  clientSession,
  clientWithPhone,
  expectedAdvert,
  phoneAtHandshake,
  phoneWithClient,
  bytesSent,
} from '../support/sessions.js'
import { closedWith, endOf } from '../support/outcome.js'

interface Stepping<Input> {
  step(input: Input, now: number): readonly (ClientOutput | AuthenticatorOutput)[]
}

/** Steps to `now`, reads the deadline that holds since then, and tries the moment before it and the moment itself. */
function expectExpiry<Input>(
  session: Stepping<Input>,
  input: Input,
  now: number,
  ms: number,
  tick: Input,
): unknown {
  const deadline = session.step(input, now).find(output => output.type === 'deadline')
  expect(deadline).toEqual({ type: 'deadline', at: now + ms })
  expect(endOf(session.step(tick, now + ms - 1))).toBeUndefined()
  return endOf(session.step(tick, now + ms))
}

const tick = { type: 'tick' } as const
const limits = DEFAULT_TIMEOUTS

describe('the client gives up', () => {
  test('on a phone that never answers the QR code', () => {
    expect(expectExpiry<ClientInput>(clientSession(), { type: 'start' }, 5, limits.advertMs, tick)).toEqual(
      closedWith('advert-timeout'),
    )
  })

  test('on a tunnel service that does not answer', () => {
    const session = clientSession()
    session.step({ type: 'start' }, 0)
    expect(expectExpiry(session, expectedAdvert(), 7, limits.tunnelMs, tick)).toEqual(
      closedWith('tunnel-timeout'),
    )
  })

  test('on a phone that does not finish the handshake', () => {
    const session = clientSession()
    session.step({ type: 'start' }, 0)
    session.step(expectedAdvert(), 1)
    expect(
      expectExpiry<ClientInput>(
        session,
        { type: 'tunnel-open', headers: new Map() },
        9,
        limits.handshakeMs,
        tick,
      ),
    ).toEqual(closedWith('handshake-timeout'))
  })

  test('on a phone that does not introduce itself', () => {
    const { session, message2 } = clientAtHandshake()
    const input: ClientInput = { type: 'tunnel-message', bytes: message2 }
    expect(expectExpiry(session, input, 9, limits.handshakeMs, tick)).toEqual(closedWith('handshake-timeout'))
  })

  test('on a phone whose user does not decide, without the goodbye that only follows an answer', () => {
    const { session } = clientWithPhone()
    session.step({ type: 'request', message: Uint8Array.of(1) }, 10)
    const outputs = session.step(tick, 10 + limits.responseMs)
    expect(bytesSent(outputs)).toEqual([])
    expect(endOf(outputs)).toEqual(closedWith('response-timeout'))
  })
})

describe('the phone gives up', () => {
  test('on a tunnel service that does not answer', () => {
    expect(
      expectExpiry<AuthenticatorInput>(authenticatorSession(), { type: 'start' }, 5, limits.tunnelMs, tick),
    ).toEqual(closedWith('tunnel-timeout'))
  })

  test('on a client that does not hear its advert', () => {
    const { session } = phoneAtHandshake()
    expect(endOf(session.step(tick, 1 + limits.advertMs))).toEqual(closedWith('advert-timeout'))
  })

  test('on a client that asks for nothing', () => {
    const { session } = phoneWithClient()
    expect(endOf(session.step(tick, 2 + limits.requestMs))).toEqual(closedWith('request-timeout'))
  })

  test('without complaint on a client that stays after its answer', () => {
    const { session, says } = phoneWithClient()
    session.step(says(Uint8Array.of(1, 1)), 10)
    session.step({ type: 'answer', message: Uint8Array.of(0) }, 11)
    expect(endOf(session.step(tick, 11 + limits.goodbyeMs))).toEqual({ type: 'closed' })
  })
})

describe('the caller', () => {
  test('may end everywhere; a connected client says goodbye first', () => {
    const { session } = clientWithPhone()
    const outputs = session.step({ type: 'close', error: new UsageError('aborted', 'enough') }, 9)
    expect(bytesSent(outputs)).toHaveLength(1)
    expect(endOf(outputs)).toEqual(closedWith('aborted'))
    expect(endOf(clientSession().step({ type: 'close' }, 0))).toEqual({ type: 'closed' })
    expect(endOf(phoneWithClient().session.step({ type: 'close' }, 9))).toEqual({ type: 'closed' })
  })

  test('says no goodbye after an answer that is of no use', () => {
    for (const error of [undefined, new UsageError('aborted', 'no use')]) {
      const { session, says } = clientWithPhone()
      session.step({ type: 'request', message: Uint8Array.of(1) }, 9)
      session.step(says(Uint8Array.of(1, 0)), 9)
      const outputs = session.step({ type: 'close', ...(error && { error }) }, 9)
      expect(bytesSent(outputs)).toHaveLength(error === undefined ? 1 : 0)
    }
  })

  test('may not start twice, ask too early, or answer what was not asked', () => {
    const client = clientSession()
    client.step({ type: 'start' }, 0)
    const misused = expect.objectContaining({ code: 'session-misused' }) as Error
    expect(() => client.step({ type: 'start' }, 1)).toThrow(misused)
    expect(() => client.step({ type: 'request', message: Uint8Array.of(1) }, 1)).toThrow(misused)
    expect(() => authenticatorSession().step({ type: 'answer', message: undefined }, 0)).toThrow(misused)
  })

  test('hears of a failing port once', () => {
    const error = new UsageError('aborted', 'port')
    const client = clientSession()
    client.step({ type: 'start' }, 0)
    expect(endOf(client.step({ type: 'failed', error }, 1))).toEqual({ type: 'closed', error })
    expect(client.step({ type: 'failed', error }, 2)).toEqual([])
    const phone = authenticatorSession()
    phone.step({ type: 'start' }, 0)
    expect(endOf(phone.step({ type: 'failed', error }, 1))).toEqual({ type: 'closed', error })
    expect(phone.step({ type: 'failed', error }, 2)).toEqual([])
  })
})

test('a phone whose user refuses hangs up without an answer', () => {
  const { session, says } = phoneWithClient()
  session.step(says(Uint8Array.of(1, 1)), 10)
  const outputs = session.step({ type: 'answer', message: undefined }, 11)
  expect(bytesSent(outputs)).toEqual([])
  expect(endOf(outputs)).toEqual({ type: 'closed' })
})

test('a client that closes after the answer, or says goodbye, ends the phone’s session in peace', () => {
  for (const input of ['end', 'goodbye'] as const) {
    const { session, says } = phoneWithClient()
    session.step(says(Uint8Array.of(1, 1)), 10)
    session.step({ type: 'answer', message: Uint8Array.of(0) }, 11)
    const end = input === 'end' ? ({ type: 'tunnel-closed', code: 1000 } as const) : says(Uint8Array.of(0))
    expect(endOf(session.step(end, 12))).toEqual({ type: 'closed' })
  }
})

test('a phone takes updates from the client at any time after the handshake, if they parse', () => {
  const { session, says } = phoneWithClient()
  expect(endOf(session.step(says(Uint8Array.of(2, 0xa0)), 10))).toBeUndefined()
  session.step(says(Uint8Array.of(1, 1)), 10)
  expect(endOf(session.step(says(Uint8Array.of(2, 0xa0)), 11))).toBeUndefined()
  expect(endOf(session.step(says(Uint8Array.of(2, 0xff)), 12))).toEqual(closedWith('message-malformed'))
})
