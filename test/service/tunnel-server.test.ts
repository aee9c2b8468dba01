import { once } from 'node:events'
import { connect as tcpConnect } from 'node:net'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { ClientOptions } from 'ws'
import { TunnelError, UsageError } from '../../src/errors.js'
import type {
  TunnelServer,
  TunnelServerOptions,
  TunnelServiceEvent,
} from '../../src/service/tunnel-server.js'
import { manualClock } from '../support/manual-clock.js'
import { expectNothingMoreOpen, openResources } from '../support/resources.js'
import { ask, clientOf, phoneOf, UPGRADE } from '../support/service-peers.js'
import { useServices } from '../support/services.js'

const services = useServices()
const serve = (options?: Partial<TunnelServerOptions>): Promise<TunnelServer> => services.serve(options)

describe.each(['ws', 'wss'])('over %s', scheme => {
  const serveScheme = (): Promise<TunnelServer> =>
    serve(scheme === 'wss' ? { tls: services.certificate } : {})
  const trust = (): ClientOptions => (scheme === 'wss' ? { ca: services.certificate.ca } : {})

  it('passes messages both ways, unread and unjoined', async () => {
    const service = await serveScheme()
    expect(service.url).toBe(`${scheme}://127.0.0.1:${service.port}`)
    const phone = await phoneOf(service, trust())
    const client = await clientOf(service, phone, trust())
    client.socket.send(Buffer.from([1, 2]))
    client.socket.send(Buffer.alloc(0))
    client.socket.send(Buffer.alloc(1024 * 1024, 5))
    expect(await phone.next()).toEqual(Buffer.from([1, 2]))
    expect(await phone.next()).toHaveLength(0)
    expect((await phone.next()).equals(Buffer.alloc(1024 * 1024, 5))).toBe(true)
    phone.socket.send(Buffer.from([3]))
    expect(await client.next()).toEqual(Buffer.from([3]))
  })

  it('gives the phone a routing ID, the client none, and selects the sub-protocol without extensions', async () => {
    const service = await serveScheme()
    const phone = await phoneOf(service, trust())
    expect(phone.headers['x-cable-routing-id']).toMatch(/^[0-9A-F]{6}$/)
    const client = await clientOf(service, phone, trust())
    expect(client.headers).not.toHaveProperty('x-cable-routing-id')
    for (const { socket } of [phone, client]) {
      expect(socket.protocol).toBe('fido.cable')
      expect(socket.extensions).toBe('')
    }
  })
})

describe('messages', () => {
  it('that the phone sent before the client came arrive in order', async () => {
    const service = await serve()
    const phone = await phoneOf(service)
    for (const byte of [1, 2, 3]) phone.socket.send(Buffer.from([byte]))
    // The answer to the ping shows that the service has read what came before.
    phone.socket.ping()
    await once(phone.socket, 'pong')
    const client = await clientOf(service, phone)
    expect(await client.next()).toEqual(Buffer.from([1]))
    expect(await client.next()).toEqual(Buffer.from([2]))
    expect(await client.next()).toEqual(Buffer.from([3]))
  })

  it('in fragments are put together', async () => {
    const service = await serve()
    const phone = await phoneOf(service)
    const client = await clientOf(service, phone)
    client.socket.send(Buffer.from([1]), { fin: false })
    client.socket.send(Buffer.from([2]), { fin: false })
    client.socket.send(Buffer.from([3]), { fin: true })
    expect(await phone.next()).toEqual(Buffer.from([1, 2, 3]))
  })

  it('sent just before the close arrive, then the peer hears 1000', async () => {
    const service = await serve()
    const phone = await phoneOf(service)
    const client = await clientOf(service, phone)
    phone.socket.send(Buffer.alloc(300_000, 1))
    phone.socket.send(Buffer.from([2]))
    phone.socket.close()
    expect(await client.next()).toHaveLength(300_000)
    expect(await client.next()).toEqual(Buffer.from([2]))
    expect(await client.closed).toBe(1000)
  })

  it('as text close with 1003, and with 1001 for the other', async () => {
    const service = await serve()
    const phone = await phoneOf(service)
    const client = await clientOf(service, phone)
    client.socket.send('text')
    expect(await client.closed).toBe(1003)
    expect(await phone.closed).toBe(1001)
  })

  it('of more than 1 MiB close with 1009', async () => {
    const service = await serve()
    const phone = await phoneOf(service)
    const client = await clientOf(service, phone)
    phone.socket.send(Buffer.alloc(1024 * 1024 + 1))
    expect(await phone.closed).toBe(1009)
    expect(await client.closed).toBe(1001)
  })

  it('for a client that never comes close with 1008 when they are too many', async () => {
    const service = await serve()
    const phone = await phoneOf(service)
    for (let index = 0; index < 9; index++) phone.socket.send(Buffer.from([index]))
    expect(await phone.closed).toBe(1008)
  })

  it('for a client that does not read close with 1008', async () => {
    const service = await serve()
    const phone = await phoneOf(service)
    const client = await clientOf(service, phone)
    client.socket.pause()
    const flood = (): void => {
      if (phone.socket.readyState === WebSocket.OPEN) phone.socket.send(Buffer.alloc(60_000), flood)
    }
    flood()
    expect(await phone.closed).toBe(1008)
    client.socket.terminate()
  })

  it('that break the rules of WebSocket end the tunnel', async () => {
    const service = await serve()
    const phone = await phoneOf(service)
    const client = await clientOf(service, phone)
    // A frame with a reserved bit, unmasked.
    socketOf(client.socket).write(Buffer.from([0xf2, 0x00]))
    expect(await client.closed).toBe(1002)
    expect(await phone.closed).toBe(1001)
  })
})

/** Unlike `once`, takes a reset for an end. */
function gone(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    socket.once('close', () => {
      resolve()
    })
  })
}

function socketOf(webSocket: WebSocket): Socket {
  return (webSocket as unknown as { _socket: Socket })._socket
}

describe('the end', () => {
  it('of a peer that vanishes is told with 1001', async () => {
    const service = await serve()
    const phone = await phoneOf(service)
    const client = await clientOf(service, phone)
    phone.socket.terminate()
    expect(await client.closed).toBe(1001)
  })

  it('comes by the clock', async () => {
    const clock = manualClock()
    const service = await serve({ clock })
    const phone = await phoneOf(service)
    clock.advance(120_000)
    expect(await phone.closed).toBe(1001)
    const second = await phoneOf(service)
    const client = await clientOf(service, second)
    clock.advance(300_000)
    expect(await Promise.all([second.closed, client.closed])).toEqual([1001, 1001])
    expect(clock.alarms()).toBe(0)
  })

  it('is reported without a word on identifiers', async () => {
    const events: TunnelServiceEvent[] = []
    const service = await serve({ onEvent: event => events.push(event) })
    const phone = await phoneOf(service)
    const client = await clientOf(service, phone)
    client.socket.close()
    await phone.closed
    await ask(service, '/', UPGRADE)
    expect(events).toEqual([
      { type: 'tunnel-opened', tunnel: 1 },
      { type: 'tunnel-joined', tunnel: 1 },
      { type: 'tunnel-ended', tunnel: 1, reason: 'peer closed' },
      { type: 'refused', status: 404 },
    ])
  })

  it('of the service closes tunnels with 1001 and leaves nothing, even with silent connections', async () => {
    const before = openResources()
    const service = await serve({ limits: { closeTimeoutMs: 50 } })
    const phone = await phoneOf(service)
    const client = await clientOf(service, phone)
    // Reads no close frame, so that its connection has to be cut.
    client.socket.pause()
    const silent = tcpConnect(service.port, '127.0.0.1').on('error', () => undefined)
    await once(silent, 'connect')
    const halfAsked = tcpConnect(service.port, '127.0.0.1').on('error', () => undefined)
    await once(halfAsked, 'connect')
    halfAsked.write('GET /cable/new/')
    const ended = Promise.all([silent, halfAsked].map(gone))
    await service.close()
    await service.close()
    expect(await phone.closed).toBe(1001)
    await ended
    client.socket.terminate()
    await client.closed
    await expectNothingMoreOpen(before)
  })
})

describe('serveTunnel', () => {
  it('refuses to do without TLS away from loopback', async () => {
    const error: unknown = await serve({ host: '0.0.0.0' }).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(TunnelError)
    expect(error).toMatchObject({ code: 'tunnel-insecure' })
  })

  it('serves every address with TLS', async () => {
    const service = await serve({ host: '0.0.0.0', tls: services.certificate })
    expect(service.url).toBe(`wss://localhost:${service.port}`)
    await phoneOf(service, { ca: services.certificate.ca })
  })

  it('writes an IPv6 address in brackets', async () => {
    expect((await serve({ host: '::1' })).url).toMatch(/^ws:\/\/\[::1\]:\d+$/)
  })

  it.each<[string, Partial<TunnelServerOptions>]>([
    ['a limit', { limits: { maxTunnels: 0 } }],
    ['a certificate', { tls: { cert: 'no', key: 'no' } }],
    ['a port', { port: 70_000 }],
  ])('refuses %s that cannot be', async (_name, options) => {
    const error: unknown = await serve(options).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(UsageError)
    expect(error).toMatchObject({ code: 'argument-invalid' })
  })

  it('says when the port is taken', async () => {
    const { port } = await serve()
    await expect(serve({ port })).rejects.toMatchObject({
      code: 'listen-failed',
      fault: 'environment',
      message: `cannot listen on 127.0.0.1:${port}: another program listens there`,
    })
  })
})
