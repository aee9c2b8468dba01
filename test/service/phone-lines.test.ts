import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { lineKey, tunnelId } from '../../src/bytes/brands.js'
import type { LineKey } from '../../src/bytes/brands.js'
import type { RelayInput, RelayOutput } from '../../src/service/relay-io.js'
import { decodeServiceFrame, encodePhoneFrame } from '../../src/tunnel/contact-frames.js'
import {
  contact,
  CONTACT_FRAME,
  contactOf,
  deadline,
  acts,
  join,
  KEY,
  keyOf,
  LATE,
  LINE,
  load,
  message,
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
  withLimits,
} from '../support/contact-relay.js'

beforeEach(() => {
  withLimits({})
})

describe('a line', () => {
  it('that is replaced closes with 4409, its client gets 404, and the newer one is asked', () => {
    register()
    contact()
    const outputs = register(OTHER_LINE)
    expect(acts(outputs)).toEqual(['5 accept', '1 close 4409', '2 refuse 404', '5 send 810000ea60'])
    expect(reports(outputs)).toEqual([
      { type: 'tunnel-ended', tunnel: 1, reason: 'no phone' },
      { type: 'phone-left', phone: 1, reason: 'replaced' },
      { type: 'phone-reachable', phone: 2 },
    ])
    expect(acts(contact({ leg: LATE, id: OTHER_TUNNEL }))).toEqual([`5 send 82010203${'08'.repeat(16)}a0`])
  })

  it('whose key is revoked closes with 4410, and its clients hear 410 for good', () => {
    register()
    contact()
    const outputs = register(OTHER_LINE, OTHER_KEY, [KEY])
    expect(acts(outputs)).toEqual(['5 accept', '1 close 4410', '2 refuse 410', '5 send 810000ea60'])
    expect(acts(contact({ leg: LATE }))).toEqual(['4 refuse 410'])
    expect(acts(register(6))).toEqual(['6 accept', '6 close 4410'])
    step({ type: 'gone', leg: OTHER_LINE, clean: true })
    expect(acts(contact({ leg: 7 }))).toEqual(['7 refuse 410'])
  })

  it('declares its revoked keys again to a service that has forgotten them', () => {
    register(LINE, OTHER_KEY, [KEY])
    withLimits({})
    expect(acts(contact())).toEqual(['2 ask-outside'])
    register(LINE, OTHER_KEY, [KEY])
    expect(acts(contact({ leg: LATE }))).toEqual(['4 refuse 410'])
  })

  it('cannot be had by knowing the contact ID', () => {
    register()
    const stolen = lineKey(Uint8Array.from(contactOf(KEY)))
    register(OTHER_LINE, stolen)
    expect(acts(contact())).toEqual([`1 send ${CONTACT_FRAME}`])
  })

  it('answers pings, and may be silent for 60 s', () => {
    register()
    expect(deadline()).toBe(60_000)
    expect(acts(say(LINE, { type: 'ping' }, 59_999))).toEqual(['1 send 83'])
    expect(deadline()).toBe(119_999)
    const outputs = step({ type: 'alarm' }, 119_999)
    expect(acts(outputs)).toEqual(['1 close 1001'])
    expect(reports(outputs)).toEqual([{ type: 'phone-left', phone: 1, reason: 'silent' }])
  })

  it('has 10 s to register', () => {
    step({ type: 'register', leg: LINE })
    expect(deadline()).toBe(10_000)
    expect(acts(step({ type: 'alarm' }, 10_000))).toEqual(['1 close 1001'])
  })

  const BREACHES: readonly [string, () => readonly RelayOutput[], number][] = [
    ['another first frame', () => say(LINE, { type: 'ping' }), 1008],
    ['no frame', () => message(LINE, 9), 1008],
    [
      'a second registration',
      () => [1, 2].flatMap(() => say(LINE, { type: 'register', key: KEY, revoked: [] })),
      1008,
    ],
    ['text', () => step({ type: 'unacceptable', leg: LINE, fault: 'not-binary' }), 1003],
    ['too long a message', () => step({ type: 'unacceptable', leg: LINE, fault: 'too-long' }), 1009],
  ]
  it.each(BREACHES)('is closed over %s', (_name, breach, code) => {
    step({ type: 'register', leg: LINE })
    expect(acts(breach())).toContain(`1 close ${code}`)
    expect(acts(contact())).toEqual(['2 ask-outside'])
  })

  it('of a phone that does not read is closed with 1008, and its client gets 404', () => {
    withLimits({ maxQueuedBytes: 100, maxQueuedMessages: 1, maxCallsPerMinute: 100 })
    register()
    // What was said counts 64 bytes: one waits for it to be read, the next is one too many.
    expect(acts(say(LINE, { type: 'ping' }))).toEqual([])
    expect(acts(contact())).toEqual(['1 close 1008', '2 refuse 404'])
  })

  it('takes what waited once the phone has read', () => {
    withLimits({ maxQueuedBytes: 100 })
    register()
    contact()
    expect(acts(step({ type: 'flushed', leg: LINE, messages: 1 }))).toEqual([`1 send ${CONTACT_FRAME}`])
  })

  it('ends when the service stops, and held clients get 503', () => {
    register()
    contact()
    expect(acts(step({ type: 'shutdown' }))).toEqual(['2 refuse 503', '1 close 1001'])
    expect(deadline()).toBeUndefined()
  })
})

it.each<[string, (leg: number) => readonly RelayOutput[]]>([
  ['sends', leg => [0, 1, 2].flatMap(byte => message(leg, byte))],
  ['sends too long a message', leg => step({ type: 'message', leg, bytes: new Uint8Array(1 << 20) })],
  ['sends text', leg => step({ type: 'unacceptable', leg, fault: 'not-binary' })],
])('a client that is held for its phone is not heard when it %s: it has no WebSocket yet', (_, act) => {
  withLimits({ maxQueuedBytes: 100, maxQueuedMessages: 1 })
  register()
  contact()
  expect(act(2)).toEqual([])
  expect(acts(reply('ringing'))).toEqual(['2 accept'])
})

describe('limits', () => {
  it('of waiting contacts: 503, until one is joined or refused', () => {
    withLimits({ maxWaitingCalls: 1 })
    register()
    contact()
    expect(acts(contact({ leg: LATE, id: OTHER_TUNNEL }))).toEqual(['4 refuse 503'])
    reply('ringing')
    expect(acts(contact({ leg: 6, id: OTHER_TUNNEL }))).toEqual(['6 refuse 503'])
    join()
    expect(acts(contact({ leg: 7, id: OTHER_TUNNEL }))[0]).toMatch(/^1 send 82/)
    reply('gone', LINE, OTHER_TUNNEL)
    expect(acts(contact({ leg: 8, id: OTHER_TUNNEL }))[0]).toMatch(/^1 send 82/)
  })

  it('of tunnels hold for contacts too', () => {
    withLimits({ maxTunnels: 1 })
    step({ type: 'new', leg: LATE, routingId: ROUTING, tunnelId: OTHER_TUNNEL })
    expect(acts(contact())).toEqual(['2 refuse 503'])
  })

  it('of contacts a minute: 429 for this contact ID, not for others, until the minute is over', () => {
    withLimits({ maxCallsPerMinute: 2 })
    register()
    register(OTHER_LINE, OTHER_KEY)
    const ask = (leg: number, key: LineKey, now = 0): string | undefined => {
      const id = tunnelId(new Uint8Array(16).fill(leg))
      const outputs = acts(contact({ leg, key, id, now }))
      return outputs.find(act => act.startsWith(`${leg} refuse`))
    }
    expect([ask(10, KEY), ask(11, KEY), ask(12, KEY), ask(13, OTHER_KEY)]).toEqual([
      undefined,
      undefined,
      '12 refuse 429',
      undefined,
    ])
    expect(ask(14, KEY, 59_999)).toBe('14 refuse 429')
    say(LINE, { type: 'ping' }, 59_999)
    expect(ask(15, KEY, 60_000)).toBeUndefined()
  })

  it('of contacts a minute store nothing for unknown contact IDs', () => {
    withLimits({ maxTunnels: 2 })
    for (let leg = 10; leg < 100; leg++) {
      const outputs = contact({ leg, key: keyOf(leg) })
      expect(acts([...outputs, ...step({ type: 'answered', leg, answer: 'unknown' })])).toEqual([
        `${leg} ask-outside`,
        `${leg} refuse 404`,
      ])
    }
  })

  it('of phones: 503', () => {
    withLimits({ maxPhones: 1 })
    register()
    expect(acts(step({ type: 'register', leg: OTHER_LINE }))).toEqual(['5 refuse 503'])
    step({ type: 'gone', leg: LINE, clean: true })
    expect(acts(step({ type: 'register', leg: 6 }))).toEqual(['6 accept'])
  })

  it('of revoked contact IDs: the newest of the one who declares most is forgotten', () => {
    withLimits({ maxRevokedContacts: 2 })
    register(LINE, KEY, [keyOf(1), keyOf(2), keyOf(3)])
    const statuses = [1, 2, 3].map(byte => acts(contact({ leg: 10 + byte, key: keyOf(byte) }))[0])
    expect(statuses).toEqual(['11 refuse 410', '12 refuse 410', '13 ask-outside'])
  })
})

it('never throws, never speaks to strangers, and ends with nothing kept, whatever comes in', () => {
  const leg = fc.integer({ min: 1, max: 6 })
  const key = fc.constantFrom(KEY, OTHER_KEY, keyOf(0x33))
  // Of the legs below, each of which asks for the tunnel of its own number.
  const id = fc.integer({ min: 101, max: 120 }).map(byte => tunnelId(new Uint8Array(16).fill(byte)))
  const input: fc.Arbitrary<RelayInput> = fc.oneof(
    fc.record({ type: fc.constant('register' as const), leg }),
    fc.record({ leg, key, revoked: fc.array(key, { maxLength: 1 }) }).map(each => ({
      type: 'message' as const,
      leg: each.leg,
      bytes: encodePhoneFrame({ type: 'register', ...each }),
    })),
    fc
      .record({ leg, tunnelId: id, reply: fc.constantFrom('ringing' as const, 'gone' as const) })
      .map(each => ({
        type: 'message' as const,
        leg: each.leg,
        bytes: encodePhoneFrame({ type: 'reply', ...each }),
      })),
    fc.record({ leg, key, id, wantsSignal: fc.boolean() }).map(each => ({
      type: 'contact' as const,
      leg: each.leg,
      contactId: contactOf(each.key),
      routingId: ROUTING,
      tunnelId: each.id,
      clientPayload: PAYLOAD,
      wantsSignal: each.wantsSignal,
    })),
    fc.record({
      type: fc.constant('answered' as const),
      leg,
      answer: fc.constantFrom('ringing' as const, 'gone' as const, 'unknown' as const),
    }),
    fc.record({ type: fc.constant('connect' as const), leg, routingId: fc.constant(ROUTING), tunnelId: id }),
    fc.record({ type: fc.constant('message' as const), leg, bytes: fc.uint8Array({ maxLength: 40 }) }),
    fc.record({
      type: fc.constant('unacceptable' as const),
      leg,
      fault: fc.constantFrom('not-binary' as const, 'too-long' as const),
    }),
    fc.record({ type: fc.constant('flushed' as const), leg, messages: fc.nat(4) }),
    fc.record({ type: fc.constant('gone' as const), leg, clean: fc.boolean() }),
    fc.record({ type: fc.constant('alarm' as const) }),
  )
  const ending: fc.Arbitrary<RelayInput> = fc.record({
    type: fc.constantFrom('retire' as const, 'drain' as const),
    linesWithinMs: fc.nat(40_000),
  })
  const any = fc.oneof({ weight: 40, arbitrary: input }, { weight: 1, arbitrary: ending })
  fc.assert(
    fc.property(fc.array(fc.tuple(any, fc.nat(20_000)), { maxLength: 80 }), inputs => {
      withLimits({ maxBufferedBytes: 1024, maxQueuedBytes: 300 })
      const numbers = new Map<number, number>()
      const held = new Set<number>()
      const present = new Set<number>()
      let now = 0
      let lastLeg = 100
      function check(outputs: readonly RelayOutput[]): void {
        for (const output of outputs) {
          if (output.type === 'report') continue
          if (output.type === 'accept' || output.type === 'refuse') expect(held.delete(output.leg)).toBe(true)
          if (output.type === 'accept') present.add(output.leg)
          if (output.type === 'send' || output.type === 'close') expect(present).toContain(output.leg)
          if (output.type === 'close') present.delete(output.leg)
          if (output.type === 'send' && output.bytes[0] === 0x82) decodeServiceFrame(output.bytes)
        }
      }
      for (const [raw, passed] of inputs) {
        now += passed
        check(step({ type: 'alarm' }, now))
        const opens = raw.type === 'register' || raw.type === 'contact' || raw.type === 'connect'
        // Numbers are never used twice, and tunnel IDs of contacts are fresh.
        if (opens) numbers.set(raw.leg, ++lastLeg)
        const each = 'leg' in raw ? { ...raw, leg: numbers.get(raw.leg) ?? 0 } : raw
        const fresh =
          each.type === 'contact' ? { ...each, tunnelId: tunnelId(new Uint8Array(16).fill(lastLeg)) } : each
        if (opens) held.add(lastLeg)
        if (fresh.type === 'gone') {
          held.delete(fresh.leg)
          present.delete(fresh.leg)
        }
        check(step(fresh, now))
        expect(load().bufferedBytes).toBeLessThanOrEqual(1024)
        expect(deadline() ?? Infinity).toBeGreaterThan(now)
      }
      check(step({ type: 'shutdown' }, now))
      expect([...held, ...present]).toEqual([])
      expect(load()).toMatchObject({ ringing: 0, waiting: 0, joined: 0, phones: 0, bufferedBytes: 0 })
      expect(deadline()).toBeUndefined()
    }),
  )
})
