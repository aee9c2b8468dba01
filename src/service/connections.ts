import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { addressGroups } from './address-groups.js'
import type { AddressGroups } from './address-groups.js'
import { countDescriptors, roomForConnections } from './descriptors.js'
import type { Descriptors } from './descriptors.js'
import type { ServerLimits } from './limits.js'
import { Shares } from './shares.js'
import type { TrustedProxies } from './trusted-proxies.js'

/** Why a connection was not served. */
export type ConnectionDropReason =
  | 'too many connections'
  | 'too many connections from one address'
  /** The process may not have as many descriptors as `maxConnections` needs. */
  | 'out of descriptors'
  /** Without TLS away from loopback, only trusted proxies are served. */
  | 'not from a trusted proxy'
  | 'bad PROXY header'
  | 'no TLS'

const COUNT_AGAIN_AFTER = 64
/** When less than this part of the connections is free, the service is not ready. */
const SPARE_PART = 20

/** The proxies that clients may connect through. */
export interface ProxyRules {
  readonly trusted: TrustedProxies
  /** Whether only these proxies may connect. */
  readonly only: boolean
}

/** The TCP connections of a server, upgraded or not, of which it has no more than its limits allow. */
export class Connections {
  readonly #limits: Pick<ServerLimits, 'maxConnections' | 'maxConnectionsPerAddress'>
  readonly #dropped: (reason: ConnectionDropReason) => void
  /** How many connections the descriptors of the process allow. */
  #room = Infinity
  /** Each connection with the groups that it counts in. */
  readonly #groups = new Map<Socket, AddressGroups>()
  readonly #shares: Shares
  readonly #proxies: ProxyRules | undefined
  readonly #onClose = closeListener(socket => {
    this.#forget(socket)
  })

  constructor(
    limits: Pick<ServerLimits, 'maxConnections' | 'maxConnectionsPerAddress'>,
    dropped: (reason: ConnectionDropReason) => void,
    proxies?: ProxyRules,
  ) {
    this.#limits = limits
    this.#dropped = dropped
    this.#proxies = proxies
    this.#shares = new Shares(limits.maxConnectionsPerAddress)
  }

  /** Allows no more connections than there are descriptors for. @returns how many these are, if they are fewer than wanted. */
  fitTo(descriptors: Descriptors | undefined): number | undefined {
    if (descriptors !== undefined) this.#room = roomForConnections(descriptors, this.count())
    return this.#room < this.#limits.maxConnections ? this.#room : undefined
  }

  /** Counts and limits from now on. */
  watch(server: Server): void {
    server.maxConnections = this.#max
    server.on('drop', () => {
      const isConfigured = server.maxConnections >= this.#limits.maxConnections
      this.#dropped(isConfigured ? 'too many connections' : 'out of descriptors')
    })
    server.on('tlsClientError', (error: NodeJS.ErrnoException) => {
      // Reset: the client has hung up, or was dropped.
      if (error.code !== 'ECONNRESET') this.#dropped('no TLS')
    })
    // Before another listener starts a TLS handshake or an HTTP parser.
    server.prependListener('connection', socket => {
      this.#admit(socket)
      const count = this.count()
      if (count > this.#room / 2 && count % COUNT_AGAIN_AFTER === 0) void this.#countDescriptors(server)
    })
  }

  /** The groups that this socket, or the TLS on it, counts in. */
  groupsOf(socket: Socket): AddressGroups {
    return this.#groups.get(socket) ?? addressGroups(socket.remoteAddress ?? '')
  }

  count(): number {
    return this.#groups.size
  }

  /** Whether at least a twentieth of the allowed connections is free. */
  hasRoom(): boolean {
    return this.count() <= this.#max - Math.floor(this.#max / SPARE_PART)
  }

  /** Ends all at once. */
  cut(): void {
    for (const socket of this.#groups.keys()) socket.destroy()
  }

  get #max(): number {
    return Math.min(this.#room, this.#limits.maxConnections)
  }

  /** Other parts of this process also open descriptors. */
  async #countDescriptors(server: Server): Promise<void> {
    const descriptors = await countDescriptors()
    if (descriptors === undefined) return
    this.#room = roomForConnections(descriptors, this.count())
    server.maxConnections = this.#max
  }

  /** Counts a connection in the groups of this address from now on. @returns undefined when one of them has its share already. */
  countFor(socket: Socket, address: string): AddressGroups | undefined {
    this.#shares.give(this.#groups.get(socket) ?? [])
    const groups = addressGroups(address)
    const isAdmitted = this.#shares.take(groups)
    this.#groups.set(socket, isAdmitted ? groups : [])
    return isAdmitted ? groups : undefined
  }

  drop(socket: Socket, reason: ConnectionDropReason): void {
    this.#dropped(reason)
    socket.destroy()
  }

  #admit(socket: Socket): void {
    const address = socket.remoteAddress ?? ''
    const isProxy = this.#proxies?.trusted.has(address) === true
    this.#groups.set(socket, [])
    socket.on('close', this.#onClose)
    if (isProxy) return
    if (this.#proxies?.only === true) this.drop(socket, 'not from a trusted proxy')
    else if (this.countFor(socket, address) === undefined)
      this.drop(socket, 'too many connections from one address')
  }

  #forget(socket: Socket): void {
    this.#shares.give(this.#groups.get(socket) ?? [])
    this.#groups.delete(socket)
  }
}

/** One listener for all sockets: one for each would take memory from every idle tunnel. */
function closeListener(forget: (socket: Socket) => void): (this: Socket) => void {
  return function () {
    forget(this)
  }
}
