import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { AddressGroups } from './address-groups.js'
import type { HttpRefusal } from './admission.js'
import type { Connections } from './connections.js'
import { forwardedFor } from './forwarded.js'
import { readProxyHeader } from './proxy-header.js'
import type { ProxyHeader } from './proxy-header.js'
import type { TrustedProxies } from './trusted-proxies.js'

const FORGED: HttpRefusal = { status: 400 }
const CROWDED: HttpRefusal = { status: 429 }
const NO_HEADER: ProxyHeader = { byteLength: 0, client: undefined }

/** A connection that a trusted proxy has made. */
interface Proxied {
  readonly socket: Socket
  /** The client that it is for, by its PROXY header. */
  readonly client: string | undefined
}

/** What to do once the beginning of a connection is read. */
interface Next {
  readonly goOn: (client: string | undefined) => void
  readonly giveUp: () => void
}

/** Connections of trusted proxies: finds out which clients they are for, and counts them with these. */
export class ProxiedConnections {
  readonly #proxies: TrustedProxies
  readonly #connections: Connections
  readonly #timeoutMs: number
  /** By address and port of the proxy, which a socket tells as well as the TLS on it. */
  readonly #proxied = new Map<string, Proxied>()

  constructor(proxies: TrustedProxies, connections: Connections, timeoutMs: number) {
    this.#proxies = proxies
    this.#connections = connections
    this.#timeoutMs = timeoutMs
  }

  /** From now on a trusted proxy may write a PROXY header before TLS and HTTP. */
  watch(server: Server): void {
    const begin = server.listeners('connection')
    server.removeAllListeners('connection')
    server.on('connection', socket => {
      const goOn = (): void => {
        for (const listener of begin) listener.call(server, socket)
      }
      if (this.#proxies.has(socket.remoteAddress ?? '')) this.#read(socket, goOn)
      else goOn()
    })
  }

  /**
   * The groups that a request counts in, or why it is refused: it has a header of proxies, but does not come from a
   * trusted one.
   */
  sourceOf({ socket, headers }: IncomingMessage): AddressGroups | HttpRefusal {
    const proxied = this.#proxied.get(nameOf(socket))
    const peer = proxied?.client ?? socket.remoteAddress ?? ''
    const forwarded = forwardedFor(headers)
    if (forwarded === 'malformed') return FORGED
    if (forwarded !== undefined && !this.#proxies.has(peer)) return FORGED
    if (proxied === undefined) return this.#connections.groupsOf(socket)
    const client = this.#clientOf([...(forwarded ?? []), peer])
    return this.#connections.countFor(proxied.socket, client) ?? CROWDED
  }

  /** The last address in a row that does not belong to a trusted proxy; the first one when all do. */
  #clientOf(row: readonly string[]): string {
    return row.findLast(address => !this.#proxies.has(address)) ?? row[0] ?? ''
  }

  #read(socket: Socket, goOn: () => void): void {
    const name = nameOf(socket)
    readBeginning(socket, this.#timeoutMs, {
      goOn: client => {
        this.#proxied.set(name, { socket, client })
        socket.once('close', () => this.#proxied.delete(name))
        if (client === undefined || this.#connections.countFor(socket, client) !== undefined) goOn()
        else this.#connections.drop(socket, 'too many connections from one address')
      },
      giveUp: () => {
        this.#connections.drop(socket, 'bad PROXY header')
      },
    })
  }
}

function nameOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}

/** Reads a PROXY header, if there is one, and leaves the rest for others to read. */
function readBeginning(socket: Socket, timeoutMs: number, next: Next): void {
  let bytes = Buffer.alloc(0)
  const stop = (): void => {
    clearTimeout(timer)
    socket.off('readable', read).off('end', hangUp).off('error', hangUp).off('close', stop)
  }
  const hangUp = (): void => {
    stop()
    socket.destroy()
  }
  const giveUp = (): void => {
    stop()
    next.giveUp()
  }
  const goOn = ({ byteLength, client }: ProxyHeader): void => {
    stop()
    if (bytes.length > byteLength) socket.unshift(bytes.subarray(byteLength))
    next.goOn(client)
  }
  const read = (): void => {
    const chunk: unknown = socket.read()
    if (!Buffer.isBuffer(chunk)) return
    bytes = Buffer.concat([bytes, chunk])
    const header = readProxyHeader(bytes)
    if (header === 'malformed') giveUp()
    else if (header !== 'partial') goOn(header === 'absent' ? NO_HEADER : header)
  }
  const timer = setTimeout(giveUp, timeoutMs)
  socket.on('readable', read).on('end', hangUp).on('error', hangUp).on('close', stop)
}
