import { beforeEach, describe, expect, it } from 'vitest'
import { lineKey, tunnelId } from '../../src/bytes/brands.js'
import type { LineKey } from '../../src/bytes/brands.js'
import { addressGroups } from '../../src/service/address-groups.js'
import { serviceLimits } from '../../src/service/limits.js'
import { OutsideCalls } from '../../src/service/outside-calls.js'
import { RevokedContacts } from '../../src/service/revoked-contacts.js'
import type { RelayOutput } from '../../src/service/relay-io.js'
import { serveTunnel } from '../../src/service/tunnel-server.js'
import {
  contact,
  acts,
  join,
  KEY,
  keyOf,
  LINE,
  load,
  OTHER_KEY,
  register,
  reply,
  ROUTING,
  say,
  step,
  withLimits,
} from '../support/contact-relay.js'
import { ask, UPGRADE } from '../support/service-peers.js'

const STRANGER = addressGroups('192.0.2.66')
const NEIGHBOUR = addressGroups('192.0.2.7')

const numbered = (index: number, length: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  new DataView(bytes.buffer).setUint32(0, index)
  return bytes
}
const keyNumber = (index: number): LineKey => lineKey(numbered(index + 1, 32))
const idNumber = (index: number): ReturnType<typeof tunnelId> => tunnelId(numbered(index + 1, 16))
const verdict = (outputs: readonly RelayOutput[], leg: number): string | undefined =>
  acts(outputs).find(act => act.startsWith(`${leg} `))

beforeEach(() => {
  withLimits({})
})

/** Opens so many tunnels. @returns how many were let in. */
function openTunnels(count: number, from: readonly string[], firstLeg: number): number {
  const legs = Array.from({ length: count }, (_, index) => firstLeg + index)
  const opened = legs.map(leg =>
    verdict(step({ type: 'new', leg, routingId: ROUTING, tunnelId: idNumber(leg), from }), leg),
  )
  return opened.filter(each => each?.endsWith(' accept')).length
}

describe('one address has its share', () => {
  it.each([
    ['a 64th of the tunnels', {}, 64, 429],
    ['16 where there are few', { maxTunnels: 200 }, 16, 429],
    ['all where there are fewer', { maxTunnels: 5 }, 5, 503],
    ['what its operator says', { maxTunnelsPerAddress: 100 }, 100, 429],
  ] as const)('of tunnels: %s', (_name, limits, share, status) => {
    withLimits(limits)
    expect(openTunnels(share, STRANGER, 100)).toBe(share)
    const ids = { routingId: ROUTING, tunnelId: idNumber(9000) }
    expect(acts(step({ type: 'new', leg: 9000, ...ids, from: STRANGER }))).toEqual([`9000 refuse ${status}`])
  })

  it('four addresses do not fill the tunnels, and a tunnel that ends makes room', () => {
    for (const [index, last] of [1, 2, 3, 4].entries())
      expect(openTunnels(4096, addressGroups(`198.51.100.${last}`), 10_000 * (index + 1))).toBe(64)
    expect(openTunnels(1, NEIGHBOUR, 1)).toBe(1)
    step({ type: 'gone', leg: 10_000, clean: true })
    expect(openTunnels(2, addressGroups('198.51.100.1'), 90_000)).toBe(1)
  })

  it('an IPv6 /64 has one share, a /56 two, a /48 four', () => {
    withLimits({ maxTunnelsPerAddress: 3 })
    const opened = (address: string, firstLeg: number): number =>
      openTunnels(20, addressGroups(address), firstLeg)
    expect(opened('2001:db8:1:0100::1', 100)).toBe(3)
    expect(opened('2001:db8:1:0100::2', 200)).toBe(0)
    expect(opened('2001:db8:1:0101::1', 300)).toBe(3)
    expect(opened('2001:db8:1:0102::1', 400)).toBe(0)
    expect(opened('2001:db8:1:0200::1', 500)).toBe(3)
    expect(opened('2001:db8:1:0300::1', 600)).toBe(3)
    expect(opened('2001:db8:1:0400::1', 700)).toBe(0)
    expect(opened('2001:db8:2::1', 800)).toBe(3)
  })

  it('of lines', () => {
    const lines = Array.from({ length: 4096 }, (_, index) =>
      acts(step({ type: 'register', leg: 100 + index, from: STRANGER })),
    ).flat()
    expect(lines.filter(act => act.endsWith('accept'))).toHaveLength(64)
    expect(lines.at(-1)).toBe('4195 refuse 429')
    expect(acts(step({ type: 'register', leg: 1, from: NEIGHBOUR }))).toEqual(['1 accept'])
    step({ type: 'gone', leg: 100, clean: true })
    expect(acts(step({ type: 'register', leg: 2, from: STRANGER }))).toEqual(['2 accept'])
  })

  it('of linked clients that wait, given back when the phone comes', () => {
    withLimits({ maxWaitingCalls: 1000, maxCallsPerMinute: 1000, maxWaitingCallsPerAddress: 2 })
    register()
    const ask = (leg: number, from = STRANGER): string | undefined =>
      verdict(contact({ leg, id: idNumber(leg), from }), leg)
    contact({ from: STRANGER })
    expect([ask(10), ask(11), ask(12, NEIGHBOUR)]).toEqual([undefined, '11 refuse 429', undefined])
    reply('ringing')
    expect(ask(13)).toBe('13 refuse 429')
    join()
    expect(ask(14)).toBeUndefined()
  })

  it('of connections follows from the others', () => {
    expect(serviceLimits()).toMatchObject({
      maxTunnelsPerAddress: 64,
      maxPhonesPerAddress: 64,
      maxWaitingCallsPerAddress: 16,
      maxConnectionsPerAddress: 208,
    })
    expect(serviceLimits({ maxTunnelsPerAddress: 1000 }).maxConnectionsPerAddress).toBe(2080)
    expect(serviceLimits({ maxTunnels: 10, maxPhones: 1 }).maxConnectionsPerAddress).toBe(37)
    expect(serviceLimits({ maxConnections: 9 }).maxConnectionsPerAddress).toBe(9)
  })
})

describe('a message that is not whole', () => {
  const open = (leg: number): unknown =>
    step({ type: 'new', leg, routingId: ROUTING, tunnelId: idNumber(leg) })

  it('costs the one that comes too late its connection when no other has begun more', () => {
    withLimits({ maxReceivingBytes: 1000 })
    open(1)
    open(2)
    step({ type: 'receiving', leg: 1, byteLength: 501 })
    expect(step({ type: 'receiving', leg: 2, byteLength: 499 })).toEqual([])
    expect(acts(step({ type: 'receiving', leg: 2, byteLength: 501 }))).toEqual(['2 close 1008', '2 cut'])
    expect(load().receivingBytes).toBe(501)
  })

  it('costs its sender the connection when it comes in crumbs', () => {
    open(1)
    expect(acts(step({ type: 'unacceptable', leg: 1, fault: 'crumbled' }))).toEqual(['1 close 1008', '1 cut'])
  })
})

describe('a message that is passed on', () => {
  it.each([
    [4096, 4106],
    [4097, 10],
  ])('as a view of %d bytes more than its own keeps %d of them', (more, kept) => {
    step({ type: 'new', leg: 1, routingId: ROUTING, tunnelId: idNumber(1) })
    step({ type: 'connect', leg: 2, routingId: ROUTING, tunnelId: idNumber(1) })
    const bytes = new Uint8Array(10 + more).subarray(0, 10)
    const [sent] = step({ type: 'message', leg: 1, bytes })
    expect(sent?.type === 'send' && sent.bytes.buffer.byteLength).toBe(kept)
  })
})

describe('calls', () => {
  it('of one’s own lines leave the phones of others in reach', () => {
    withLimits({ maxCallsPerAddressPerMinute: 5000, maxPhonesPerAddress: 5000 })
    register(LINE, KEY, [], 0, NEIGHBOUR)
    for (let index = 0; index < 4095; index++) {
      const [line, client] = [1000 + 2 * index, 1001 + 2 * index]
      register(line, keyNumber(index), [], 0, STRANGER)
      contact({ leg: client, key: keyNumber(index), id: idNumber(index), from: STRANGER })
      step({ type: 'gone', leg: client, clean: false })
      step({ type: 'gone', leg: line, clean: false })
    }
    expect(acts(contact({ from: NEIGHBOUR }))[0]).toMatch(/^1 send 82/)
  })

  it('of one address are limited by the minute, whatever they ask for', () => {
    withLimits({ maxCallsPerAddressPerMinute: 3 })
    const ask = (leg: number, now: number, from = STRANGER): string | undefined => {
      const outputs = contact({ leg, key: keyNumber(leg), id: idNumber(leg), now, from })
      step({ type: 'answered', leg, answer: 'unknown' }, now)
      return verdict(outputs, leg)
    }
    expect([ask(1, 0), ask(2, 0), ask(3, 0), ask(4, 0)]).toEqual([
      '1 ask-outside',
      '2 ask-outside',
      '3 ask-outside',
      '4 refuse 429',
    ])
    expect(ask(5, 59_999, NEIGHBOUR)).toBe('5 ask-outside')
    expect(ask(6, 59_999)).toBe('6 refuse 429')
    expect(ask(7, 60_000)).toBe('7 ask-outside')
  })

  it('of more contact IDs than are counted are all allowed', () => {
    for (let leg = 100; leg < 66_000; leg++) {
      contact({ leg, key: keyNumber(leg), id: idNumber(leg) })
      step({ type: 'answered', leg, answer: 'gone' })
    }
    expect(verdict(contact({ leg: 1, key: OTHER_KEY }), 1)).toBe('1 ask-outside')
  })

  it('of a phone count on, when a newer line of it replaces the older', () => {
    withLimits({ maxCallsPerMinute: 1 })
    register()
    contact()
    register(9)
    expect(acts(contact({ leg: 4, id: idNumber(4) }))).toEqual(['4 refuse 429'])
  })
})

describe('what is behind onCall', () => {
  const asks = (outside: OutsideCalls, contactId: string, from: readonly string[], now: number): string =>
    outside.answerFor(contactId, from, now) ?? 'ask'

  it('is asked within a rate for each address, and one for all', () => {
    const limits = { maxOutsideCallsPerAddressPerMinute: 2, maxOutsideCallsPerMinute: 3 }
    const outside = new OutsideCalls(serviceLimits(limits))
    const seen = [STRANGER, STRANGER, STRANGER, NEIGHBOUR, NEIGHBOUR].map((from, index) =>
      asks(outside, `${index}`, from, 0),
    )
    expect(seen).toEqual(['ask', 'ask', 'too-often', 'ask', 'too-often'])
    expect(asks(outside, 'x', STRANGER, 59_999)).toBe('too-often')
    expect(asks(outside, 'x', STRANGER, 60_000)).toBe('ask')
  })

  it('is not asked again for a while about what it did not know', () => {
    const outside = new OutsideCalls(serviceLimits())
    outside.remember('a', 0)
    expect(asks(outside, 'a', STRANGER, 29_999)).toBe('unknown')
    expect(asks(outside, 'b', STRANGER, 29_999)).toBe('ask')
    expect(asks(outside, 'a', STRANGER, 30_000)).toBe('ask')
  })

  it('hears of 30 invented contact IDs of one address in a minute, and of those of others too', async () => {
    let asked = 0
    const onCall = (): Promise<'unknown'> => Promise.resolve(((asked += 1), 'unknown'))
    const service = await serveTunnel({ port: 0, onCall })
    const status = async (path: string): Promise<number> =>
      (await ask(service, path, { ...UPGRADE, 'X-caBLE-Client-Payload': 'A0' })).status
    const statuses: number[] = []
    for (let index = 0; index < 40; index++)
      statuses.push(await status(`/cable/contact/${Buffer.from(`id ${index}`).toString('base64url')}`))
    statuses.push(await status(`/cable/contact/${Buffer.from('id 1').toString('base64url')}`))
    await service.close()
    expect(asked).toBe(30)
    expect(statuses).toEqual([...Array<number>(30).fill(404), ...Array<number>(10).fill(429), 404])
  })
})

describe('revocations', () => {
  it('of a phone outlast those that a stranger invents', () => {
    const old = keyOf(1)
    register(LINE, KEY, [old], 0, NEIGHBOUR)
    for (let index = 0; index < 257; index++) {
      const leg = 1000 + index
      const invented = Array.from({ length: 256 }, (_, each) => keyNumber(1_000_000 + 256 * index + each))
      step({ type: 'register', leg, from: STRANGER })
      say(leg, { type: 'register', key: keyNumber(index), revoked: invented })
      step({ type: 'gone', leg, clean: false })
    }
    expect(acts(contact({ key: old }))).toEqual(['2 refuse 410'])
    register(8, OTHER_KEY, [keyOf(2)], 0, addressGroups('203.0.113.1'))
    expect(acts(contact({ key: keyOf(2), leg: 9, id: idNumber(9) }))).toEqual(['9 refuse 410'])
  })

  it('of a network that has as many as any other push out none of the others', () => {
    const revoked = new RevokedContacts(2, 0)
    revoked.add('a1', 'a')
    revoked.add('b1', 'b')
    revoked.add('b2', 'b')
    expect(['a1', 'b1', 'b2'].map(each => revoked.has(each))).toEqual([true, true, false])
  })

  it('are kept to their number, at the cost of the network that has most', () => {
    const revoked = new RevokedContacts(4, 0)
    for (const [contactId, network] of [
      ['a1', 'a'],
      ['b1', 'b'],
      ['b2', 'b'],
      ['b3', 'b'],
      ['b4', 'b'],
      ['a2', 'a'],
      ['c1', 'c'],
      ['c2', 'c'],
      ['b1', 'c'],
    ] as const)
      revoked.add(contactId, network)
    const kept = ['a1', 'a2', 'b1', 'b2', 'b3', 'b4', 'c1', 'c2'].filter(each => revoked.has(each))
    expect(kept).toHaveLength(4)
    expect(kept).toEqual(expect.arrayContaining(['a1', 'b1', 'c1']))
  })
})
