import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TestCertificate } from './certificate.js'

interface ProxyOptions {
  /** Speaks TLS with its clients. */
  readonly tls?: TestCertificate
  /** `user:password` that it wants. */
  readonly credentials?: string
  /** The port on loopback that stands for every destination. */
  readonly port: number
}

/** A proxy that takes CONNECT, on loopback. */
export interface TestProxy {
  readonly port: number
  /** The destinations that were asked for. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

export async function serveProxy({ tls, credentials, port }: ProxyOptions): Promise<TestProxy> {
  const asked: string[] = []
  const sockets = new Set<Duplex>()
  const keep = (socket: Duplex): void => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket))
  }
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`
  const server = tls === undefined ? createServer() : createTlsServer(tls)
  server.on('connection', (socket: Socket) => {
    keep(socket)
  })
  server.on('connect', ({ url = '', headers }: IncomingMessage, socket: Duplex) => {
    asked.push(url)
    keep(socket)
    if (wanted !== undefined && headers['proxy-authorization'] !== wanted) {
      socket.end('HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="here"\r\n\r\n')
      return
    }
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.pipe(onward).pipe(socket)
    })
    keep(onward)
    socket.once('close', () => onward.destroy())
    onward.once('close', () => socket.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
