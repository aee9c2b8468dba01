import { beforeEach, describe, expect, it } from 'vitest'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { systemRandom } from '../../src/adapters/system/system.js'
import { lineKey, routingId, tunnelId } from '../../src/bytes/brands.js'
import type { LineKey } from '../../src/bytes/brands.js'
import { deriveContactId } from '../../src/crypto/derive.js'
import { contactLineOver } from '../../src/driver/contact-line.js'
import { TunnelError } from '../../src/errors.js'
import type { CallReply } from '../../src/ports/contact-line.js'
import type { Tunnel, TunnelDialer, TunnelListener } from '../../src/ports/tunnel-dialer.js'
import type { RelayLimits } from '../../src/service/limits.js'
import { MemoryTunnelService } from '../../src/testing/memory-tunnel-service.js'
import { VirtualClock } from '../../src/testing/virtual-clock.js'
import { encodeServiceFrame } from '../../src/tunnel/contact-frames.js'
import { connectTunnelUrl, contactTunnelUrl } from '../../src/tunnel/url.js'
import { contactLineProbe } from '../support/contact-line-probe.js'
import type { ContactLineProbe } from '../support/contact-line-probe.js'
import { thrownBy } from '../support/thrown.js'
import { tunnelProbe } from '../support/tunnel-probe.js'
import type { TunnelProbe } from '../support/tunnel-probe.js'

const BASE = 'wss://cable.example.com'
const keyOf = (byte: number): LineKey => lineKey(new Uint8Array(32).fill(byte))
const KEY = keyOf(1)
const NEW_KEY = keyOf(2)

let clock: VirtualClock

beforeEach(() => {
  clock = new VirtualClock()
})

describe('over the tunnel service in memory', () => {
  let service: MemoryTunnelService

  beforeEach(() => {
    serve()
  })

  function serve(limits: Partial<RelayLimits> = {}): void {
    service = new MemoryTunnelService(clock, systemRandom, limits)
  }

  function open(
    probe: ContactLineProbe,
    key = KEY,
    revoked: readonly LineKey[] = [],
  ): { stop(): Promise<void> } {
    return contactLineOver({ dialer: service, clock }).open({ url: BASE, key, revoked }, probe)
  }

  function dial(
    url: string,
    headers: Readonly<Record<string, string>> = {},
  ): { tunnel: Tunnel; probe: TunnelProbe } {
    const probe = tunnelProbe()
    return { tunnel: service.dial({ url, subprotocol: 'fido.cable', headers }, probe), probe }
  }

  const ask = (
    key = KEY,
    headers: Readonly<Record<string, string>> = {},
  ): { tunnel: Tunnel; probe: TunnelProbe } => {
    const url = contactTunnelUrl(BASE, deriveContactId(nodeCryptoProvider, key))
    return dial(url, { 'X-caBLE-Client-Payload': 'A1B2', ...headers })
  }

  it('a linked client reaches its phone, which joins', async () => {
    const phone = contactLineProbe()
    open(phone)
    expect(await phone.next()).toEqual({ type: 'reachable' })
    const client = ask(KEY, { 'x-cable-signal-connection': 'true' })
    const rung = await phone.next()
    if (rung.type !== 'contact') throw new Error('no contact')
    expect(rung.contact.clientPayload).toEqual(Uint8Array.of(0xa1, 0xb2))
    expect(await client.probe.next()).toEqual({
      type: 'open',
      headers: new Map([['x-cable-signal-connection', ['true']]]),
    })
    client.tunnel.send(Uint8Array.of(1))
    const joined = dial(connectTunnelUrl(BASE, rung.contact.routingId, rung.contact.tunnelId))
    expect(await joined.probe.next()).toMatchObject({ type: 'open' })
    expect(await joined.probe.next()).toEqual({ type: 'message', bytes: Uint8Array.of(1) })
    expect(await client.probe.next()).toEqual({ type: 'message', bytes: Uint8Array.of(0) })
    joined.tunnel.send(Uint8Array.of(2))
    expect(await client.probe.next()).toEqual({ type: 'message', bytes: Uint8Array.of(2) })
  })

  const answers: readonly [string, number, string, () => CallReply | Promise<CallReply>][] = [
    ['gone', 410, 'tunnel-gone', () => 'gone'],
    ['busy', 409, 'tunnel-refused', () => 'busy'],
    ['nothing, in time', 404, 'tunnel-refused', () => new Promise<'gone'>(() => undefined)],
    ['with a failure', 404, 'tunnel-refused', () => Promise.reject(new Error('asleep'))],
    [
      'with an exception',
      404,
      'tunnel-refused',
      () => {
        throw new Error('asleep')
      },
    ],
  ]
  it.each(answers)('a phone answers %s: %d', async (_name, status, code, answer) => {
    const phone = contactLineProbe(answer)
    open(phone)
    await phone.next()
    const { probe } = ask()
    await clock.advance(10_000)
    expect(await probe.next()).toMatchObject({ type: 'failed', error: { code, status } })
    expect(phone.seen).toHaveLength(2)
  })

  it('a client without a payload gets 400, one of a stranger’s contact ID 404', async () => {
    const url = contactTunnelUrl(BASE, deriveContactId(nodeCryptoProvider, KEY))
    expect(await dial(url).probe.next()).toMatchObject({ error: { status: 400 } })
    expect(await ask().probe.next()).toMatchObject({ error: { status: 404 } })
  })

  it('a newer line replaces the older, which hears why', async () => {
    const [older, newer] = [contactLineProbe(), contactLineProbe()]
    open(older)
    await older.next()
    open(newer)
    await newer.next()
    expect(await older.next()).toMatchObject({
      type: 'failed',
      error: { code: 'contact-line-replaced', closeCode: 4409 },
    })
    ask()
    expect(await newer.next()).toMatchObject({ type: 'contact' })
  })

  it('a revoked key is refused, and its clients hear 410', async () => {
    const [old, renewed, again] = [contactLineProbe(), contactLineProbe(), contactLineProbe()]
    open(old)
    await old.next()
    open(renewed, NEW_KEY, [KEY])
    expect(await renewed.next()).toEqual({ type: 'reachable' })
    expect(await old.next()).toMatchObject({ error: { code: 'contact-key-revoked', closeCode: 4410 } })
    open(again)
    expect(await again.next()).toMatchObject({ error: { code: 'contact-key-revoked' } })
    expect(await ask().probe.next()).toMatchObject({ error: { code: 'tunnel-gone', status: 410 } })
  })

  it('stays while the service answers, asking three times as often as it must', async () => {
    const phone = contactLineProbe()
    const line = open(phone)
    await clock.advance(3_600_000)
    expect(phone.seen).toEqual([{ type: 'reachable' }])
    await line.stop()
    await line.stop()
    expect(clock.pending).toBe(0)
    expect(await ask().probe.next()).toMatchObject({ error: { status: 404 } })
  })

  it('hears nothing more once stopped, even while opening', async () => {
    const phone = contactLineProbe()
    await open(phone).stop()
    await clock.advance(100_000)
    expect(phone.seen).toEqual([])
    expect(clock.pending).toBe(0)
  })

  it('is refused when there are too many phones', async () => {
    serve({ maxPhones: 1 })
    open(contactLineProbe())
    const second = contactLineProbe()
    open(second, NEW_KEY)
    expect(await second.next()).toMatchObject({ error: { code: 'tunnel-refused', status: 503 } })
  })
})

describe('with a service that misbehaves', () => {
  interface Played {
    readonly listener: TunnelListener
    readonly sent: string[]
    readonly phone: ContactLineProbe
  }

  /** A line whose other side is the test. */
  function play(phone = contactLineProbe()): Played {
    const sent: string[] = []
    let listener: TunnelListener | undefined
    const dialer: TunnelDialer = {
      dial: (_request, given) => {
        listener = given
        return {
          send: bytes => sent.push(Buffer.from(bytes).toString('hex')),
          close: () => Promise.resolve(),
        }
      },
    }
    contactLineOver({ dialer, clock }).open({ url: BASE, key: KEY, revoked: [] }, phone)
    if (listener === undefined) throw new Error('not dialled')
    return { listener, sent, phone }
  }

  function registered(phone = contactLineProbe(), silenceLimitMs = 60_000): Played {
    const played = play(phone)
    played.listener.open(new Map())
    played.listener.message(encodeServiceFrame({ type: 'registered', silenceLimitMs }))
    return played
  }

  const CONTACT = encodeServiceFrame({
    type: 'contact',
    routingId: routingId(Uint8Array.of(1, 2, 3)),
    tunnelId: tunnelId(new Uint8Array(16).fill(7)),
    clientPayload: Uint8Array.of(0xa0),
  })
  const BUSY = `02${'07'.repeat(16)}02`

  const failures: readonly [string, (played: Played) => void, string][] = [
    [
      'that sends nonsense',
      ({ listener }) => {
        listener.message(Uint8Array.of(1))
      },
      'contact-frame-malformed',
    ],
    [
      'that registers twice',
      ({ listener }) => {
        listener.message(encodeServiceFrame({ type: 'registered', silenceLimitMs: 5000 }))
      },
      'message-unexpected',
    ],
    [
      'that closes',
      ({ listener }) => {
        listener.closed({ code: 1001, reason: 'x' })
      },
      'contact-line-lost',
    ],
    [
      'that has a limit',
      ({ listener }) => {
        listener.closed({ code: 1008, reason: 'x' })
      },
      'tunnel-limit',
    ],
    [
      'that the dialer gives up',
      ({ listener }) => {
        listener.failed(new TunnelError('tunnel-message-invalid', 'text'))
      },
      'tunnel-message-invalid',
    ],
  ]
  it.each(failures)('%s fails once, with its code', async (_name, misbehave, code) => {
    const played = registered()
    misbehave(played)
    misbehave(played)
    await clock.advance(100_000)
    expect(played.phone.seen.slice(1)).toMatchObject([{ type: 'failed', error: { code } }])
    expect(clock.pending).toBe(0)
  })

  it('a contact before the registration is unexpected', () => {
    const { listener, phone } = play()
    listener.open(new Map())
    listener.message(CONTACT)
    expect(phone.seen).toMatchObject([{ type: 'failed', error: { code: 'message-unexpected' } }])
  })

  it('no word on the registration for 30 s is a lost line', async () => {
    const { listener, phone } = play()
    listener.open(new Map())
    await clock.advance(29_999)
    expect(phone.seen).toEqual([])
    await clock.advance(1)
    expect(phone.seen).toMatchObject([{ type: 'failed', error: { code: 'contact-line-lost' } }])
  })

  it('silence for the limit is a lost line, whatever the phone asks', async () => {
    const { phone, sent } = registered(contactLineProbe(), 9000)
    await clock.advance(8999)
    expect(sent.slice(1)).toEqual(['03', '03'])
    expect(phone.seen).toHaveLength(1)
    await clock.advance(1)
    expect(phone.seen[1]).toMatchObject({ type: 'failed', error: { code: 'contact-line-lost' } })
    expect(clock.pending).toBe(0)
  })

  it('more than 16 contacts at once are answered with busy', async () => {
    const waiting: ((reply: 'ringing') => void)[] = []
    const phone = contactLineProbe(() => new Promise(resolve => waiting.push(resolve)))
    const { listener, sent } = registered(phone)
    for (let index = 0; index < 20; index++) listener.message(CONTACT)
    expect(waiting).toHaveLength(16)
    expect(sent.slice(1)).toEqual(Array(4).fill(BUSY))
    for (const answer of waiting) answer('ringing')
    await clock.advance(0)
    expect(sent.slice(1)).toHaveLength(20)
    listener.message(CONTACT)
    expect(waiting).toHaveLength(17)
  })

  it('no answer goes out after the end', async () => {
    let answer: (reply: 'ringing') => void = () => undefined
    const phone = contactLineProbe(
      () =>
        new Promise(resolve => {
          answer = resolve
        }),
    )
    const { listener, sent } = registered(phone)
    listener.message(CONTACT)
    listener.closed({ code: 1001, reason: '' })
    answer('ringing')
    await clock.advance(0)
    expect(sent).toHaveLength(1)
  })
})

it.each([
  ['an address that is none', 'nowhere', 0, 'argument-invalid'],
  ['ws away from loopback', 'ws://cable.example.com', 0, 'tunnel-insecure'],
  ['too many revoked keys', BASE, 257, 'argument-invalid'],
])('open throws for %s', (_name, url, count, code) => {
  const revoked = Array.from({ length: count }, () => NEW_KEY)
  const dialer = new MemoryTunnelService(clock, systemRandom)
  const error = thrownBy(() =>
    contactLineOver({ dialer, clock }).open({ url, key: KEY, revoked }, contactLineProbe()),
  )
  expect(error).toMatchObject({ code })
})
