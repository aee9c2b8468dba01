import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { TlsOptions } from 'node:tls'
import { listenOn } from '../../adapters/sockets/listen.js'

/** A request head as it came: request line, and headers with names in lower case. */
export interface RawRequest {
  readonly line: string
  readonly headers: Readonly<Record<string, string>>
}

/** A server on loopback that says what its maker wants, byte for byte. */
export interface RawServer {
  readonly port: number
  readonly requests: readonly RawRequest[]
  close(): Promise<void>
}

const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/**
 * @param answer gets each request head; what it returns is written.
 * @param greet gets each connection.
 */
export async function rawServer(
  answer: (request: RawRequest, socket: Socket) => string | Buffer,
  tls?: TlsOptions,
  greet: (socket: Socket) => void = () => undefined,
): Promise<RawServer> {
  const sockets = new Set<Socket>()
  const requests: RawRequest[] = []
  function serve(socket: Socket): void {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    greet(socket)
    let head = ''
    socket.on('data', chunk => {
      if (head.endsWith('\r\n\r\n')) return
      head += chunk.toString('latin1')
      if (!head.endsWith('\r\n\r\n')) return
      const request = parse(head)
      requests.push(request)
      socket.write(answer(request, socket))
    })
  }
  const server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve)
  const port = await listenOn(server, '127.0.0.1', 0)
  return {
    port,
    requests,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function parse(head: string): RawRequest {
  const [line = '', ...fields] = head.trimEnd().split('\r\n')
  const headers = fields.map(field => {
    const colon = field.indexOf(':')
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const
  })
  return { line, headers: Object.fromEntries(headers) }
}

/** An HTTP answer without a body. */
export function httpAnswer(status: number, headers: readonly string[] = []): string {
  return [`HTTP/1.1 ${status} Status`, 'Content-Length: 0', ...headers, '', ''].join('\r\n')
}

/** The answer that accepts an upgrade, with these headers beside the accept key. */
export function upgradeAnswer(
  request: RawRequest,
  headers: readonly string[] = ['Sec-WebSocket-Protocol: fido.cable'],
): string {
  const key = request.headers['sec-websocket-key'] ?? ''
  const accept = createHash('sha1').update(`${key}${WEBSOCKET_GUID}`).digest('base64')
  return [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    ...headers,
    '',
    '',
  ].join('\r\n')
}

/** A server’s unmasked frame (RFC 6455 section 5.2) of less than 64 KiB; opcode 1 text, 2 binary, 8 close. */
export function frame(opcode: number, payload: Uint8Array): Buffer {
  const FIN = 0x80
  const head =
    payload.length < 126
      ? [FIN | opcode, payload.length]
      : [FIN | opcode, 126, payload.length >> 8, payload.length & 0xff]
  return Buffer.concat([Buffer.from(head), payload])
}
