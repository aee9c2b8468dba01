import { beforeEach, describe, expect, it } from 'vitest'
import type { RelayOutput } from '../../src/service/relay-io.js'
import {
  answered,
  CLIENT,
  contact,
  CONTACT_FRAME,
  contactOf,
  deadline,
  acts,
  join,
  KEY,
  LATE,
  LINE,
  message,
  OTHER_KEY,
  OTHER_LINE,
  OTHER_TUNNEL,
  PAYLOAD,
  PHONE,
  register,
  reply,
  reports,
  ROUTING,
  say,
  step,
  TUNNEL,
  withLimits,
} from '../support/contact-relay.js'

beforeEach(() => {
  withLimits({})
})

describe('a linked client', () => {
  it('is held while its phone is asked, then let in and joined', () => {
    expect(acts(register())).toEqual(['1 accept', '1 send 810000ea60'])
    const asked = contact()
    expect(acts(asked)).toEqual([`1 send ${CONTACT_FRAME}`])
    const answer = reply('ringing')
    expect(acts(answer)).toEqual(['2 accept'])
    const joined = join()
    expect(acts(joined)).toEqual(['3 accept'])
    expect(acts(message(CLIENT, 1))).toEqual(['3 send 01'])
    expect(acts(message(PHONE, 2))).toEqual(['2 send 02'])
    expect(reports([...asked, ...answer, ...joined])).toEqual([
      { type: 'tunnel-ringing', tunnel: 1 },
      { type: 'tunnel-opened', tunnel: 1 },
      { type: 'tunnel-joined', tunnel: 1 },
    ])
  })

  it('is queued for until the phone has joined', () => {
    register()
    contact()
    reply('ringing')
    expect(acts(message(CLIENT, 1))).toEqual([])
    expect(acts(message(CLIENT, 2, 3))).toEqual([])
    expect(acts(join())).toEqual(['3 accept', '3 send 01', '3 send 0203'])
  })

  it('loses its tunnel with 1008 when it sends more than a queue takes', () => {
    register()
    contact()
    reply('ringing')
    for (let index = 0; index < 8; index++) expect(acts(message(CLIENT, 1))).toEqual([])
    expect(acts(message(CLIENT, 1))).toEqual(['2 close 1008'])
    expect(acts(join())).toEqual(['3 refuse 404'])
  })

  it('that wants the signal gets one byte 00 when the phone joins, before all else', () => {
    register()
    contact({ wantsSignal: true })
    expect(acts(reply('ringing'))).toEqual(['2 accept'])
    message(CLIENT, 1)
    expect(acts(join())).toEqual(['3 accept', '2 send 00', '3 send 01'])
    expect(acts(message(PHONE, 5))).toEqual(['2 send 05'])
  })

  it('that wants no signal gets no signal', () => {
    register()
    contact()
    expect(acts(join())).toEqual(['2 accept', '3 accept'])
  })

  it('gets 404 when no phone has the contact ID, and the answer of who else is asked', () => {
    expect(acts(contact())).toEqual(['2 ask-outside'])
    expect(acts(answered('unknown'))).toEqual(['2 refuse 404'])
  })

  it.each([
    ['ringing', '2 accept'],
    ['gone', '2 refuse 410'],
    ['unknown', '2 refuse 404'],
  ] as const)('hears %s from outside', (answer, act) => {
    contact()
    expect(acts(answered(answer))).toEqual([act])
    expect(acts(answered('gone'))).toEqual([])
  })

  it('is asked for outside with what it sent', () => {
    const ids = { contactId: contactOf(KEY), routingId: ROUTING, tunnelId: TUNNEL }
    expect(contact()).toContainEqual({
      type: 'ask-outside',
      leg: CLIENT,
      request: { ...ids, clientPayload: PAYLOAD },
      from: [],
    })
  })

  it('waits for an answer for 10 s, then for the phone for 120 s', () => {
    register()
    contact()
    expect(deadline()).toBe(10_000)
    reply('ringing')
    say(LINE, { type: 'ping' }, 60_000 - 1)
    expect(acts(step({ type: 'alarm' }, 119_998))).toEqual([])
    expect(acts(step({ type: 'alarm' }, 120_000))).toEqual(['2 close 1001', '1 close 1001'])
    expect(deadline()).toBeUndefined()
  })
})

describe('every order of events', () => {
  /** What each event does to a linked client in each state, and the state after it. */
  const TABLE: Readonly<Record<string, Readonly<Record<string, readonly [string, ...string[]]>>>> = {
    held: {
      ringing: ['waiting', '2 accept'],
      gone: ['over', '2 refuse 410'],
      join: ['joined', '2 accept', '3 accept'],
      lineLost: ['over', '2 refuse 404'],
      clientLost: ['over'],
      timeOver: ['over', '2 refuse 404'],
    },
    waiting: { join: ['joined', '3 accept'], clientLost: ['over'] },
    joined: { clientLost: ['over', '3 close 1001'] },
    over: { join: ['over', '3 refuse 404'] },
  }
  const EVENTS: Readonly<Record<string, () => readonly RelayOutput[]>> = {
    ringing: () => reply('ringing'),
    gone: () => reply('gone'),
    join: () => join(),
    lineLost: () => step({ type: 'gone', leg: LINE, clean: false }),
    clientLost: () => step({ type: 'gone', leg: CLIENT, clean: false }),
    timeOver: () => step({ type: 'alarm' }, 10_000),
  }

  function orders(names: readonly string[]): readonly (readonly string[])[] {
    if (names.length === 0) return [[]]
    return names.flatMap(first => orders(names.filter(name => name !== first)).map(rest => [first, ...rest]))
  }

  it('ends as the table says, 720 orders of six events', () => {
    const all = orders(Object.keys(EVENTS))
    expect(all).toHaveLength(720)
    for (const order of all) {
      withLimits({})
      register()
      contact()
      let state = 'held'
      for (const event of order) {
        const [next, ...expected] = TABLE[state]?.[event] ?? [state]
        expect(acts(EVENTS[event]?.() ?? []), `${order.join(' ')}: ${event}`).toEqual(expected)
        state = next
      }
      expect(deadline(), order.join(' ')).toBeUndefined()
    }
  })
})

describe('a phone’s answer', () => {
  it('counts only on the line that was asked, and for the tunnel that it names', () => {
    register()
    register(OTHER_LINE, OTHER_KEY)
    contact()
    expect(acts(reply('gone', OTHER_LINE))).toEqual([])
    expect(acts(reply('gone', LINE, OTHER_TUNNEL))).toEqual([])
    expect(acts(reply('ringing'))).toEqual(['2 accept'])
  })

  it('to several clients reaches each', () => {
    register()
    contact()
    contact({ leg: LATE, id: OTHER_TUNNEL })
    expect(acts(reply('gone', LINE, OTHER_TUNNEL))).toEqual(['4 refuse 410'])
    expect(acts(reply('ringing'))).toEqual(['2 accept'])
  })
})
