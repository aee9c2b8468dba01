import type { Socket } from 'node:net'
import { expect } from 'vitest'
import type { WsDialerOptions } from '../../src/adapters/ws/ws.js'
import type { Preconnection, TunnelDialer } from '../../src/ports/tunnel-dialer.js'
import { makeCertificate } from './certificate.js'
import type { TestCertificate } from './certificate.js'
import { at, dialOver, PATH, quickDialer, serve } from './dialling.js'
import { upgradeAnswer } from './raw-server.js'
import type { RawRequest, RawServer } from './raw-server.js'

export const HOST = 'cable.ua5v.com'
export const FAR: string = `wss://${HOST}${PATH}`

/** Of the services here, and of another name. */
const certificate: TestCertificate = await makeCertificate({ dns: [HOST], ips: ['127.0.0.1'] })
export const stranger: TestCertificate = await makeCertificate({ dns: ['elsewhere.example'], ips: [] })

export type Answer = (request: RawRequest, socket: Socket, connection: number) => string

/** A tunnel service over TLS that tells its connections apart. */
export class PreconnectedService {
  readonly connections: Socket[] = []
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = []
  #server: RawServer | undefined

  static async start(
    answer: Answer = request => upgradeAnswer(request),
    tls: TestCertificate = certificate,
  ): Promise<PreconnectedService> {
    const service = new PreconnectedService()
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

export function trusting(options: WsDialerOptions = {}): TunnelDialer {
  return quickDialer({ ca: certificate.ca, proxy: false, ...options })
}

export function ahead(dialer: TunnelDialer, url: string): Preconnection {
  const connection = dialer.preconnect?.(url)
  if (connection === undefined) throw new Error('no connection is opened ahead')
  return connection
}

export async function open(dialer: TunnelDialer, url: string): Promise<void> {
  expect(await dialOver(dialer, url).probe.next()).toMatchObject({ type: 'open' })
}

/** Settles when the other end has seen the connection go. */
export async function gone(socket: Socket | undefined): Promise<void> {
  if (socket?.closed !== false) return
  await new Promise(resolve => socket.once('close', resolve))
}

/** Until the end of a turn, in which what was closed is given up. */
export const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
