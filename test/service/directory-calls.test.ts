import { beforeEach, describe, expect, it } from 'vitest'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import type { ContactTag } from '../../src/bytes/contact-tag.js'
import { contactTagOf } from '../../src/service/contact-tags.js'
import type { RelayInput, RelayOutput } from '../../src/service/relay-io.js'
import {
  acts,
  alarm,
  CLIENT,
  contact,
  CONTACT_FRAME,
  contactOf,
  deadline,
  join,
  KEY,
  keyOf,
  LATE,
  LINE,
  load,
  OTHER_KEY,
  OTHER_LINE,
  OTHER_TUNNEL,
  PAYLOAD,
  register,
  reply,
  reports,
  ROUTING,
  say,
  step,
  TUNNEL,
  withLimits,
} from '../support/contact-relay.js'

type Told = Extract<RelayInput, { type: 'told' }>['answer']
type State = Extract<RelayInput, { type: 'directory' }>['state']

const tagOf = (key = KEY): ContactTag => contactTagOf(nodeCryptoProvider, contactOf(key))
const directory = (state: State, now = 0): readonly RelayOutput[] => step({ type: 'directory', state }, now)
const told = (answer: Told, now = 0, leg = CLIENT): readonly string[] =>
  acts(step({ type: 'told', leg, answer }, now))
const called = (call: number, id = TUNNEL, now = 0, key = KEY): readonly string[] =>
  acts(
    step(
      { type: 'called', call, contact: tagOf(key), routingId: ROUTING, tunnelId: id, clientPayload: PAYLOAD },
      now,
    ),
  )
const linesOf = (outputs: readonly RelayOutput[]): readonly unknown[] =>
  outputs.flatMap(output => (output.type === 'lines' ? [[output.change, ...output.contacts]] : []))

/** Long after the start: nothing has failed lately. */
const CALM = 20_000

beforeEach(() => {
  withLimits({})
  directory('up')
})

describe('a client whose phone is on no line here', () => {
  it('is asked for in the directory, by the tag and with what it sent', () => {
    const call = { routingId: ROUTING, tunnelId: TUNNEL, clientPayload: PAYLOAD }
    expect(contact({ now: CALM })).toContainEqual({
      type: 'ask-directory',
      leg: CLIENT,
      contact: tagOf(),
      call,
    })
  })

  it.each([
    ['ringing', '2 accept'],
    ['gone', '2 refuse 410'],
    ['busy', '2 refuse 409'],
    ['too-often', '2 refuse 429'],
    ['down', '2 refuse 404'],
    ['unknown', '2 ask-outside'],
  ] as const)('hears %s', (answer, act) => {
    contact({ now: CALM })
    expect(told(answer, CALM)).toEqual([act])
  })

  it('is let in and joined when another instance rings its phone', () => {
    contact({ now: CALM })
    told('ringing', CALM)
    expect(acts(join(3, CALM))).toEqual(['3 accept'])
  })

  it('is looked for by onCall only when the directory does not know its phone, and gets that answer', () => {
    contact({ now: CALM })
    told('unknown', CALM)
    expect(acts(step({ type: 'answered', leg: CLIENT, answer: 'gone' }, CALM))).toEqual(['2 refuse 410'])
  })

  it('is not asked for when it has gone meanwhile', () => {
    contact({ now: CALM })
    step({ type: 'gone', leg: CLIENT, clean: false }, CALM)
    expect(told('ringing', CALM)).toEqual([])
    expect(deadline()).toBeUndefined()
  })

  it('is refused when its key was revoked elsewhere', () => {
    step({ type: 'revoked', contacts: [tagOf()] }, CALM)
    expect(acts(contact({ now: CALM }))).toEqual(['2 refuse 410'])
    expect(acts(contact({ key: OTHER_KEY, now: CALM }))).toEqual(['2 ask-directory'])
  })
})

describe('after trouble', () => {
  it.each(['unknown', 'down'] as const)('%s is asked again every 300 ms for 5 s', answer => {
    directory('unsettled', CALM)
    contact({ now: CALM })
    let asked = 0
    let now = CALM
    while (told(answer, now).length === 0) {
      expect(alarm(now + 299)).toEqual([])
      now += 300
      expect(alarm(now)).toEqual(['2 ask-directory'])
      asked += 1
    }
    expect(asked).toBe(17)
    expect(now).toBe(CALM + 5100)
  })

  it.each([
    [9999, []],
    [10_000, ['2 ask-outside']],
  ] as const)('an unknown phone %i ms after it: %j', (passed, expected) => {
    directory('unsettled', CALM)
    contact({ now: CALM + passed })
    expect(told('unknown', CALM + passed)).toEqual(expected)
  })

  it('lasts as long as the directory is down, and 10 s longer', () => {
    directory('down', CALM)
    contact({ now: CALM + 60_000 })
    expect(told('down', CALM + 60_000)).toEqual([])
    directory('up', CALM + 60_000)
    contact({ leg: LATE, id: OTHER_TUNNEL, key: OTHER_KEY, now: CALM + 69_999 })
    expect(told('unknown', CALM + 69_999, LATE)).toEqual([])
  })

  it('lasts while the directory is down, also when an instance comes or goes', () => {
    directory('down', CALM)
    directory('unsettled', CALM)
    contact({ now: CALM + 60_000 })
    expect(told('down', CALM + 60_000)).toEqual([])
  })

  it('a phone that has come back here and is called too often is not rung', () => {
    withLimits({ maxCallsPerMinute: 1 })
    directory('unsettled', CALM)
    directory('up', CALM)
    contact({ now: CALM })
    told('unknown', CALM)
    register(LINE, KEY, [], CALM + 100)
    called(1, OTHER_TUNNEL, CALM + 100)
    expect(alarm(CALM + 300)).toEqual(['2 refuse 429'])
  })

  it('a phone that turns out to be revoked is refused with 410', () => {
    directory('unsettled', CALM)
    contact({ now: CALM })
    told('unknown', CALM)
    step({ type: 'revoked', contacts: [tagOf()] }, CALM + 100)
    expect(alarm(CALM + 300)).toEqual(['2 refuse 410'])
  })

  it('reAskMs says how long is asked again', () => {
    withLimits({ reAskMs: 300 })
    directory('down', CALM)
    contact({ now: CALM })
    expect(told('down', CALM + 299)).toEqual([])
    expect(alarm(CALM + 599)).toEqual(['2 ask-directory'])
    expect(told('down', CALM + 599)).toEqual(['2 refuse 404'])
  })

  it('a phone that has come back to this very instance is rung', () => {
    directory('unsettled', CALM)
    contact({ now: CALM })
    told('unknown', CALM)
    register(LINE, KEY, [], CALM + 100)
    expect(alarm(CALM + 300)).toEqual([`1 send ${CONTACT_FRAME}`])
    expect(acts(reply('ringing'))).toEqual(['2 accept'])
  })

  it('a phone that came back here while the directory was asked is rung at once', () => {
    contact({ now: CALM })
    register(LINE, KEY, [], CALM + 100)
    expect(told('unknown', CALM + 101)).toEqual([`1 send ${CONTACT_FRAME}`])
    expect(told('gone', CALM + 102)).toEqual([])
    expect(acts(reply('ringing'))).toEqual(['2 accept'])
  })
})

it('a holder that is silent is asked again until the client has waited for 10 s', () => {
  contact({ now: CALM })
  expect(told('silent', CALM + 2000)).toEqual([])
  expect(alarm(CALM + 2300)).toEqual(['2 ask-directory'])
  expect(told('silent', CALM + 9900)).toEqual([])
  expect(alarm(CALM + 10_000)).toEqual(['2 refuse 404'])
  expect(told('ringing', CALM + 10_001)).toEqual([])
  expect(alarm(CALM + 10_300)).toEqual([])
  expect(deadline()).toBeUndefined()
})

describe('a call whose line ends', () => {
  it('goes on in the directory', () => {
    register(LINE, KEY, [], CALM)
    contact({ now: CALM })
    const lost = step({ type: 'gone', leg: LINE, clean: false }, CALM)
    expect(acts(lost)).toEqual(['2 ask-directory'])
    expect(told('ringing', CALM)).toEqual(['2 accept'])
  })

  it('ends with 410 when its key was revoked', () => {
    register(LINE, KEY, [], CALM)
    contact({ now: CALM })
    expect(acts(step({ type: 'revoked', contacts: [tagOf()] }, CALM))).toEqual([
      '1 close 4410',
      '2 refuse 410',
    ])
  })

  it('rings the newer line of the same instance', () => {
    register(LINE, KEY, [], CALM)
    contact({ now: CALM })
    expect(acts(register(OTHER_LINE, KEY, [], CALM)).slice(1, 3)).toEqual(['1 close 4409', '2 ask-directory'])
    expect(told('unknown', CALM)).toEqual([`5 send ${CONTACT_FRAME}`])
  })
})

describe('a call of another instance', () => {
  beforeEach(() => {
    register(LINE, KEY, [], CALM)
  })

  it.each(['ringing', 'gone', 'busy'] as const)('brings the phone’s answer %s', answer => {
    expect(called(1, TUNNEL, CALM)).toEqual([`1 send ${CONTACT_FRAME}`])
    expect(acts(reply(answer))).toEqual([`reply 1 ${answer}`])
    expect(acts(reply(answer))).toEqual([])
  })

  it('is answered only by the phone that was asked', () => {
    register(OTHER_LINE, OTHER_KEY, [], CALM)
    called(1, TUNNEL, CALM)
    expect(acts(reply('gone', OTHER_LINE))).toEqual([])
    expect(acts(reply('gone', LINE, OTHER_TUNNEL))).toEqual([])
  })

  it('meets silence where the line has just gone, and `gone` where the key was revoked', () => {
    expect(called(1, TUNNEL, CALM, OTHER_KEY)).toEqual(['reply 1 silent'])
    step({ type: 'revoked', contacts: [tagOf()] }, CALM)
    expect(called(2, TUNNEL, CALM)).toEqual(['reply 2 gone'])
  })

  it.each([
    ['ends', () => step({ type: 'gone', leg: LINE, clean: false }, CALM), ['reply 1 silent']],
    [
      'is superseded',
      () => step({ type: 'superseded', contact: tagOf() }, CALM),
      ['1 close 4409', 'reply 1 silent'],
    ],
    [
      'is revoked',
      () => step({ type: 'revoked', contacts: [tagOf()] }, CALM),
      ['1 close 4410', 'reply 1 gone'],
    ],
  ] as const)('is answered when its line %s', (_, end, expected) => {
    called(1, TUNNEL, CALM)
    expect(acts(end())).toEqual(expected)
  })

  it('is silent after 10 s, and a later answer says nothing', () => {
    called(1, TUNNEL, CALM)
    expect(alarm(CALM + 9999)).toEqual([])
    expect(alarm(CALM + 10_000)).toEqual(['reply 1 silent'])
    expect(acts(reply('ringing'))).toEqual([])
  })

  it('that is asked again rings the phone once, and the newer question gets the answer', () => {
    called(1, TUNNEL, CALM)
    expect(called(2, TUNNEL, CALM)).toEqual(['reply 1 silent'])
    expect(acts(reply('ringing'))).toEqual(['reply 2 ringing'])
  })

  it.each([
    [9, [`1 send ${CONTACT_FRAME}`]],
    [10, ['reply 99 too-often']],
  ] as const)('after %i others in a minute: %j', (before, expected) => {
    for (let call = 0; call < before; call++) {
      called(call, TUNNEL, CALM)
      reply('ringing')
    }
    expect(called(99, TUNNEL, CALM)).toEqual(expected)
  })

  it('counts with those of this instance', () => {
    for (let call = 0; call < 9; call++) {
      called(call, TUNNEL, CALM)
      reply('ringing')
    }
    expect(acts(contact({ now: CALM }))).toEqual([`1 send ${CONTACT_FRAME}`])
    expect(called(99, OTHER_TUNNEL, CALM)).toEqual(['reply 99 too-often'])
  })

  it('is one too many when as many wait as clients may', () => {
    withLimits({ maxWaitingCalls: 1 })
    register(LINE, KEY, [], CALM)
    called(1, TUNNEL, CALM)
    expect(called(2, OTHER_TUNNEL, CALM)).toEqual(['reply 2 silent'])
    reply('ringing')
    expect(called(3, OTHER_TUNNEL, CALM)).toHaveLength(1)
  })

  it('keeps its line while the others leave', () => {
    called(1, TUNNEL, CALM)
    expect(acts(step({ type: 'drain', linesWithinMs: 1000 }, CALM))).toEqual([])
    say(LINE, { type: 'reply', tunnelId: TUNNEL, reply: 'ringing' }, CALM)
    expect(alarm(CALM + 2000)).toEqual(['1 close 1012'])
  })
})

describe('the directory is told', () => {
  it('of lines held, replaced and dropped, by their tags', () => {
    expect(linesOf(register(LINE, KEY, [], CALM))).toEqual([['held', tagOf()]])
    expect(linesOf(register(OTHER_LINE, KEY, [], CALM))).toEqual([
      ['dropped', tagOf()],
      ['held', tagOf()],
    ])
    expect(linesOf(step({ type: 'gone', leg: LINE, clean: true }, CALM))).toEqual([])
    expect(linesOf(step({ type: 'gone', leg: OTHER_LINE, clean: true }, CALM))).toEqual([
      ['dropped', tagOf()],
    ])
  })

  it('once of keys that are revoked, and not of those that it reported itself', () => {
    step({ type: 'revoked', contacts: [tagOf(keyOf(2))] }, CALM)
    const revoked = [keyOf(1), keyOf(2), keyOf(3)]
    expect(linesOf(register(LINE, KEY, revoked, CALM))[0]).toEqual([
      'revoked',
      tagOf(keyOf(1)),
      tagOf(keyOf(3)),
    ])
    expect(linesOf(register(OTHER_LINE, OTHER_KEY, revoked, CALM))).toEqual([['held', tagOf(OTHER_KEY)]])
  })
})

it('a line that a newer one supersedes elsewhere is closed, and others stay', () => {
  register(LINE, KEY, [], CALM)
  register(OTHER_LINE, OTHER_KEY, [], CALM)
  const outputs = step({ type: 'superseded', contact: tagOf() }, CALM)
  expect(acts(outputs)).toEqual(['1 close 4409'])
  expect(reports(outputs)).toEqual([{ type: 'phone-left', phone: 1, reason: 'replaced elsewhere' }])
  expect(step({ type: 'superseded', contact: tagOf() }, CALM)).toEqual([])
  expect(load().phones).toBe(1)
})

it.each([
  [1, 404],
  [2, 410],
])('with room for %i contacts revoked elsewhere the second means %i', (maxRevokedElsewhere, status) => {
  withLimits({ maxRevokedElsewhere })
  directory('up')
  step({ type: 'revoked', contacts: [tagOf(keyOf(1)), tagOf(keyOf(2))] }, CALM)
  expect(acts(contact({ key: keyOf(1), leg: LATE, now: CALM }))).toEqual(['4 refuse 410'])
  const [act = ''] = acts(contact({ key: keyOf(2), now: CALM }))
  expect(act).toBe(status === 410 ? '2 refuse 410' : '2 ask-directory')
})

it('an unknown phone may be asked for again', () => {
  withLimits({ maxCallsPerMinute: 1 })
  for (const leg of [CLIENT, LATE]) {
    const id = leg === CLIENT ? TUNNEL : OTHER_TUNNEL
    expect(acts(contact({ leg, id, now: CALM }))).toEqual([`${leg} ask-outside`])
    expect(acts(step({ type: 'answered', leg, answer: 'unknown' }, CALM))).toEqual([`${leg} refuse 404`])
  }
})

it('without a directory nothing is asked of one', () => {
  withLimits({})
  expect(acts(contact({ now: CALM }))).toEqual(['2 ask-outside'])
})
