import type { OutgoingHttpHeaders } from 'node:http'
import { connect as tcpConnect, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect as tlsConnect, rootCertificates } from 'node:tls'
import { checkServerIdentity } from '../sockets/server-identity.js'
import type { ConnectProxy } from './connect-proxy.js'
import { lost, refusedBy } from './failure.js'

/** Where the proxy is to connect to. */
export interface Destination {
  /** A host name, which the proxy looks up, or an address without brackets. */
  readonly host: string
  readonly port: number
}

export interface ConnectSettings {
  /** Certificates (PEM) that a proxy may have beside those that Node knows. */
  readonly ca: string | Buffer | undefined
  /** Gives up as long as the proxy has not answered. */
  readonly signal: AbortSignal
  /** Hears of the socket to the proxy as soon as there is one. */
  readonly onSocket: (socket: Socket) => void
}

/** A longer head of an answer is cut; Node’s own limit depends on how it was started. */
const MAX_HEAD_BYTES = 16 * 1024

/**
 * Asks a proxy for a connection (RFC 9110 section 9.3.6).
 * @throws TunnelError `proxy-unreachable`, `proxy-untrusted`, `proxy-refused`.
 */
export async function connectThrough(
  proxy: ConnectProxy,
  to: Destination,
  settings: ConnectSettings,
): Promise<Socket> {
  const authority = `${isIP(to.host) === 6 ? `[${to.host}]` : to.host}:${to.port}`
  // Later than the rest: from Node 22 on, importing it loads all of undici.
  const { request: httpRequest } = await import('node:http')
  return await new Promise((resolve, reject) => {
    const request = httpRequest({
      method: 'CONNECT',
      path: authority,
      headers: headersFor(proxy, authority),
      maxHeaderSize: MAX_HEAD_BYTES,
      signal: settings.signal,
      createConnection: () => dialProxy(proxy, settings),
    })
    request.once('connect', (answer, socket: Socket, head) => {
      const { statusCode: status = 0, headers } = answer
      if (status >= 200 && status < 300) {
        resolve(opened(socket, head))
        return
      }
      socket.destroy()
      reject(refusedBy(proxy, authority, status, headers['proxy-authenticate']))
    })
    request.once('error', error => {
      reject(lost(proxy, error))
    })
    request.end()
  })
}

function headersFor({ authorization }: ConnectProxy, authority: string): OutgoingHttpHeaders {
  return {
    host: authority,
    connection: 'keep-alive',
    ...(authorization !== undefined && { 'proxy-authorization': authorization }),
  }
}

function dialProxy({ secure, host, port }: ConnectProxy, { ca, onSocket }: ConnectSettings): Socket {
  const socket = secure
    ? tlsConnect({
        host,
        port,
        servername: isIP(host) === 0 ? host : '',
        ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
        rejectUnauthorized: true,
        checkServerIdentity,
        ALPNProtocols: ['http/1.1'],
      })
    : tcpConnect({ host, port })
  onSocket(socket)
  return socket
}

function opened(socket: Socket, head: Buffer): Socket {
  // What is put on top of it hears of the end by `close`.
  socket.on('error', () => undefined)
  if (head.length > 0) socket.unshift(head)
  return socket
}
