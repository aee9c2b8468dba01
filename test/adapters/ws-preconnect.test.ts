import { Agent } from 'node:https'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { at, dialOver, leaveNothing, quickDialer, serve } from '../support/dialling.js'
import { httpAnswer, upgradeAnswer } from '../support/raw-server.js'
import { thrownBy } from '../support/thrown.js'
import { FAR, PreconnectedService, trusting, ahead, open, gone, turn } from '../support/preconnecting.js'
import type { Answer } from '../support/preconnecting.js'

leaveNothing()

afterEach(() => {
  vi.useRealTimers()
})

describe('a connection opened ahead', () => {
  it('carries no request, and then the next tunnel to that service', async () => {
    const service = await PreconnectedService.start()
    const dialer = trusting()
    ahead(dialer, `wss://127.0.0.1:${service.port}`)
    await service.connected(1)
    expect(service.requests).toBe(0)
    await open(dialer, service.url)
    expect(service.connections).toHaveLength(1)
  })

  it('is taken while it is still being made', async () => {
    const service = await PreconnectedService.start()
    const dialer = trusting()
    ahead(dialer, service.url)
    await open(dialer, service.url)
    expect(service.connections).toHaveLength(1)
  })

  it('carries one tunnel: the next has a connection of its own', async () => {
    const service = await PreconnectedService.start()
    const dialer = trusting()
    ahead(dialer, service.url)
    await open(dialer, service.url)
    await open(dialer, service.url)
    expect(service.connections).toHaveLength(2)
  })

  it('is not for another service', async () => {
    const [service, other] = await Promise.all([PreconnectedService.start(), PreconnectedService.start()])
    const dialer = trusting()
    const connection = ahead(dialer, service.url)
    await service.connected(1)
    await open(dialer, other.url)
    expect([service.requests, other.connections.length]).toEqual([0, 1])
    await connection.close()
  })

  it('is not for the call of a linked client, whose answer may be held back', async () => {
    const service = await PreconnectedService.start()
    const dialer = trusting()
    const connection = ahead(dialer, service.url)
    await service.connected(1)
    const { probe } = dialOver(dialer, service.url, { 'X-caBLE-Client-Payload': 'A0' })
    expect(await probe.next()).toMatchObject({ type: 'open' })
    expect(service.connections).toHaveLength(2)
    await connection.close()
  })

  it('is the only one to its service, and stays until the last who wants it has closed it', async () => {
    const service = await PreconnectedService.start()
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
    const service = await PreconnectedService.start()
    const dialer = trusting()
    const connections = [ahead(dialer, service.url), ahead(dialer, service.url)]
    await service.connected(1)
    await Promise.all(connections.map(each => each.close()))
    await gone(service.connections[0])
    await open(dialer, service.url)
    expect(service.connections).toHaveLength(2)
  })

  it('can be closed while it is being made', async () => {
    const service = await PreconnectedService.start()
    await ahead(trusting(), service.url).close()
    expect(service.requests).toBe(0)
  })

  it('stays the tunnel’s when it is closed afterwards', async () => {
    const service = await PreconnectedService.start()
    const dialer = trusting()
    const connection = ahead(dialer, service.url)
    const { tunnel, probe } = dialOver(dialer, service.url)
    await connection.close()
    expect(await probe.next()).toMatchObject({ type: 'open' })
    await tunnel.close()
    expect(probe.seen).toHaveLength(1)
  })

  it('is waited for when it is closed, by its user or with its tunnel', async () => {
    const service = await PreconnectedService.start(() => '')
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
    const service = await PreconnectedService.start(() => '')
    const dialer = trusting()
    ahead(dialer, service.url)
    await service.connected(1)
    const { tunnel, probe } = dialOver(dialer, service.url)
    await tunnel.close()
    await gone(service.connections[0])
    expect(probe.seen).toEqual([])
  })

  it('is followed where the service redirects to', async () => {
    const target = await PreconnectedService.start()
    const service = await PreconnectedService.start(() => httpAnswer(302, [`Location: ${target.url}`]))
    const dialer = trusting()
    ahead(dialer, service.url)
    await open(dialer, service.url)
    expect([service.connections.length, target.connections.length]).toEqual([1, 1])
  })

  it.each([404, 410, 503])('brings the answer %d of the service, which is asked once', async status => {
    const service = await PreconnectedService.start(() => httpAnswer(status))
    const dialer = trusting()
    ahead(dialer, service.url)
    const { probe } = dialOver(dialer, service.url)
    expect(await probe.next()).toMatchObject({ type: 'failed', error: { status } })
    expect([service.connections.length, service.requests]).toEqual([1, 1])
  })

  it('is not made to a service without TLS, with an agent, or for an address that is not a URL', async () => {
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
    const service = await PreconnectedService.start()
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
    const service = await PreconnectedService.start((request, socket, connection) =>
      connection === 0 ? answer(request, socket, connection) : upgradeAnswer(request),
    )
    const dialer = trusting()
    ahead(dialer, service.url)
    await open(dialer, service.url)
    expect([service.connections.length, service.requests]).toEqual([2, 2])
    await gone(service.connections[0])
  })

  it('spoken to by the service before the request', async () => {
    const service = await PreconnectedService.start()
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
    const service = await PreconnectedService.start((head, _socket, connection) => {
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
    const service = await PreconnectedService.start(() => '')
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
