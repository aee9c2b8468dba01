import { once } from 'node:events'
import { createServer } from 'node:net'
import { Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { WsDialerOptions } from '../../src/adapters/ws/ws.js'
import { UsageError } from '../../src/errors.js'
import { makeCertificate } from '../support/certificate.js'
import type { TestCertificate } from '../support/certificate.js'
import { adopt, at, dial, failure, leaveNothing, PATH, serve } from '../support/dialling.js'
import { frame, httpAnswer, rawServer, upgradeAnswer } from '../support/raw-server.js'
import type { RawRequest } from '../support/raw-server.js'
import { thrownBy } from '../support/thrown.js'

let certificate: TestCertificate
let stranger: TestCertificate

beforeAll(async () => {
  ;[certificate, stranger] = await Promise.all([makeCertificate(), makeCertificate()])
})

leaveNothing()

const nextTick = (): Promise<void> =>
  new Promise(resolve => {
    process.nextTick(resolve)
  })

/** Runs a server of the library that the dialer does not share code with on its other side. */
async function echoServer(): Promise<{ port: number; sockets: WebSocket[] }> {
  const sockets: WebSocket[] = []
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'fido.cable' })
  server.on('connection', socket => {
    sockets.push(socket)
    socket.on('message', data => {
      socket.send(data as Buffer)
    })
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  adopt({
    close: async () => {
      for (const socket of sockets) socket.terminate()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  })
  return { port, sockets }
}

describe('a tunnel', () => {
  it('opens, carries messages both ways and closes with 1000', async () => {
    const { port, sockets } = await echoServer()
    const { tunnel, probe } = dial(at({ port }))
    expect(await probe.next()).toMatchObject({ type: 'open' })
    const bytes = Uint8Array.of(1, 2, 3)
    tunnel.send(bytes)
    bytes.fill(0)
    const event = await probe.next()
    expect(event).toEqual({ type: 'message', bytes: Uint8Array.of(1, 2, 3) })
    expect(event.type === 'message' && Object.getPrototypeOf(event.bytes)).toBe(Uint8Array.prototype)
    const codes = sockets.map(async socket => {
      const [code] = (await once(socket, 'close')) as [number]
      return code
    })
    await tunnel.close()
    expect(await Promise.all(codes)).toEqual([1000])
    tunnel.send(bytes)
    await tunnel.close()
    expect(probe.seen).toHaveLength(2)
  })

  it('sends what is said in one tick in one write, and the next thing in the next', async () => {
    const server = await serve(request => upgradeAnswer(request))
    const { tunnel, probe } = dial(at(server))
    await probe.next()
    const writes = [vi.spyOn(Socket.prototype, '_write'), vi.spyOn(Socket.prototype, '_writev')]
    const counted = (): number => writes.reduce((sum, { mock }) => sum + mock.calls.length, 0)
    tunnel.send(Uint8Array.of(1))
    tunnel.send(Uint8Array.of(2))
    await nextTick()
    expect(counted()).toBe(1)
    tunnel.send(Uint8Array.of(3))
    await nextTick()
    expect(counted()).toBe(2)
    for (const write of writes) write.mockRestore()
    await tunnel.close()
  })

  it('asks for the sub-protocol, sends the headers given and an Origin, and offers no compression', async () => {
    const server = await serve(request => upgradeAnswer(request))
    const { probe } = dial(at(server), {}, { 'X-caBLE-Client-Payload': 'A1' })
    await probe.next()
    expect(server.requests[0]?.line).toBe(`GET ${PATH} HTTP/1.1`)
    expect(server.requests[0]?.headers).toMatchObject({
      'sec-websocket-protocol': 'fido.cable',
      'x-cable-client-payload': 'A1',
      origin: `ws://127.0.0.1:${server.port}`,
    })
    expect(server.requests[0]?.headers).not.toHaveProperty('sec-websocket-extensions')
  })

  it('sends the caller’s Origin in place of its own', async () => {
    const server = await serve(request => upgradeAnswer(request))
    const { probe } = dial(at(server), {}, { origin: 'https://elsewhere.example' })
    await probe.next()
    expect(server.requests[0]?.headers).toMatchObject({ origin: 'https://elsewhere.example' })
  })

  it('passes on every value of a repeated header', async () => {
    const server = await serve(request =>
      upgradeAnswer(request, [
        'Sec-WebSocket-Protocol: fido.cable',
        'X-caBLE-Routing-ID: 0A0B0C',
        'x-cable-routing-id: 0A0B0D',
      ]),
    )
    const event = await dial(at(server)).probe.next()
    expect(event.type === 'open' && event.headers.get('x-cable-routing-id')).toEqual(['0A0B0C', '0A0B0D'])
    expect(event.type === 'open' && event.headers.get('sec-websocket-protocol')).toEqual(['fido.cable'])
  })

  it('hears a message that came with the answer after open', async () => {
    const server = await serve(request =>
      Buffer.concat([Buffer.from(upgradeAnswer(request)), frame(2, Uint8Array.of(7))]),
    )
    const { probe } = dial(at(server))
    expect((await probe.next()).type).toBe('open')
    expect(await probe.next()).toEqual({ type: 'message', bytes: Uint8Array.of(7) })
  })

  it('tells how the service closed it', async () => {
    const server = await serve(request =>
      Buffer.concat([Buffer.from(upgradeAnswer(request)), frame(8, Buffer.from('\x03\xf0full', 'latin1'))]),
    )
    const { probe } = dial(at(server))
    await probe.next()
    expect(await probe.next()).toEqual({ type: 'closed', code: 1008, reason: 'full' })
  })

  it('tells 1006 when the connection is cut', async () => {
    const server = await serve((request, socket) => {
      setImmediate(() => {
        socket.resetAndDestroy()
      })
      return upgradeAnswer(request)
    })
    const { probe } = dial(at(server))
    await probe.next()
    expect(await probe.next()).toMatchObject({ type: 'closed', code: 1006 })
  })

  it('closes although the service ignores the close frame', async () => {
    const server = await serve(request => upgradeAnswer(request))
    const { tunnel, probe } = dial(at(server))
    await probe.next()
    await tunnel.close()
    expect(probe.seen).toHaveLength(1)
  })
})

describe('close', () => {
  it('before anything was sent leaves nothing and says nothing', async () => {
    const server = await serve(request => upgradeAnswer(request))
    const { tunnel, probe } = dial(at(server))
    await tunnel.close()
    expect(probe.seen).toEqual([])
    expect(server.requests).toEqual([])
  })

  it('while the service is silent leaves nothing and says nothing', async () => {
    let heard: () => void = () => undefined
    const asked = new Promise<void>(resolve => {
      heard = resolve
    })
    const server = await serve(() => {
      heard()
      return ''
    })
    const { tunnel, probe } = dial(at(server))
    await asked
    await tunnel.close()
    expect(probe.seen).toEqual([])
  })
})

describe('over TLS', () => {
  const accept = (request: RawRequest): string => upgradeAnswer(request)

  it('trusts the CA that it is given', async () => {
    const server = await serve(accept, certificate)
    const { probe } = dial(at(server, 'wss'), { ca: certificate.ca })
    expect((await probe.next()).type).toBe('open')
    expect(server.requests[0]?.headers['origin']).toBe(`wss://127.0.0.1:${server.port}`)
  })

  it('takes any certificate on loopback when told to be insecure', async () => {
    const server = await serve(accept, certificate)
    expect((await dial(at(server, 'wss'), { insecure: true }).probe.next()).type).toBe('open')
  })

  it.each<[string, () => WsDialerOptions]>([
    ['no CA of its own', () => ({})],
    ['another CA', () => ({ ca: stranger.ca })],
  ])('does not trust with %s', async (_name, options) => {
    const server = await serve(accept, certificate)
    expect(await failure(at(server, 'wss'), options())).toMatchObject({ code: 'tunnel-untrusted' })
    expect(server.requests).toEqual([])
  })

  it('does not trust a certificate for another name', async () => {
    const other = await makeCertificate({ dns: ['cable.example.com'], ips: [] })
    const server = await serve(accept, other)
    expect(await failure(at(server, 'wss'), { ca: other.ca })).toMatchObject({ code: 'tunnel-untrusted' })
  })

  it('finds no TLS at a plain service', async () => {
    const plain = createServer(socket =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('HTTP/1.1 400 Bad\r\n\r\n'),
    )
    await once(plain.listen(0, '127.0.0.1'), 'listening')
    const { port } = plain.address() as AddressInfo
    expect(await failure(at({ port }, 'wss'))).toMatchObject({ code: 'tunnel-untrusted' })
    plain.close()
    await once(plain, 'close')
  })
})

describe('a service that does not accept', () => {
  it.each([200, 400, 403, 404, 409, 500, 503])('with status %d is refused', async status => {
    const server = await serve(() => httpAnswer(status))
    expect(await failure(at(server))).toMatchObject({ code: 'tunnel-refused', status })
  })

  it('with status 410 is gone', async () => {
    const server = await serve(() => httpAnswer(410))
    expect(await failure(at(server))).toMatchObject({ code: 'tunnel-gone', status: 410 })
  })

  it('but is silent is unreachable after the time limit', async () => {
    const server = await serve(() => '')
    expect(await failure(at(server), { handshakeTimeoutMs: 30 })).toMatchObject({
      code: 'tunnel-unreachable',
    })
  })

  it.each([2 ** 31 - 2, 2 ** 31 - 1, 2 ** 31, Infinity])(
    'but answers later is not late, and may close late, within %d ms',
    async limit => {
      const later = (act: () => void): void => void setTimeout(act, 20)
      let isCut = false
      const server = await serve((request, socket) => {
        later(() => {
          socket.write(upgradeAnswer(request))
          socket.once('data', () => {
            later(() => {
              isCut = socket.closed || socket.readableEnded
              socket.end(frame(8, Uint8Array.of(0x03, 0xe8)))
            })
          })
        })
        return ''
      })
      const { tunnel, probe } = dial(at(server), { handshakeTimeoutMs: limit, closeTimeoutMs: limit })
      expect(await probe.next()).toMatchObject({ type: 'open' })
      await tunnel.close()
      expect(isCut).toBe(false)
    },
  )

  it.each<[string, (request: RawRequest) => string[]]>([
    ['does not select the sub-protocol', () => []],
    ['selects another', () => ['Sec-WebSocket-Protocol: other']],
    ['selects it twice', () => ['Sec-WebSocket-Protocol: fido.cable', 'Sec-WebSocket-Protocol: fido.cable']],
    [
      'brings an extension along',
      () => ['Sec-WebSocket-Protocol: fido.cable', 'Sec-WebSocket-Extensions: permessage-deflate'],
    ],
  ])('%s', async (_name, headers) => {
    const server = await serve(request => upgradeAnswer(request, headers(request)))
    expect(await failure(at(server))).toMatchObject({ code: 'tunnel-subprotocol' })
  })

  it('accepts with a wrong key', async () => {
    const server = await serve(request =>
      upgradeAnswer({ ...request, headers: { 'sec-websocket-key': 'AAAA' } }),
    )
    expect(await failure(at(server))).toMatchObject({ code: 'tunnel-subprotocol' })
  })

  it.each<[string, (request: RawRequest, socket: Socket) => string]>([
    ['speaks no HTTP', () => 'hello\r\n\r\n'],
    [
      'hangs up',
      (_request, socket) => {
        socket.destroy()
        return ''
      },
    ],
  ])('%s and is unreachable', async (_name, answer) => {
    expect(await failure(at(await serve(answer)))).toMatchObject({ code: 'tunnel-unreachable' })
  })

  it('is not there at all', async () => {
    const server = await rawServer(() => '')
    await server.close()
    const error = await failure(at(server))
    expect(error).toMatchObject({ code: 'tunnel-unreachable', cause: { code: 'ECONNREFUSED' } })
    expect(error.message).not.toContain('0011')
  })

  it('has a host name that does not resolve', async () => {
    expect(await failure(`wss://nobody.invalid${PATH}`)).toMatchObject({ code: 'tunnel-unreachable' })
  })
})

describe('messages that are not allowed', () => {
  it.each<[string, Buffer, WsDialerOptions]>([
    ['text', frame(1, Buffer.from('hello')), {}],
    ['too long', frame(2, new Uint8Array(1001)), { maxMessageBytes: 1000 }],
    ['against the rules of WebSocket', Buffer.from([0xf2, 0x00]), {}],
  ])('%s', async (_name, bytes, options) => {
    const server = await serve(request => Buffer.concat([Buffer.from(upgradeAnswer(request)), bytes]))
    const { tunnel, probe } = dial(at(server), options)
    expect((await probe.next()).type).toBe('open')
    expect(await probe.next()).toMatchObject({ type: 'failed', error: { code: 'tunnel-message-invalid' } })
    await tunnel.close()
    expect(probe.seen).toHaveLength(2)
  })

  it('are not those of exactly the limit', async () => {
    const server = await serve(request =>
      Buffer.concat([Buffer.from(upgradeAnswer(request)), frame(2, new Uint8Array(1000))]),
    )
    const { probe } = dial(at(server), { maxMessageBytes: 1000 })
    await probe.next()
    expect(await probe.next()).toMatchObject({ type: 'message' })
  })
})

describe('addresses', () => {
  it.each(['ws://example.com/', 'ws://10.0.0.1/', 'http://127.0.0.1/', 'ws://127.0.0.1.example.com/'])(
    '%s are insecure',
    async url => {
      expect(await failure(url)).toMatchObject({ code: 'tunnel-insecure' })
    },
  )

  it.each<[string, WsDialerOptions]>([
    ['not a URL', {}],
    ['wss://example.com/', { insecure: true }],
  ])('%s with %o are a usage error', (url, options) => {
    const error = thrownBy(() => dial(url, options))
    expect(error).toBeInstanceOf(UsageError)
    expect(error).toMatchObject({ code: 'argument-invalid' })
  })
})
