import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { contactId, routingId, tunnelId } from '../../src/bytes/brands.js'
import { serviceLimits } from '../../src/service/limits.js'
import { contactTagOf } from '../../src/service/contact-tags.js'
import { Relay } from '../../src/service/relay.js'
import type { RelayInput } from '../../src/service/relay-io.js'

const ROUTING = routingId(Uint8Array.of(1, 2, 3))
const OTHER_ROUTING = routingId(Uint8Array.of(1, 2, 4))
const TUNNEL = tunnelId(new Uint8Array(16).fill(7))
const OTHER_TUNNEL = tunnelId(new Uint8Array(16).fill(8))
const BUDGET = 8 * (512 + 12)
const CONTACTS = [contactId(Uint8Array.of(1)), contactId(Uint8Array.of(2))]
const TOLD = ['ringing', 'gone', 'busy', 'too-often', 'silent', 'unknown', 'down'] as const

it('never throws, never speaks to strangers, and ends with nothing kept, whatever comes in', () => {
  const leg = fc.integer({ min: 1, max: 6 })
  const ids = {
    routingId: fc.constantFrom(ROUTING, OTHER_ROUTING),
    tunnelId: fc.constantFrom(TUNNEL, OTHER_TUNNEL),
  }
  const contacts = fc.constantFrom(...CONTACTS)
  const tag = contacts.map(id => contactTagOf(nodeCryptoProvider, id))
  const call = { clientPayload: fc.constant(Uint8Array.of(0xa0)), wantsSignal: fc.boolean() }
  const input: fc.Arbitrary<RelayInput> = fc.oneof(
    fc.record({ type: fc.constant('new' as const), leg, ...ids }),
    fc.record({ type: fc.constant('connect' as const), leg, ...ids }),
    fc.record({ type: fc.constant('message' as const), leg, bytes: fc.uint8Array({ maxLength: 40 }) }),
    fc.record({ type: fc.constant('receiving' as const), leg, byteLength: fc.nat(80) }),
    fc.record({ type: fc.constant('flushed' as const), leg, messages: fc.nat(4) }),
    fc.record({ type: fc.constant('gone' as const), leg, clean: fc.boolean() }),
    fc.record({ type: fc.constant('alarm' as const) }),
    fc.record({ type: fc.constant('contact' as const), leg, contactId: contacts, ...ids, ...call }),
    fc.record({ type: fc.constant('directory' as const), state: fc.constantFrom('up', 'down', 'unsettled') }),
    fc.record({ type: fc.constant('told' as const), leg, answer: fc.constantFrom(...TOLD) }),
    fc.record({ type: fc.constant('called' as const), call: fc.nat(), contact: tag, ...ids, ...call }),
    fc.record({ type: fc.constant('superseded' as const), contact: tag }),
    fc.record({ type: fc.constant('revoked' as const), contacts: fc.array(tag, { maxLength: 1 }) }),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(input, fc.nat(60_000)), { maxLength: 60 }), inputs => {
      const limits = serviceLimits({
        maxBufferedBytes: BUDGET,
        maxReceivingBytes: 100,
        maxQueuedBytes: 100,
        maxMessageBytes: 30,
      })
      const relay = new Relay(limits, nodeCryptoProvider)
      const numbers = new Map<number, number>()
      const present = new Set<number>()
      let now = 0
      let lastLeg = 0
      for (const [raw, passed] of inputs) {
        now += passed
        // Numbers are never used twice: an opening leg gets a fresh one in place of the drawn one.
        const opens = raw.type === 'new' || raw.type === 'connect' || raw.type === 'contact'
        if (opens) numbers.set(raw.leg, ++lastLeg)
        const each = 'leg' in raw ? { ...raw, leg: numbers.get(raw.leg) ?? 0 } : raw
        for (const output of relay.step({ type: 'alarm' }, now))
          if (output.type === 'close') present.delete(output.leg)
        if (each.type === 'gone') present.delete(each.leg)
        for (const output of relay.step(each, now)) {
          if (output.type === 'accept') present.add(output.leg)
          if (output.type === 'send' || output.type === 'close') expect(present).toContain(output.leg)
          if (output.type === 'close') present.delete(output.leg)
        }
        expect(relay.load().bufferedBytes).toBeLessThanOrEqual(BUDGET)
        expect(relay.load().receivingBytes).toBeLessThanOrEqual(100)
        expect(relay.deadline() ?? Infinity).toBeGreaterThan(now)
      }
      relay.step({ type: 'shutdown' }, now)
      for (let leg = 0; leg <= lastLeg; leg++) relay.step({ type: 'gone', leg, clean: true }, now)
      expect(new Set(Object.values(relay.load()))).toEqual(new Set([0]))
      relay.step({ type: 'new', leg: 1000, routingId: ROUTING, tunnelId: TUNNEL }, now)
      // These take all of the budget that there is.
      for (let index = 0; index < 8; index++) {
        const outputs = relay.step({ type: 'message', leg: 1000, bytes: new Uint8Array(12) }, now)
        expect(outputs.some(({ type }) => type === 'close')).toBe(false)
      }
      expect(relay.deadline()).toBe(now + 120_000)
    }),
  )
})
