import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect as tcpConnect } from 'node:net'
import type { Socket } from 'node:net'
import { connect as tlsConnect } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { addressGroups } from '../../src/service/address-groups.js'
import type { TunnelServer } from '../../src/service/tunnel-server.js'
import { manualClock } from '../support/manual-clock.js'
import { ask, clientOf, phoneOf, TUNNEL, UPGRADE } from '../support/service-peers.js'
import { useServices } from '../support/services.js'

const services = useServices()

interface Connected {
  readonly socket: Socket
  /** All that comes, once the connection is over. */
  readonly heard: Promise<string>
}

function keep(socket: Socket): Connected {
  services.keep(socket)
  let text = ''
  socket.on('error', () => undefined).on('data', chunk => (text += chunk.toString('latin1')))
  const heard = new Promise<string>(resolve => socket.once('close', () => resolve(text)))
  return { socket, heard }
}

const connect = ({ port }: TunnelServer): Connected => keep(tcpConnect(port, '127.0.0.1'))

const connectTls = ({ port }: TunnelServer): Connected =>
  keep(tlsConnect({ port, host: '127.0.0.1', ca: services.certificate.ca }))

const upgradeHead = (path: string): string =>
  [`GET ${path} HTTP/1.1`, 'Host: a', ...Object.entries(UPGRADE).map(field => field.join(': ')), '', ''].join(
    '\r\n',
  )

/** Asks for an upgrade and gives back the status line’s number; the socket stays. */
async function upgrade(service: TunnelServer, path: string): Promise<{ socket: Socket; status: number }> {
  const { socket } = connect(service)
  socket.write(upgradeHead(path))
  const [data] = (await once(socket, 'data')) as [Buffer]
  return { socket, status: Number(data.toString('latin1').slice('HTTP/1.1 '.length).slice(0, 3)) }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(resolve => setImmediate(resolve))
}

describe('connections', () => {
  it.each(['ws', 'wss'])(
    'from one address are limited over %s: the next is dropped unheard',
    async scheme => {
      const options = scheme === 'wss' ? { tls: services.certificate } : {}
      const service = await services.serve({ ...options, limits: { maxConnectionsPerAddress: 2 } })
      const [first] = [connect(service), connect(service)]
      await until(() => service.load().connections === 2)
      const third = connect(service)
      third.socket.write(upgradeHead(`/cable/new/${TUNNEL}`))
      expect(await third.heard).toBe('')
      expect(services.events).toEqual([
        { type: 'connection-dropped', reason: 'too many connections from one address' },
      ])
      first.socket.destroy()
      await until(() => service.load().connections === 1)
      await phoneOf(service, scheme === 'wss' ? { ca: services.certificate.ca } : {})
    },
  )

  it('altogether are limited', async () => {
    const service = await services.serve({ limits: { maxConnections: 2 } })
    connect(service)
    connect(service)
    await until(() => service.load().connections === 2)
    expect(await connect(service).heard).toBe('')
    expect(services.events).toEqual([{ type: 'connection-dropped', reason: 'too many connections' }])
  })

  it.each([
    ['127.0.0.1', ['127.0.0.1']],
    ['::ffff:192.0.2.7', ['192.0.2.7']],
    ['2001:db8:1:2:3:4:5:6', ['2001:db8:1:2::/64', '2001:db8:1:0::/56', '2001:db8:1::/48']],
    ['2001:db8:1:abcd::9', ['2001:db8:1:abcd::/64', '2001:db8:1:ab00::/56', '2001:db8:1::/48']],
    ['2001:0db8:0001:0002::', ['2001:db8:1:2::/64', '2001:db8:1:0::/56', '2001:db8:1::/48']],
    ['2001:db8::1', ['2001:db8:0:0::/64', '2001:db8:0:0::/56', '2001:db8:0::/48']],
    ['::1', ['0:0:0:0::/64', '0:0:0:0::/56', '0:0:0::/48']],
    ['fe80::1%eth0', ['fe80:0:0:0::/64', 'fe80:0:0:0::/56', 'fe80:0:0::/48']],
    ['', ['']],
  ])('from %s count as %s', (address, groups) => {
    expect(addressGroups(address)).toEqual(groups)
  })
})

describe('slow clients', () => {
  const NEW = upgradeHead(`/cable/new/${TUNNEL}`)
  const slow: readonly [string, string, RegExp][] = [
    ['say nothing', '', /^(HTTP\/1\.1 408 .*)?$/s],
    ['stop in the request line', NEW.slice(0, 9), /^HTTP\/1\.1 408 /],
    ['stop in the headers', NEW.slice(0, -20), /^HTTP\/1\.1 408 /],
    ['stop before the empty line', NEW.slice(0, -2), /^HTTP\/1\.1 408 /],
  ]
  it.each(slow)('that %s are sent away', async (_name, text, answer) => {
    const service = await services.serve({ limits: { upgradeTimeoutMs: 100 } })
    const { socket, heard } = connect(service)
    socket.write(text)
    expect(await heard).toMatch(answer)
    expect(service.load().connections).toBe(0)
  })

  it('that send a byte now and then are sent away', async () => {
    const service = await services.serve({ limits: { upgradeTimeoutMs: 200 } })
    const { socket, heard } = connect(service)
    let sent = 0
    const dribble = setInterval(() => socket.write(NEW.charAt(sent++)), 5)
    expect(await heard).toMatch(/^HTTP\/1\.1 408 /)
    clearInterval(dribble)
    expect(sent).toBeLessThan(NEW.length)
    expect(services.events).toEqual([{ type: 'refused', status: 408 }])
  })

  it('that do not begin TLS, or nothing after it, are sent away', async () => {
    const service = await services.serve({ tls: services.certificate, limits: { upgradeTimeoutMs: 100 } })
    expect(await connect(service).heard).toBe('')
    expect(services.events).toEqual([{ type: 'connection-dropped', reason: 'no TLS' }])
    expect(await connectTls(service).heard).toMatch(/^(HTTP\/1\.1 408 .*)?$/s)
  })

  it('that send no end of headers are refused with 431', async () => {
    const service = await services.serve()
    const { socket, heard } = connect(service)
    socket.write(`${NEW.slice(0, -2)}X-Long: ${'a'.repeat(20_000)}`)
    expect(await heard).toMatch(/^HTTP\/1\.1 431 /)
    expect(services.events).toEqual([{ type: 'refused', status: 431 }])
  })
})

describe('half-open tunnels', () => {
  it('in their thousands are refused beyond the limit, end by the clock and leave nothing', async () => {
    const [asked, limit] = [2000, 1500]
    const clock = manualClock()
    const service = await services.serve({
      clock,
      limits: { maxTunnels: limit, maxTunnelsPerAddress: asked, maxConnectionsPerAddress: asked },
    })
    const statuses = new Map<number, number>()
    for (let batch = 0; batch < asked; batch += 100) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => upgrade(service, `/cable/new/${randomBytes(16).toString('hex')}`)),
      )
      for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    expect(Object.fromEntries(statuses)).toEqual({ 101: limit, 503: asked - limit })
    expect(service.load()).toMatchObject({ waiting: limit, joined: 0, bufferedBytes: 0 })
    clock.advance(120_000)
    expect(service.load()).toMatchObject({ waiting: 0 })
    expect(clock.alarms()).toBe(0)
    services.cut()
    await until(() => service.load().connections === 0)
    await phoneOf(service)
  })
})

describe('what has begun to arrive', () => {
  const KIB = 1024
  /** The head of a masked binary frame that announces 1000 KiB, and part of what it announces. */
  function partOfFrame(byteLength: number): Buffer {
    const head = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0x0f, 0xa0, 0, 0, 0, 0, 0])
    return Buffer.concat([head, Buffer.alloc(byteLength - head.length)])
  }

  /** Each piece of a message takes 512 bytes beside its own. */
  const isAbout = (byteLength: number, expected: number): boolean =>
    byteLength >= expected && byteLength < 1.05 * expected

  it('is bounded for all together; the one that takes most is cut', async () => {
    const service = await services.serve({ limits: { maxReceivingBytes: 1000 * KIB } })
    const legs = await Promise.all(
      Array.from({ length: 5 }, () => upgrade(service, `/cable/new/${randomBytes(16).toString('hex')}`)),
    )
    const [first, most, third, late, patient] = legs.map(({ socket }) => socket)
    if (!first || !most || !third || !late || !patient) throw new Error('no sockets')
    const steps: readonly (readonly [Socket, number, number])[] = [
      [first, 200, 200],
      [most, 400, 600],
      [third, 300, 900],
    ]
    for (const [socket, kib, sum] of steps) {
      socket.write(partOfFrame(kib * KIB))
      await until(() => isAbout(service.load().receivingBytes, sum * KIB))
    }
    const cut = once(most, 'close')
    late.write(partOfFrame(150 * KIB))
    await cut
    await until(() => isAbout(service.load().receivingBytes, 650 * KIB))
    expect(service.load().waiting).toBe(4)
    expect(services.events.at(-1)).toMatchObject({ type: 'tunnel-ended', reason: 'too much at once' })
    first.destroy()
    await until(() => isAbout(service.load().receivingBytes, 450 * KIB))
    patient.write(partOfFrame(300 * KIB))
    await until(() => isAbout(service.load().receivingBytes, 750 * KIB))
  })

  it('is zero once the message is whole, whatever fragments and pings came before', async () => {
    const service = await services.serve({ limits: { maxReceivingBytes: 200 * KIB } })
    const phone = await phoneOf(service)
    const client = await clientOf(service, phone)
    for (let round = 0; round < 20; round++) {
      client.socket.send(Buffer.alloc(60 * KIB), { fin: false })
      client.socket.ping(Buffer.alloc(100))
      client.socket.send(Buffer.alloc(60 * KIB), { fin: true })
      expect(await phone.next()).toHaveLength(120 * KIB)
    }
    client.socket.ping()
    await once(client.socket, 'pong')
    expect(service.load().receivingBytes).toBeLessThan(KIB)
    client.socket.terminate()
    await until(() => service.load().receivingBytes === 0)
  })
})

describe('a service that drains', () => {
  it('lets joined tunnels finish, refuses new requests with 503, and is done when all have left', async () => {
    const service = await services.serve()
    const phone = await phoneOf(service)
    const client = await clientOf(service, phone)
    const waiting = await upgrade(service, '/cable/new/ffffffffffffffffffffffffffffffff')
    const closed = service.close({ drainMs: 60_000 })
    expect(service.load()).toMatchObject({ waiting: 1, joined: 1 })
    expect(waiting.status).toBe(101)
    waiting.socket.destroy()
    for (const path of ['/cable/new/00', `/cable/new/${'1'.repeat(32)}`, '/cable/register'])
      expect((await ask(service, path, UPGRADE)).status).toBe(path.endsWith('/00') ? 404 : 503)
    client.socket.send(Buffer.from([1]))
    expect(await phone.next()).toEqual(Buffer.from([1]))
    client.socket.close()
    expect(await phone.closed).toBe(1000)
    await closed
  })

  it('closes the tunnels that are left with 1001 when the time is over', async () => {
    const clock = manualClock()
    const service = await services.serve({ clock })
    const phone = await phoneOf(service)
    const client = await clientOf(service, phone)
    const closed = service.close({ drainMs: 5000 })
    clock.advance(5000)
    expect(await Promise.all([phone.closed, client.closed])).toEqual([1001, 1001])
    await closed
    expect(clock.alarms()).toBe(0)
  })

  it('waits no longer when it is closed again, and not at all without tunnels', async () => {
    const service = await services.serve()
    const phone = await phoneOf(service)
    const client = await clientOf(service, phone)
    const closed = service.close({ drainMs: 60_000 })
    await service.close()
    await closed
    expect(await Promise.all([phone.closed, client.closed])).toEqual([1001, 1001])
    const idle = await services.serve()
    await idle.close({ drainMs: 60_000 })
  })
})
