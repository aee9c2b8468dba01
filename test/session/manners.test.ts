import { describe, expect, test } from 'vitest'
import { decodePostHandshake } from '../../src/message/post-handshake.js'
import { encodeMessage } from '../../src/message/message.js'
import type { AuthenticatorSession } from '../../src/session/authenticator-session.js'
import { GET_INFO } from '../support/pair.js'
import { authenticatorSession, bytesSent, phoneAtHandshake } from '../support/sessions.js'

const REQUEST = encodeMessage({ type: 'ctap', payload: Uint8Array.of(2) })
const ANSWER = Uint8Array.of(0, 0xa0)

/** The phone after its introduction, which is given as well, and after a request. */
function asked(session: AuthenticatorSession): {
  introduction: Uint8Array
  open: (frame: Uint8Array) => Uint8Array
  seal: (message: Uint8Array) => Uint8Array
} {
  const { message1, finish } = phoneAtHandshake(session)
  const [message2 = new Uint8Array(), introduction = new Uint8Array()] = bytesSent(
    session.step({ type: 'tunnel-message', bytes: message1 }, 2),
  )
  const traffic = finish(message2)
  const opened = traffic.open(introduction)
  session.step({ type: 'tunnel-message', bytes: traffic.seal(REQUEST) }, 3)
  return {
    introduction: opened,
    open: frame => traffic.open(frame),
    seal: message => traffic.seal(message),
  }
}

test.each([[undefined], [['ctap', 'dc']], [['ctap']]])('the features are those given: %j', features => {
  const { introduction } = asked(authenticatorSession({ features }))
  expect(decodePostHandshake(introduction)).toEqual({ getInfo: GET_INFO, features: features ?? ['ctap'] })
})

describe('a phone that takes one command', () => {
  test('sends its answer, and ends without an error when the client says goodbye', () => {
    const session = authenticatorSession({ commands: 'one' })
    const { open, seal } = asked(session)
    const outputs = session.step({ type: 'answer', message: ANSWER }, 4)
    expect(outputs.map(({ type }) => type)).toEqual(['send', 'progress', 'deadline'])
    expect(bytesSent(outputs).map(open)).toEqual([Uint8Array.of(1, ...ANSWER)])
    const end = session.step({ type: 'tunnel-message', bytes: seal(encodeMessage({ type: 'shutdown' })) }, 5)
    expect(end.map(({ type }) => type)).toEqual(['goodbye', 'progress', 'closed', 'deadline'])
    expect(end[2]).toEqual({ type: 'closed' })
    expect(session.state).toBe('closed')
  })

  test('hangs up by itself two seconds later', () => {
    const session = authenticatorSession({ commands: 'one' })
    asked(session)
    session.step({ type: 'answer', message: ANSWER }, 4)
    expect(session.step({ type: 'tick' }, 2003)).toEqual([])
    expect(session.step({ type: 'tick' }, 2004)).toContainEqual({ type: 'closed' })
  })

  test('hangs up on another command', () => {
    const session = authenticatorSession({ commands: 'one' })
    const { seal } = asked(session)
    session.step({ type: 'answer', message: ANSWER }, 4)
    const outputs = session.step({ type: 'tunnel-message', bytes: seal(REQUEST) }, 5)
    expect(outputs.map(({ type }) => type)).toEqual(['progress', 'closed', 'deadline'])
    expect(outputs[1]).toEqual({ type: 'closed' })
  })

  test('may still refuse by hanging up', () => {
    const session = authenticatorSession({ commands: 'one' })
    asked(session)
    const outputs = session.step({ type: 'answer', message: undefined }, 4)
    expect(bytesSent(outputs)).toEqual([])
    expect(session.state).toBe('closed')
  })
})

test.each([[undefined], ['many']] as const)('a phone that takes %s waits for more', commands => {
  const session = authenticatorSession({ commands })
  asked(session)
  session.step({ type: 'answer', message: ANSWER }, 4)
  expect(session.state).toBe('awaiting-more')
})
