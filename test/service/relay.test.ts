import { beforeEach, describe, expect, it } from 'vitest'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { routingId, tunnelId } from '../../src/bytes/brands.js'
import type { RoutingId, TunnelId } from '../../src/bytes/brands.js'
import { UsageError } from '../../src/errors.js'
import { serviceLimits } from '../../src/service/limits.js'
import type { TunnelServiceLimits } from '../../src/service/limits.js'
import { Relay } from '../../src/service/relay.js'
import type { RelayInput, RelayOutput } from '../../src/service/relay-io.js'
import { thrownBy } from '../support/thrown.js'

const PHONE = 1
const CLIENT = 2
const LATE = 3
const ROUTING = routingId(Uint8Array.of(1, 2, 3))
const OTHER_ROUTING = routingId(Uint8Array.of(1, 2, 4))
const TUNNEL = tunnelId(new Uint8Array(16).fill(7))
const OTHER_TUNNEL = tunnelId(new Uint8Array(16).fill(8))

let relay: Relay

beforeEach(() => {
  relay = new Relay(serviceLimits(), nodeCryptoProvider)
})

function withLimits(limits: Partial<TunnelServiceLimits>): void {
  relay = new Relay(serviceLimits(limits), nodeCryptoProvider)
}

function open(leg = PHONE, id: TunnelId = TUNNEL, now = 0): readonly RelayOutput[] {
  return relay.step({ type: 'new', leg, routingId: ROUTING, tunnelId: id }, now)
}

function connect(
  leg = CLIENT,
  routing: RoutingId = ROUTING,
  id: TunnelId = TUNNEL,
  now = 0,
): readonly RelayOutput[] {
  return relay.step({ type: 'connect', leg, routingId: routing, tunnelId: id }, now)
}

function message(leg: number, length: number, now = 0): readonly RelayOutput[] {
  return relay.step({ type: 'message', leg, bytes: new Uint8Array(length).fill(leg) }, now)
}

function step(input: RelayInput, now = 0): readonly RelayOutput[] {
  return relay.step(input, now)
}

const sent = (outputs: readonly RelayOutput[]): readonly string[] =>
  outputs.flatMap(output => (output.type === 'send' ? [`${output.leg}:${output.bytes.length}`] : []))

const closed = (outputs: readonly RelayOutput[]): readonly string[] =>
  outputs.flatMap(output => (output.type === 'close' ? [`${output.leg}:${output.code}`] : []))

function answer(outputs: readonly RelayOutput[]): number | 'accept' | undefined {
  for (const output of outputs) {
    if (output.type === 'accept') return 'accept'
    if (output.type === 'refuse') return output.status
  }
  return undefined
}

describe('admission', () => {
  it('accepts one phone and one client', () => {
    expect(open()).toEqual([
      { type: 'accept', leg: PHONE },
      { type: 'report', event: { type: 'tunnel-opened', tunnel: 1 } },
    ])
    expect(connect()).toEqual([
      { type: 'accept', leg: CLIENT },
      { type: 'report', event: { type: 'tunnel-joined', tunnel: 1 } },
    ])
  })

  const steps: Record<string, () => void> = { open, connect }
  const cases = [
    { name: 'a client without a phone', before: [], ask: () => connect(), status: 404 },
    { name: 'another routing ID', before: ['open'], ask: () => connect(CLIENT, OTHER_ROUTING), status: 404 },
    {
      name: 'another tunnel ID',
      before: ['open'],
      ask: () => connect(CLIENT, ROUTING, OTHER_TUNNEL),
      status: 404,
    },
    { name: 'a second client', before: ['open', 'connect'], ask: () => connect(LATE), status: 404 },
    { name: 'a second phone while it waits', before: ['open'], ask: () => open(LATE), status: 409 },
    { name: 'a second phone once joined', before: ['open', 'connect'], ask: () => open(LATE), status: 409 },
  ]
  it.each(cases)('refuses $name with $status', ({ before, ask, status }) => {
    for (const name of before) steps[name]?.()
    expect(ask()).toEqual([{ type: 'refuse', leg: expect.any(Number) as number, status }])
  })

  it('refuses with 503 when there are too many tunnels, until one ends', () => {
    withLimits({ maxTunnels: 1 })
    open()
    connect()
    expect(answer(open(LATE, OTHER_TUNNEL))).toBe(503)
    step({ type: 'gone', leg: PHONE, clean: true })
    expect(answer(open(LATE, OTHER_TUNNEL))).toBe('accept')
  })

  it('forgets a tunnel whose phone left before the client came', () => {
    open()
    expect(closed(step({ type: 'gone', leg: PHONE, clean: true }))).toEqual([])
    expect(answer(connect())).toBe(404)
    expect(relay.deadline()).toBeUndefined()
  })
})

describe('messages', () => {
  it('go to the other side, whole and in order', () => {
    open()
    connect()
    const bytes = Uint8Array.of(1, 2, 3)
    expect(step({ type: 'message', leg: CLIENT, bytes })).toEqual([{ type: 'send', leg: PHONE, bytes }])
    expect(step({ type: 'message', leg: PHONE, bytes })).toEqual([{ type: 'send', leg: CLIENT, bytes }])
    expect(sent(message(PHONE, 0))).toEqual([`${CLIENT}:0`])
  })

  it('wait for a client that is not there yet, and are not the sender’s bytes any more', () => {
    open()
    const bytes = Uint8Array.of(1)
    step({ type: 'message', leg: PHONE, bytes })
    bytes.fill(9)
    expect(sent(message(PHONE, 5))).toEqual([])
    const outputs = connect()
    expect(outputs.map(output => output.type)).toEqual(['accept', 'report', 'send', 'send'])
    expect(outputs).toContainEqual({ type: 'send', leg: CLIENT, bytes: Uint8Array.of(1) })
    expect(sent(outputs)).toEqual([`${CLIENT}:1`, `${CLIENT}:5`])
  })

  const KIB = 1024
  const queues = [
    { name: '8 messages', sizes: Array<number>(8).fill(1), fits: true },
    { name: '9 messages', sizes: Array<number>(9).fill(1), fits: false },
    { name: '64 KiB', sizes: [32 * KIB, 32 * KIB], fits: true },
    { name: '64 KiB and a byte', sizes: [32 * KIB, 32 * KIB, 1], fits: false },
    { name: 'one message of 64 KiB and a byte', sizes: [64 * KIB + 1], fits: false },
  ]
  it.each(queues)('$name for an absent client: fits $fits, else 1008', ({ sizes, fits }) => {
    open()
    const outputs = sizes.map(size => message(PHONE, size)).at(-1) ?? []
    expect(closed(outputs)).toEqual(fits ? [] : [`${PHONE}:1008`])
    expect(answer(connect())).toBe(fits ? 'accept' : 404)
  })

  it('of up to 1 MiB go on to a side that reads; one more byte closes with 1009', () => {
    open()
    connect()
    expect(sent(message(PHONE, 1024 * KIB))).toEqual([`${CLIENT}:${1024 * KIB}`])
    expect(closed(message(PHONE, 1024 * KIB + 1))).toEqual([`${PHONE}:1009`, `${CLIENT}:1001`])
  })

  it('wait behind what a slow reader has not taken, then follow', () => {
    open()
    connect()
    message(PHONE, 1024 * KIB)
    expect(sent(message(PHONE, 10))).toEqual([])
    expect(sent(message(PHONE, 20))).toEqual([])
    expect(sent(step({ type: 'flushed', leg: CLIENT, messages: 1 }))).toEqual([
      `${CLIENT}:10`,
      `${CLIENT}:20`,
    ])
  })

  it('to a side that does not read close both with 1008 when the queue is full', () => {
    open()
    connect()
    message(PHONE, 1024 * KIB)
    for (let index = 0; index < 8; index++) expect(closed(message(PHONE, 1))).toEqual([])
    expect(closed(message(PHONE, 1))).toEqual([`${PHONE}:1008`, `${CLIENT}:1008`])
  })

  it('in a burst are not held against a reader that had no time yet', () => {
    open()
    connect()
    for (let index = 0; index < 100; index++) expect(sent(message(CLIENT, 100))).toEqual([`${PHONE}:100`])
  })

  it('count even when empty', () => {
    open()
    connect()
    const outputs = Array.from({ length: 2000 }, () => message(PHONE, 0))
    expect(outputs.flatMap(closed)).toEqual([`${PHONE}:1008`, `${CLIENT}:1008`])
  })

  it('of all tunnels together are bounded, and the bound is given back', () => {
    withLimits({ maxBufferedBytes: 2 * 512 + 1199 })
    open(PHONE, TUNNEL)
    open(LATE, OTHER_TUNNEL)
    expect(closed(message(PHONE, 600))).toEqual([])
    expect(closed(message(LATE, 600))).toEqual([`${LATE}:1008`])
    step({ type: 'gone', leg: PHONE, clean: true })
    open(4, OTHER_TUNNEL)
    expect(closed(message(4, 512 + 1199))).toEqual([])
  })
})

describe('what has begun to arrive', () => {
  it('is counted, and the one that has begun most is cut when all together have begun too much', () => {
    withLimits({ maxReceivingBytes: 1000 })
    open()
    connect()
    expect(step({ type: 'receiving', leg: PHONE, byteLength: 600 })).toEqual([])
    expect(step({ type: 'receiving', leg: PHONE, byteLength: 700 })).toEqual([])
    expect(relay.load().receivingBytes).toBe(700)
    const outputs = step({ type: 'receiving', leg: CLIENT, byteLength: 301 })
    expect(closed(outputs)).toEqual([`${PHONE}:1008`, `${CLIENT}:1001`])
    expect(outputs.at(-1)).toEqual({ type: 'cut', leg: PHONE })
    expect(relay.load().receivingBytes).toBe(301)
    step({ type: 'gone', leg: CLIENT, clean: true })
    expect(relay.load().receivingBytes).toBe(0)
  })
})

describe('a relay that drains', () => {
  it('begins nothing new, lets who waits be joined and the joined finish', () => {
    open()
    connect()
    open(LATE, OTHER_TUNNEL)
    expect(closed(step({ type: 'drain', linesWithinMs: 5000 }))).toEqual([])
    expect(answer(open(5, OTHER_TUNNEL))).toBe(503)
    expect(answer(step({ type: 'register', leg: 6 }))).toBe(503)
    expect(answer(connect(4, ROUTING, OTHER_TUNNEL))).toBe('accept')
    expect(sent(message(PHONE, 5))).toEqual([`${CLIENT}:5`])
    expect(closed(step({ type: 'gone', leg: PHONE, clean: true }))).toEqual([`${CLIENT}:1000`])
    step({ type: 'gone', leg: 4, clean: true })
    expect(relay.deadline()).toBeUndefined()
  })
})

describe('the end', () => {
  const endings: readonly { name: string; input: RelayInput; codes: readonly string[]; reason: string }[] = [
    {
      name: 'the phone closes',
      input: { type: 'gone', leg: PHONE, clean: true },
      codes: [`${CLIENT}:1000`],
      reason: 'peer closed',
    },
    {
      name: 'the client closes',
      input: { type: 'gone', leg: CLIENT, clean: true },
      codes: [`${PHONE}:1000`],
      reason: 'peer closed',
    },
    {
      name: 'the phone vanishes',
      input: { type: 'gone', leg: PHONE, clean: false },
      codes: [`${CLIENT}:1001`],
      reason: 'peer vanished',
    },
    {
      name: 'the phone sends text',
      input: { type: 'unacceptable', leg: PHONE, fault: 'not-binary' },
      codes: [`${PHONE}:1003`, `${CLIENT}:1001`],
      reason: 'not binary',
    },
    {
      name: 'the client sends too much',
      input: { type: 'unacceptable', leg: CLIENT, fault: 'too-long' },
      codes: [`${PHONE}:1001`, `${CLIENT}:1009`],
      reason: 'message too long',
    },
    {
      name: 'the service stops',
      input: { type: 'shutdown' },
      codes: [`${PHONE}:1001`, `${CLIENT}:1001`],
      reason: 'service stops',
    },
  ]
  it.each(endings)('comes when $name', ({ input, codes, reason }) => {
    open()
    connect()
    const outputs = step(input)
    expect(closed(outputs)).toEqual(codes)
    expect(outputs.at(-1)).toEqual({ type: 'report', event: { type: 'tunnel-ended', tunnel: 1, reason } })
    expect(relay.deadline()).toBeUndefined()
    expect(step({ type: 'gone', leg: PHONE, clean: true })).toEqual([])
    expect(message(CLIENT, 1)).toEqual([])
    expect(step({ type: 'flushed', leg: CLIENT, messages: 1 })).toEqual([])
  })

  it('of a phone that answers and hangs up comes after its answer', () => {
    open()
    connect()
    message(PHONE, 100_000)
    message(PHONE, 10)
    const outputs = step({ type: 'gone', leg: PHONE, clean: false })
    expect(outputs.map(output => output.type)).toEqual(['send', 'close', 'report'])
    expect(sent(outputs)).toEqual([`${CLIENT}:10`])
  })
})

describe('lifetimes', () => {
  it('end a waiting tunnel after 120 s', () => {
    open(PHONE, TUNNEL, 1000)
    expect(relay.deadline()).toBe(121_000)
    expect(step({ type: 'alarm' }, 120_999)).toEqual([])
    expect(closed(step({ type: 'alarm' }, 121_000))).toEqual([`${PHONE}:1001`])
    expect(relay.deadline()).toBeUndefined()
  })

  it('are looked at before a client is let in, alarm or not', () => {
    open()
    const outputs = connect(CLIENT, ROUTING, TUNNEL, 120_000)
    expect(closed(outputs)).toEqual([`${PHONE}:1001`])
    expect(answer(outputs)).toBe(404)
  })

  it('end a joined tunnel 300 s after it was joined', () => {
    open(PHONE, TUNNEL, 0)
    connect(CLIENT, ROUTING, TUNNEL, 100_000)
    expect(relay.deadline()).toBe(400_000)
    expect(step({ type: 'alarm' }, 399_999)).toEqual([])
    expect(closed(step({ type: 'alarm' }, 400_000))).toEqual([`${PHONE}:1001`, `${CLIENT}:1001`])
  })

  it('are told by the first that ends, whatever its kind', () => {
    open(PHONE, TUNNEL, 0)
    connect(CLIENT, ROUTING, TUNNEL, 0)
    open(LATE, OTHER_TUNNEL, 50_000)
    expect(relay.deadline()).toBe(170_000)
    expect(closed(step({ type: 'alarm' }, 170_000))).toEqual([`${LATE}:1001`])
    expect(relay.deadline()).toBe(300_000)
  })
})

describe('limits', () => {
  it.each([0, -1, 1.5, NaN, Infinity])('refuse %d', value => {
    const error = thrownBy(() => serviceLimits({ maxTunnels: value }))
    expect(error).toBeInstanceOf(UsageError)
    expect(error).toMatchObject({ code: 'argument-invalid' })
  })
})
