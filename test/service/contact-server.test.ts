import { once } from 'node:events'
import { connect as tcpConnect } from 'node:net'
import type { Socket } from 'node:net'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { systemClock } from '../../src/adapters/system/system.js'
import { wsDialer } from '../../src/adapters/ws/ws.js'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { lineKey } from '../../src/bytes/brands.js'
import type { LineKey } from '../../src/bytes/brands.js'
import { deriveContactId } from '../../src/crypto/derive.js'
import { contactLineOver } from '../../src/driver/contact-line.js'
import type { OpenContactLine } from '../../src/ports/contact-line.js'
import type { Tunnel } from '../../src/ports/tunnel-dialer.js'
import type { CallRequest } from '../../src/service/relay-io.js'
import { serveTunnel } from '../../src/service/tunnel-server.js'
import type {
  TunnelServer,
  TunnelServerOptions,
  TunnelServiceEvent,
} from '../../src/service/tunnel-server.js'
import { encodePhoneFrame } from '../../src/tunnel/contact-frames.js'
import { connectTunnelUrl, registerUrl } from '../../src/tunnel/url.js'
import { makeCertificate } from '../support/certificate.js'
import type { TestCertificate } from '../support/certificate.js'
import { contactLineProbe } from '../support/contact-line-probe.js'
import type { ContactLineProbe } from '../support/contact-line-probe.js'
import { manualClock } from '../support/manual-clock.js'
import { expectNothingMoreOpen, openResources } from '../support/resources.js'
import { ask, UPGRADE } from '../support/service-peers.js'
import { tunnelProbe } from '../support/tunnel-probe.js'
import type { TunnelProbe } from '../support/tunnel-probe.js'

const keyOf = (byte: number): LineKey => lineKey(new Uint8Array(32).fill(byte))
const KEY = keyOf(1)
const PAYLOAD = { 'X-caBLE-Client-Payload': 'A1B2' }
const pathOf = (key = KEY): string =>
  `/cable/contact/${encodeBase64url(deriveContactId(nodeCryptoProvider, key))}`

let certificate: TestCertificate
let closers: (() => Promise<void>)[] = []
let events: TunnelServiceEvent[] = []
let before = openResources()

beforeAll(async () => {
  certificate = await makeCertificate()
})

beforeEach(() => {
  before = openResources()
})

afterEach(async () => {
  for (const close of closers.toReversed()) await close()
  closers = []
  events = []
  await expectNothingMoreOpen(before)
})

async function serve(options: Partial<TunnelServerOptions> = {}): Promise<TunnelServer> {
  const service = await serveTunnel({ port: 0, onEvent: event => events.push(event), ...options })
  closers.push(() => service.close())
  return service
}

function open(
  service: TunnelServer,
  phone: ContactLineProbe,
  key = KEY,
  revoked: LineKey[] = [],
): OpenContactLine {
  const dialer = wsDialer({ ca: certificate.ca, closeTimeoutMs: 20 })
  const line = contactLineOver({ dialer, clock: systemClock }).open({ url: service.url, key, revoked }, phone)
  closers.push(() => line.stop())
  return line
}

async function registered(
  service: TunnelServer,
  answer?: Parameters<typeof contactLineProbe>[0],
): Promise<ContactLineProbe> {
  const phone = contactLineProbe(answer)
  open(service, phone)
  expect(await phone.next()).toEqual({ type: 'reachable' })
  return phone
}

function dial(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): { tunnel: Tunnel; probe: TunnelProbe } {
  const probe = tunnelProbe()
  const dialer = wsDialer({ ca: certificate.ca, closeTimeoutMs: 20 })
  const tunnel = dialer.dial({ url, subprotocol: 'fido.cable', headers }, probe)
  closers.push(() => tunnel.close())
  return { tunnel, probe }
}

/** Waits until the service has reported an event of this type. */
async function reported(type: TunnelServiceEvent['type']): Promise<void> {
  while (!events.some(event => event.type === type)) await new Promise(resolve => setImmediate(resolve))
}

describe.each(['ws', 'wss'])('over %s', scheme => {
  const serveScheme = (options: Partial<TunnelServerOptions> = {}): Promise<TunnelServer> =>
    serve({ ...(scheme === 'wss' && { tls: certificate }), ...options })

  it('a linked client reaches its phone: held, let in, signalled, queued for', async () => {
    const service = await serveScheme()
    let ring: (reply: 'ringing') => void = () => undefined
    const phone = await registered(service, () => new Promise(resolve => (ring = resolve)))
    const client = dial(service.url + pathOf(), { ...PAYLOAD, 'X-caBLE-Signal-Connection': 'true' })
    const rung = await phone.next()
    if (rung.type !== 'contact') throw new Error('no contact')
    expect(rung.contact.clientPayload).toEqual(Uint8Array.of(0xa1, 0xb2))
    expect(client.probe.seen).toEqual([])
    ring('ringing')
    const opened = await client.probe.next()
    if (opened.type !== 'open') throw new Error('not opened')
    expect(opened.headers.get('x-cable-signal-connection')).toEqual(['true'])
    expect(opened.headers.has('x-cable-routing-id')).toBe(false)
    client.tunnel.send(Uint8Array.of(1))
    const joined = dial(connectTunnelUrl(service.url, rung.contact.routingId, rung.contact.tunnelId))
    expect(await joined.probe.next()).toMatchObject({ type: 'open' })
    joined.tunnel.send(Uint8Array.of(2))
    expect(await joined.probe.next()).toEqual({ type: 'message', bytes: Uint8Array.of(1) })
    expect(await client.probe.next()).toEqual({ type: 'message', bytes: Uint8Array.of(0) })
    expect(await client.probe.next()).toEqual({ type: 'message', bytes: Uint8Array.of(2) })
    expect(events.map(({ type }) => type)).toEqual([
      'phone-reachable',
      'tunnel-ringing',
      'tunnel-opened',
      'tunnel-joined',
    ])
  })

  it('a client that did not ask is not promised a signal, nor one that asks in other words', async () => {
    const service = await serveScheme()
    await registered(service)
    for (const value of [undefined, 'TRUE', '1']) {
      const wanted = value === undefined ? {} : { 'X-caBLE-Signal-Connection': value }
      const opened = await dial(service.url + pathOf(), { ...PAYLOAD, ...wanted }).probe.next()
      if (opened.type !== 'open') throw new Error('not opened')
      expect(opened.headers.has('x-cable-signal-connection')).toBe(false)
    }
  })

  it('an unlinked phone gives 410, before and after its service has been restarted', async () => {
    const first = await serveScheme()
    await registered(first)
    const renewed = contactLineProbe()
    open(first, renewed, keyOf(2), [KEY])
    await renewed.next()
    expect(await dial(first.url + pathOf(), PAYLOAD).probe.next()).toMatchObject({
      error: { code: 'tunnel-gone', status: 410 },
    })
    await first.close()
    const second = await serveScheme()
    const again = contactLineProbe()
    open(second, again, keyOf(2), [KEY])
    await again.next()
    expect(await dial(second.url + pathOf(), PAYLOAD).probe.next()).toMatchObject({
      error: { code: 'tunnel-gone', status: 410 },
    })
    const old = contactLineProbe()
    open(second, old)
    expect(await old.next()).toMatchObject({ error: { code: 'contact-key-revoked' } })
  })
})

describe('statuses', () => {
  it('404 for an unknown contact ID, or one whose phone has left', async () => {
    const service = await serve()
    expect((await ask(service, pathOf(), { ...UPGRADE, ...PAYLOAD })).status).toBe(404)
    const phone = contactLineProbe()
    const line = open(service, phone)
    await phone.next()
    await line.stop()
    await reported('phone-left')
    expect((await ask(service, pathOf(), { ...UPGRADE, ...PAYLOAD })).status).toBe(404)
  })

  it('404 when the phone does not answer in time', async () => {
    const clock = manualClock()
    const service = await serve({ clock })
    const phone = await registered(service, () => new Promise(() => undefined))
    const answer = ask(service, pathOf(), { ...UPGRADE, ...PAYLOAD })
    await phone.next()
    clock.advance(10_000)
    expect((await answer).status).toBe(404)
  })

  it('410 when the phone says so, 429 when it is asked too often, 503 when too many wait', async () => {
    const service = await serve({ limits: { maxCallsPerMinute: 2, maxWaitingCalls: 1 } })
    const phone = await registered(service, () => 'gone')
    const status = async (): Promise<number> =>
      (await ask(service, pathOf(), { ...UPGRADE, ...PAYLOAD })).status
    expect([await status(), await status(), await status()]).toEqual([410, 410, 429])
    expect(phone.seen.filter(({ type }) => type === 'contact')).toHaveLength(2)
    const other = contactLineProbe(() => new Promise(() => undefined))
    open(service, other, keyOf(2))
    await other.next()
    const held = dial(service.url + pathOf(keyOf(2)), PAYLOAD)
    await other.next()
    expect((await ask(service, pathOf(keyOf(2)), { ...UPGRADE, ...PAYLOAD })).status).toBe(503)
    await held.tunnel.close()
  })
})

describe('a held client', () => {
  async function held(
    options: Partial<TunnelServerOptions> = {},
  ): Promise<{ socket: Socket; service: TunnelServer }> {
    const service = await serve(options)
    const phone = await registered(service, () => new Promise(() => undefined))
    const socket = tcpConnect(service.port, '127.0.0.1')
    closers.push(() => {
      socket.destroy()
      return Promise.resolve()
    })
    const fields = Object.entries({ ...UPGRADE, ...PAYLOAD, Host: 'localhost' }).map(field =>
      field.join(': '),
    )
    socket.write([`GET ${pathOf()} HTTP/1.1`, ...fields, '', ''].join('\r\n'))
    await phone.next()
    return { socket, service }
  }

  it.each([
    ['hangs up', (socket: Socket) => socket.end()],
    ['vanishes', (socket: Socket) => socket.resetAndDestroy()],
    ['speaks before it may', (socket: Socket) => socket.write('x')],
  ])('that %s is forgotten at once', async (_name, act) => {
    const { socket } = await held()
    act(socket)
    await reported('tunnel-ended')
    expect(events.at(-1)).toEqual({ type: 'tunnel-ended', tunnel: 1, reason: 'peer vanished' })
  })

  it('gets 503 when the service stops', async () => {
    const { socket, service } = await held()
    let answer = ''
    socket.on('data', chunk => (answer += chunk.toString()))
    const ended = once(socket, 'close')
    await service.close()
    await ended
    expect(answer).toMatch(/^HTTP\/1\.1 503 /)
  })
})

describe('a line', () => {
  it('that falls silent is closed by the service within 60 s', async () => {
    const clock = manualClock()
    const service = await serve({ clock })
    const silent = dial(registerUrl(service.url))
    await silent.probe.next()
    silent.tunnel.send(encodePhoneFrame({ type: 'register', key: KEY, revoked: [] }))
    expect(await silent.probe.next()).toMatchObject({ type: 'message' })
    clock.advance(60_000)
    expect(await silent.probe.next()).toMatchObject({ type: 'closed', code: 1001, reason: 'silent' })
  })

  it('that is cut off is noticed by the phone, and forgotten by the service', async () => {
    const service = await serve()
    const phone = await registered(service)
    await service.close()
    expect(await phone.next()).toMatchObject({
      type: 'failed',
      error: { code: 'contact-line-lost', closeCode: 1001 },
    })
  })
})

describe('a service of push messages', () => {
  it('is asked for a phone that is on no line, which joins by the identifiers it got', async () => {
    const requests: CallRequest[] = []
    const service = await serve({
      onCall: request => {
        requests.push(request)
        return Promise.resolve('ringing')
      },
    })
    const client = dial(service.url + pathOf(), PAYLOAD)
    expect(await client.probe.next()).toMatchObject({ type: 'open' })
    const [request] = requests
    if (request === undefined) throw new Error('not asked')
    expect(request.contactId).toEqual(deriveContactId(nodeCryptoProvider, KEY))
    expect(request.clientPayload).toEqual(Uint8Array.of(0xa1, 0xb2))
    const phone = dial(connectTunnelUrl(service.url, request.routingId, request.tunnelId))
    expect(await phone.probe.next()).toMatchObject({ type: 'open' })
    await registered(service)
    await dial(service.url + pathOf(), PAYLOAD).probe.next()
    expect(requests).toHaveLength(1)
  })

  it.each([
    ['gone', () => Promise.resolve('gone' as const), 410, false],
    ['unknown', () => Promise.resolve('unknown' as const), 404, false],
    ['a failure', () => Promise.reject(new Error('no push today')), 404, true],
    ['nonsense', () => Promise.resolve('maybe' as 'gone'), 404, true],
  ])('that answers %s', async (_name, onCall, status, fails) => {
    const service = await serve({ onCall })
    expect((await ask(service, pathOf(), { ...UPGRADE, ...PAYLOAD })).status).toBe(status)
    expect(events.some(({ type }) => type === 'call-failed')).toBe(fails)
  })

  it('that throws is named', async () => {
    const cause = new Error('no push today')
    const service = await serve({ onCall: () => Promise.reject(cause) })
    await ask(service, pathOf(), { ...UPGRADE, ...PAYLOAD })
    const error = expect.objectContaining({
      code: 'callback-failed',
      message: 'onCall threw',
      cause,
    }) as Error
    expect(events).toContainEqual({ type: 'call-failed', error })
  })
})

it('reports no identifiers', async () => {
  const service = await serve()
  const phone = await registered(service)
  await dial(service.url + pathOf(), PAYLOAD).probe.next()
  await phone.next()
  expect(JSON.stringify(events)).toBe(
    JSON.stringify([
      { type: 'phone-reachable', phone: 1 },
      { type: 'tunnel-ringing', tunnel: 1 },
      { type: 'tunnel-opened', tunnel: 1 },
    ]),
  )
})
