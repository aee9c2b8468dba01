import { once } from 'node:events'
import { Agent } from 'node:https'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { WsDialerOptions } from '../../src/adapters/ws/ws.js'
import type { Preconnection, TunnelDialer } from '../../src/ports/tunnel-dialer.js'
import { makeCertificate } from '../support/certificate.js'
import type { TestCertificate } from '../support/certificate.js'
import { serveProxy } from '../support/connect-proxy.js'
import type { TestProxy } from '../support/connect-proxy.js'
import { adopt, at, dialOver, leaveNothing, PATH, quickDialer, serve } from '../support/dialling.js'
import { httpAnswer, upgradeAnswer } from '../support/raw-server.js'
import type { RawRequest, RawServer } from '../support/raw-server.js'
import { thrownBy } from '../support/thrown.js'

const HOST = 'cable.ua5v.com'
const FAR = `wss://${HOST}${PATH}`

let certificate: TestCertificate
let stranger: TestCertificate

beforeAll(async () => {
  ;[certificate, stranger] = await Promise.all([
    makeCertificate({ dns: [HOST], ips: ['127.0.0.1'] }),
    makeCertificate({ dns: ['elsewhere.example'], ips: [] }),
  ])
})

leaveNothing()

afterEach(() => {
  vi.useRealTimers()
})

type Answer = (request: RawRequest, socket: Socket, connection: number) => string

/** A tunnel service over TLS that tells its connections apart. */
class Service {
  readonly connections: Socket[] = []
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = []
  #server: RawServer | undefined

  static async start(
    answer: Answer = request => upgradeAnswer(request),
    tls = certificate,
  ): Promise<Service> {
    const service = new Service()
    const numbered = (request: RawRequest, socket: Socket): string =>
      answer(request, socket, service.connections.indexOf(socket))
    service.#server = await serve(numbered, tls, socket => {
      service.#greet(socket)
    })
    return service
  }

  get url(): string {
    return at({ port: this.port }, 'wss')
  }

  get port(): number {
    return this.#server?.port ?? 0
  }

  get requests(): number {
    return this.#server?.requests.length ?? 0
  }

  /** Settles when so many connections have come with TLS. */
  async connected(count: number): Promise<void> {
    if (this.connections.length >= count) return
    await new Promise<void>(resolve => {
      this.#waiting.push({ count, resolve })
    })
  }

  #greet(socket: Socket): void {
    this.connections.push(socket)
    for (const { count, resolve } of this.#waiting) if (this.connections.length >= count) resolve()
  }
}

function trusting(options: WsDialerOptions = {}): TunnelDialer {
  return quickDialer({ ca: certificate.ca, proxy: false, ...options })
}

function ahead(dialer: TunnelDialer, url: string): Preconnection {
  const connection = dialer.preconnect?.(url)
  if (connection === undefined) throw new Error('no connection is opened ahead')
  return connection
}

async function open(dialer: TunnelDialer, url: string): Promise<void> {
  expect(await dialOver(dialer, url).probe.next()).toMatchObject({ type: 'open' })
}

/** Settles when the other end has seen the connection go. */
async function gone(socket: Socket | undefined): Promise<void> {
  if (socket?.closed !== false) return
  await new Promise(resolve => socket.once('close', resolve))
}

/** Until the end of a turn, in which what was closed is given up. */
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

describe('a connection opened ahead', () => {
  it('carries no request, and then the next tunnel to that service', async () => {
    const service = await Service.start()
    const dialer = trusting()
    ahead(dialer, `wss://127.0.0.1:${service.port}`)
    await service.connected(1)
    expect(service.requests).toBe(0)
    await open(dialer, service.url)
    expect(service.connections).toHaveLength(1)
  })

  it('is taken while it is still being made', async () => {
    const service = await Service.start()
    const dialer = trusting()
    ahead(dialer, service.url)
    await open(dialer, service.url)
    expect(service.connections).toHaveLength(1)
  })

  it('carries one tunnel: the next has a connection of its own', async () => {
    const service = await Service.start()
    const dialer = trusting()
    ahead(dialer, service.url)
    await open(dialer, service.url)
    await open(dialer, service.url)
    expect(service.connections).toHaveLength(2)
  })

  it('is not for another service', async () => {
    const [service, other] = await Promise.all([Service.start(), Service.start()])
    const dialer = trusting()
    const connection = ahead(dialer, service.url)
    await service.connected(1)
    await open(dialer, other.url)
    expect([service.requests, other.connections.length]).toEqual([0, 1])
    await connection.close()
  })

  it('is not for the call of a linked client, whose answer may be held back', async () => {
    const service = await Service.start()
    const dialer = trusting()
    const connection = ahead(dialer, service.url)
    await service.connected(1)
    const { probe } = dialOver(dialer, service.url, { 'X-caBLE-Client-Payload': 'A0' })
    expect(await probe.next()).toMatchObject({ type: 'open' })
    expect(service.connections).toHaveLength(2)
    await connection.close()
  })

  it('is the only one to its service, and stays until the last who wants it has closed it', async () => {
    const service = await Service.start()
    const dialer = trusting()
    const [first, second] = [ahead(dialer, service.url), ahead(dialer, service.url)]
    await service.connected(1)
    await first.close()
    await first.close()
    await open(dialer, service.url)
    expect(service.connections).toHaveLength(1)
    await second.close()
  })

  it('is gone once all have closed it, and leaves nothing', async () => {
    const service = await Service.start()
    const dialer = trusting()
    const connections = [ahead(dialer, service.url), ahead(dialer, service.url)]
    await service.connected(1)
    await Promise.all(connections.map(each => each.close()))
    await gone(service.connections[0])
    await open(dialer, service.url)
    expect(service.connections).toHaveLength(2)
  })

  it('can be closed while it is being made', async () => {
    const service = await Service.start()
    await ahead(trusting(), service.url).close()
    expect(service.requests).toBe(0)
  })

  it('stays the tunnel’s when it is closed afterwards', async () => {
    const service = await Service.start()
    const dialer = trusting()
    const connection = ahead(dialer, service.url)
    const { tunnel, probe } = dialOver(dialer, service.url)
    await connection.close()
    expect(await probe.next()).toMatchObject({ type: 'open' })
    await tunnel.close()
    expect(probe.seen).toHaveLength(1)
  })

  it('is waited for when it is closed, by its user or with its tunnel', async () => {
    const service = await Service.start(() => '')
    const dialer = trusting()
    ahead(dialer, service.url)
    const ends = [dialOver(dialer, service.url).tunnel.close(), ahead(dialer, service.url).close()]
    let over = 0
    for (const end of ends) void end.then(() => over++)
    // A socket closes in a turn of its own.
    for (let step = 0; step < 20; step++) await Promise.resolve()
    expect(over).toBe(0)
    await Promise.all(ends)
  })

  it('goes with a tunnel that is closed before it is open', async () => {
    const service = await Service.start(() => '')
    const dialer = trusting()
    ahead(dialer, service.url)
    await service.connected(1)
    const { tunnel, probe } = dialOver(dialer, service.url)
    await tunnel.close()
    await gone(service.connections[0])
    expect(probe.seen).toEqual([])
  })

  it('is followed where the service redirects to', async () => {
    const target = await Service.start()
    const service = await Service.start(() => httpAnswer(302, [`Location: ${target.url}`]))
    const dialer = trusting()
    ahead(dialer, service.url)
    await open(dialer, service.url)
    expect([service.connections.length, target.connections.length]).toEqual([1, 1])
  })

  it.each([404, 410, 503])('brings the answer %d of the service, which is asked once', async status => {
    const service = await Service.start(() => httpAnswer(status))
    const dialer = trusting()
    ahead(dialer, service.url)
    const { probe } = dialOver(dialer, service.url)
    expect(await probe.next()).toMatchObject({ type: 'failed', error: { status } })
    expect([service.connections.length, service.requests]).toEqual([1, 1])
  })

  it('is not made to a service without TLS, with an agent, or for what is not a URL', async () => {
    let connections = 0
    const plain = await serve(
      request => upgradeAnswer(request),
      undefined,
      () => connections++,
    )
    const dialer = trusting()
    ahead(dialer, at(plain))
    await open(dialer, at(plain))
    expect(connections).toBe(1)
    expect(quickDialer({ agent: new Agent() }).preconnect).toBeUndefined()
    expect(thrownBy(() => ahead(trusting(), 'nowhere'))).toMatchObject({ code: 'argument-invalid' })
    expect(thrownBy(() => ahead(quickDialer({ insecure: true }), FAR))).toMatchObject({
      code: 'argument-invalid',
    })
  })
})

describe('a connection opened ahead that died is replaced, and the tunnel opens:', () => {
  it('closed by the service while it waited', async () => {
    const service = await Service.start()
    const dialer = trusting()
    ahead(dialer, service.url)
    await service.connected(1)
    service.connections[0]?.destroy()
    await open(dialer, service.url)
    await open(dialer, service.url)
    expect(service.requests).toBe(2)
  })

  it.each<[string, Answer]>([
    [
      'cut when the request came',
      (_request, socket) => {
        socket.destroy()
        return ''
      },
    ],
    ['answered with words that are not HTTP', () => 'hello\r\n\r\n'],
    ['answered with 408, because it had waited too long', () => httpAnswer(408)],
  ])('%s', async (_name, answer) => {
    const service = await Service.start((request, socket, connection) =>
      connection === 0 ? answer(request, socket, connection) : upgradeAnswer(request),
    )
    const dialer = trusting()
    ahead(dialer, service.url)
    await open(dialer, service.url)
    expect([service.connections.length, service.requests]).toEqual([2, 2])
    await gone(service.connections[0])
  })

  it('spoken to by the service before the request', async () => {
    const service = await Service.start()
    const dialer = trusting()
    ahead(dialer, service.url)
    await service.connected(1)
    service.connections[0]?.write(httpAnswer(200))
    await gone(service.connections[0])
    await open(dialer, service.url)
    expect([service.connections.length, service.requests]).toEqual([2, 1])
  })

  it('silent for three seconds after the request', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let asked: () => void = () => undefined
    const request = new Promise<void>(resolve => (asked = resolve))
    const service = await Service.start((head, _socket, connection) => {
      asked()
      return connection === 0 ? '' : upgradeAnswer(head)
    })
    const dialer = trusting()
    ahead(dialer, service.url)
    const { probe } = dialOver(dialer, service.url)
    await request
    vi.advanceTimersByTime(2999)
    await turn()
    expect(service.connections).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(await probe.next()).toMatchObject({ type: 'open' })
    expect(service.connections).toHaveLength(2)
  })

  it('and a service that is silent on both is unreachable after the time limit', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const service = await Service.start(() => '')
    const dialer = trusting({ handshakeTimeoutMs: 5000 })
    ahead(dialer, service.url)
    const { probe } = dialOver(dialer, service.url)
    await service.connected(1)
    vi.advanceTimersByTime(3000)
    await service.connected(2)
    vi.advanceTimersByTime(1999)
    expect(probe.seen).toEqual([])
    vi.advanceTimersByTime(1)
    expect(await probe.next()).toMatchObject({ type: 'failed', error: { code: 'tunnel-unreachable' } })
  })
})

describe('what is wrong with a connection opened ahead is told by the dial alone:', () => {
  it.each<[string, () => TestCertificate, WsDialerOptions]>([
    ['a certificate of a stranger', () => stranger, {}],
    ['a certificate for another name', () => stranger, { ca: 'of the stranger' }],
  ])('%s', async (_name, tls, { ca }) => {
    const service = await Service.start(undefined, tls())
    const dialer = trusting(ca === undefined ? {} : { ca: stranger.ca })
    const connection = ahead(dialer, service.url)
    const { probe } = dialOver(dialer, service.url)
    expect(await probe.next()).toMatchObject({ type: 'failed', error: { code: 'tunnel-untrusted' } })
    expect(service.requests).toBe(0)
    await connection.close()
  })

  it('a certificate that is taken on loopback alone', async () => {
    const service = await Service.start(undefined, stranger)
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
  async function behindProxy(credentials?: string): Promise<{ service: Service; proxy: TestProxy }> {
    const service = await Service.start()
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

  it('is taken while the proxy is still at work, and closed then, too', async () => {
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

  it('a variable that names none is told by the dial', async () => {
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
    const service = await Service.start()
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
    const service = await Service.start()
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
