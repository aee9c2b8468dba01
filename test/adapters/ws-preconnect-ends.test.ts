import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { WsDialerOptions } from '../../src/adapters/ws/ws.js'
import type { TestCertificate } from '../support/certificate.js'
import { serveProxy } from '../support/connect-proxy.js'
import type { TestProxy } from '../support/connect-proxy.js'
import { adopt, at, dialOver, leaveNothing, quickDialer } from '../support/dialling.js'
import {
  HOST,
  FAR,
  stranger,
  PreconnectedService,
  trusting,
  ahead,
  open,
  gone,
  turn,
} from '../support/preconnecting.js'

leaveNothing()

afterEach(() => {
  vi.useRealTimers()
})

describe('what is wrong with a connection opened ahead is told by the dial alone:', () => {
  it.each<[string, () => TestCertificate, WsDialerOptions]>([
    ['a certificate of a stranger', () => stranger, {}],
    ['a certificate for another name', () => stranger, { ca: 'of the stranger' }],
  ])('%s', async (_name, tls, { ca }) => {
    const service = await PreconnectedService.start(undefined, tls())
    const dialer = trusting(ca === undefined ? {} : { ca: stranger.ca })
    const connection = ahead(dialer, service.url)
    const { probe } = dialOver(dialer, service.url)
    expect(await probe.next()).toMatchObject({ type: 'failed', error: { code: 'tunnel-untrusted' } })
    expect(service.requests).toBe(0)
    await connection.close()
  })

  it('a certificate that is taken on loopback alone', async () => {
    const service = await PreconnectedService.start(undefined, stranger)
    const dialer = quickDialer({ insecure: true, proxy: false })
    ahead(dialer, service.url)
    await open(dialer, service.url)
    expect(service.connections).toHaveLength(1)
  })

  it('a service that is not there', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await new Promise(resolve => server.close(resolve))
    const dialer = trusting()
    const connection = ahead(dialer, at({ port }, 'wss'))
    const { probe } = dialOver(dialer, at({ port }, 'wss'))
    expect(await probe.next()).toMatchObject({ type: 'failed', error: { code: 'tunnel-unreachable' } })
    await connection.close()
  })
})

describe('through a proxy', () => {
  async function behindProxy(
    credentials?: string,
  ): Promise<{ service: PreconnectedService; proxy: TestProxy }> {
    const service = await PreconnectedService.start()
    const proxy = await serveProxy({ port: service.port, ...(credentials !== undefined && { credentials }) })
    adopt(proxy)
    return { service, proxy }
  }

  it('a connection opened ahead goes the way of the tunnel, which asks no more', async () => {
    const { service, proxy } = await behindProxy()
    const dialer = trusting({ proxy: `http://127.0.0.1:${proxy.port}` })
    ahead(dialer, FAR)
    await service.connected(1)
    expect(service.connections[0]).toHaveProperty('servername', HOST)
    await open(dialer, FAR)
    expect(proxy.asked).toEqual([`${HOST}:443`])
  })

  it('is taken while the proxy is still at work, and can be closed then', async () => {
    const { proxy } = await behindProxy()
    const dialer = trusting({ proxy: undefined, env: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` } })
    ahead(dialer, FAR)
    await open(dialer, FAR)
    await ahead(dialer, FAR).close()
    expect(proxy.asked[0]).toBe(`${HOST}:443`)
  })

  it('a refusal is told by the dial', async () => {
    const { service, proxy } = await behindProxy('anna:secret')
    const dialer = trusting({ proxy: `http://127.0.0.1:${proxy.port}` })
    ahead(dialer, FAR)
    const { probe } = dialOver(dialer, FAR)
    expect(await probe.next()).toMatchObject({
      type: 'failed',
      error: { code: 'proxy-refused', status: 407 },
    })
    expect(service.connections).toEqual([])
  })

  it('a variable that names no proxy is reported by the dial', async () => {
    const dialer = trusting({ proxy: undefined, env: { ALL_PROXY: 'socks5://127.0.0.1:1080' } })
    const connection = ahead(dialer, FAR)
    const { probe } = dialOver(dialer, FAR)
    expect(await probe.next()).toMatchObject({ type: 'failed', error: { code: 'proxy-unsupported' } })
    await connection.close()
  })
})

describe('how long a connection opened ahead is kept', () => {
  const TIME = { toFake: ['setTimeout', 'clearTimeout', 'performance'] } satisfies Parameters<
    typeof vi.useFakeTimers
  >[0]

  it.each([
    ['two minutes', 120_000, {}],
    ['as long as it is told', 10, { preconnectTimeoutMs: 10 }],
  ] as const)('%s', async (_name, limit, options) => {
    vi.useFakeTimers(TIME)
    const service = await PreconnectedService.start()
    const dialer = trusting(options)
    const connection = ahead(dialer, service.url)
    await service.connected(1)
    vi.advanceTimersByTime(limit - 1)
    await turn()
    expect(service.connections[0]?.closed).toBe(false)
    vi.advanceTimersByTime(1)
    await gone(service.connections[0])
    await connection.close()
    await open(dialer, service.url)
    expect(service.connections).toHaveLength(2)
  })

  it.each([
    ['four seconds and 999 ms are not worth another', 4999, 1],
    ['five seconds are', 5000, 2],
    ['and so is one ms more', 5001, 2],
  ])('where the service closes it: %s', async (_name, age, connections) => {
    vi.useFakeTimers(TIME)
    const service = await PreconnectedService.start()
    const dialer = trusting()
    const connection = ahead(dialer, service.url)
    await service.connected(1)
    vi.advanceTimersByTime(age)
    service.connections[0]?.destroy()
    if (connections > 1) await service.connected(connections)
    else await gone(service.connections[0])
    await open(dialer, service.url)
    expect(service.connections).toHaveLength(2)
    expect(service.requests).toBe(1)
    await connection.close()
  })

  it('no longer than the first attempt, where TLS was never set up', async () => {
    vi.useFakeTimers(TIME)
    const sockets: Socket[] = []
    const server = createServer(socket => sockets.push(socket.on('error', () => undefined)))
    adopt({ close: () => new Promise(resolve => server.close(() => resolve())) })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const came = once(server, 'connection')
    const connection = ahead(trusting(), at({ port }, 'wss'))
    await came
    vi.advanceTimersByTime(5000)
    sockets[0]?.destroy()
    for (let turns = 0; turns < 100; turns++) await turn()
    expect(sockets).toHaveLength(1)
    await connection.close()
  })
})
