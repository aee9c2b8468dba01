import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { addressGroup } from './address-group.js'
import type { ServerLimits } from './limits.js'

/** Why a connection was not served. */
export type DropReason = 'too many connections' | 'too many connections from one address' | 'no TLS'

/** The TCP connections of a server, upgraded or not, of which it has no more than its limits allow. */
export class Connections {
  readonly #limits: Pick<ServerLimits, 'maxConnections' | 'maxConnectionsPerAddress'>
  readonly #dropped: (reason: DropReason) => void
  readonly #sockets = new Set<Socket>()
  readonly #perAddress = new Map<string, number>()

  constructor(
    limits: Pick<ServerLimits, 'maxConnections' | 'maxConnectionsPerAddress'>,
    dropped: (reason: DropReason) => void,
  ) {
    this.#limits = limits
    this.#dropped = dropped
  }

  /** Counts and limits from now on. */
  watch(server: Server): void {
    server.maxConnections = this.#limits.maxConnections
    server.on('drop', () => {
      this.#dropped('too many connections')
    })
    server.on('tlsClientError', (error: NodeJS.ErrnoException) => {
      // Reset: the client has hung up, or was dropped.
      if (error.code !== 'ECONNRESET') this.#dropped('no TLS')
    })
    // Before anybody else hears of it and starts a TLS handshake or an HTTP parser.
    server.prependListener('connection', socket => {
      this.#admit(socket)
    })
  }

  count(): number {
    return this.#sockets.size
  }

  /** Ends all at once. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #admit(socket: Socket): void {
    const group = addressGroup(socket.remoteAddress ?? '')
    const count = (this.#perAddress.get(group) ?? 0) + 1
    this.#perAddress.set(group, count)
    this.#sockets.add(socket)
    socket.on('close', () => {
      this.#forget(socket, group)
    })
    if (count <= this.#limits.maxConnectionsPerAddress) return
    this.#dropped('too many connections from one address')
    socket.destroy()
  }

  #forget(socket: Socket, group: string): void {
    this.#sockets.delete(socket)
    const count = (this.#perAddress.get(group) ?? 1) - 1
    if (count === 0) this.#perAddress.delete(group)
    else this.#perAddress.set(group, count)
  }
}
