import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { webSocketDialer } from '../../src/adapters/web-socket/web-socket.js'
import type { WebSocketDialerOptions } from '../../src/adapters/web-socket/web-socket.js'
import { UnsupportedError, UsageError } from '../../src/errors.js'
import type { TunnelError } from '../../src/errors.js'
import type { TunnelRequest } from '../../src/ports/tunnel-dialer.js'
import { adopt, dialOver, failureOf, leaveNothing, serve } from '../support/dialling.js'
import { frame, httpAnswer, upgradeAnswer } from '../support/raw-server.js'
import { thrownBy } from '../support/thrown.js'
import { tunnelProbe } from '../support/tunnel-probe.js'

const PATH = '/cable/connect/0A0B0C/00112233445566778899AABBCCDDEEFF'

leaveNothing()

/** Dials with the class of the package `ws`, which has the face of the platform’s. */
const dial = (
  url: string,
  options: WebSocketDialerOptions = {},
  headers?: TunnelRequest['headers'],
): ReturnType<typeof dialOver> =>
  dialOver(webSocketDialer({ WebSocket, closeTimeoutMs: 20, ...options }), url, headers)

const at = ({ port }: { port: number }): string => `ws://127.0.0.1:${port}${PATH}`

const failure = (url: string, options?: WebSocketDialerOptions): Promise<TunnelError> =>
  failureOf(dial(url, options))

describe('a tunnel over the platform’s WebSocket', () => {
  it('opens, carries messages both ways and closes with 1000', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'fido.cable' })
    adopt({
      close: async () => {
        server.close()
        await once(server, 'close')
      },
    })
    const codes: number[] = []
    server.on('connection', socket => {
      socket.on('message', data => {
        socket.send(data as Buffer)
      })
      socket.on('close', code => codes.push(code))
    })
    await once(server, 'listening')
    const { tunnel, probe } = dial(at(server.address() as { port: number }), { closeTimeoutMs: 10_000 })
    expect(await probe.next()).toEqual({ type: 'open', headers: new Map() })
    const bytes = Uint8Array.of(1, 2, 3)
    tunnel.send(bytes)
    bytes.fill(0)
    const event = await probe.next()
    expect(event).toEqual({ type: 'message', bytes: Uint8Array.of(1, 2, 3) })
    await tunnel.close()
    tunnel.send(bytes)
    await tunnel.close()
    expect(codes).toEqual([1000])
    expect(probe.seen).toHaveLength(2)
  })

  it('tells how the service closed it', async () => {
    const server = await serve(request =>
      Buffer.concat([Buffer.from(upgradeAnswer(request)), frame(8, Buffer.from('\x03\xf0full', 'latin1'))]),
    )
    const { probe } = dial(at(server))
    await probe.next()
    expect(await probe.next()).toEqual({ type: 'closed', code: 1008, reason: 'full' })
  })

  it('settles its end although the service ignores the close frame', async () => {
    const server = await serve(request => upgradeAnswer(request))
    const { tunnel, probe } = dial(at(server))
    await probe.next()
    await tunnel.close()
    expect(probe.seen).toHaveLength(1)
  })

  it('closed before anything was sent leaves nothing and says nothing', async () => {
    const server = await serve(request => upgradeAnswer(request))
    const { tunnel, probe } = dial(at(server))
    await tunnel.close()
    expect(probe.seen).toEqual([])
    expect(server.requests).toEqual([])
  })

  it.each<[string, Buffer, WebSocketDialerOptions]>([
    ['text', frame(1, Buffer.from('hello')), {}],
    ['a message that is too long', frame(2, new Uint8Array(1001)), { maxMessageBytes: 1000 }],
  ])('does not take %s', async (_name, bytes, options) => {
    const server = await serve(request => Buffer.concat([Buffer.from(upgradeAnswer(request)), bytes]))
    const { tunnel, probe } = dial(at(server), options)
    expect((await probe.next()).type).toBe('open')
    expect(await probe.next()).toMatchObject({ type: 'failed', error: { code: 'tunnel-message-invalid' } })
    await tunnel.close()
    expect(probe.seen).toHaveLength(2)
  })

  it('takes a message of exactly the limit', async () => {
    const server = await serve(request =>
      Buffer.concat([Buffer.from(upgradeAnswer(request)), frame(2, new Uint8Array(1000))]),
    )
    const { probe } = dial(at(server), { maxMessageBytes: 1000 })
    await probe.next()
    expect(await probe.next()).toMatchObject({ type: 'message' })
  })
})

describe('a service that does not accept', () => {
  it.each([404, 410])('with status %d is unreachable, for a reason that is not told', async status => {
    const server = await serve(() => httpAnswer(status))
    expect(await failure(at(server))).toMatchObject({
      code: 'tunnel-unreachable',
      cause: { code: 'capability-missing' },
    })
  })

  it('but is silent is unreachable after the time limit', async () => {
    const server = await serve(() => '')
    const error = await failure(at(server), { handshakeTimeoutMs: 30 })
    expect(error.code).toBe('tunnel-unreachable')
    expect(error.message).toContain('30 ms')
  })

  it('but answers later is not late where there is no limit', async () => {
    const server = await serve((request, socket) => {
      setTimeout(() => socket.write(upgradeAnswer(request)), 20)
      return ''
    })
    expect(await dial(at(server), { handshakeTimeoutMs: Infinity }).probe.next()).toMatchObject({
      type: 'open',
    })
  })

  it('but selects no sub-protocol, where the platform lets that pass, is not one', async () => {
    class Lenient extends WebSocket {
      constructor(url: string, protocol?: string) {
        super(url, protocol)
        Object.defineProperty(this, 'protocol', { value: '' })
      }
    }
    const server = await serve(request => upgradeAnswer(request))
    expect(await failure(at(server), { WebSocket: Lenient })).toMatchObject({ code: 'tunnel-subprotocol' })
  })

  it.each(['ws://example.com/', 'ws://10.0.0.1/', 'http://127.0.0.1/'])(
    'is not asked where it would be insecure: %s',
    async url => {
      expect(await failure(url)).toMatchObject({ code: 'tunnel-insecure' })
    },
  )

  it('cannot be dialled where the platform forbids it', async () => {
    const refuse = class extends WebSocket {
      constructor() {
        super('not a URL')
      }
    }
    expect(await failure('wss://example.com/', { WebSocket: refuse })).toMatchObject({
      code: 'tunnel-unreachable',
      cause: { name: 'SyntaxError' },
    })
  })
})

describe('what the platform’s WebSocket cannot do is refused by name', () => {
  const url = `wss://example.com${PATH}`
  it.each<[string, () => unknown, string]>([
    ['a header', () => dial(url, {}, { 'X-caBLE-Client-Payload': 'A1' }), 'X-caBLE-Client-Payload'],
    ['a phone', () => dial('wss://example.com/cable/new/00'), 'X-caBLE-Routing-ID'],
  ])('%s', (_name, attempt, what) => {
    const error = thrownBy(attempt)
    expect(error).toBeInstanceOf(UnsupportedError)
    expect(error).toMatchObject({
      code: 'capability-missing',
      message: expect.stringContaining(what) as unknown,
    })
  })

  it('no WebSocket at all', () => {
    const platform = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket')
    Reflect.deleteProperty(globalThis, 'WebSocket')
    try {
      const error = thrownBy(() =>
        webSocketDialer().dial({ url, subprotocol: 'fido.cable', headers: {} }, tunnelProbe()),
      )
      expect(error).toMatchObject({
        code: 'capability-missing',
        message: expect.stringContaining('ws') as unknown,
      })
    } finally {
      if (platform !== undefined) Object.defineProperty(globalThis, 'WebSocket', platform)
    }
  })

  it('and an address that is not a URL is a usage error', () => {
    expect(thrownBy(() => dial('not a URL'))).toBeInstanceOf(UsageError)
  })
})
