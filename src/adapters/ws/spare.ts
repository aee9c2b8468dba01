import { once } from 'node:events'
import { Agent } from 'node:https'
import type { RequestOptions } from 'node:https'
import { isIP, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as tlsConnect } from 'node:tls'
import { deferred } from '../../async/deferred.js'
import { connectThrough } from '../proxy/connect.js'
import { routeTo } from '../proxy/route.js'
import type { RouteSettings } from '../proxy/route.js'
import { trustIn } from './trust.js'
import type { TrustSettings } from './trust.js'
import { bareHost } from '../sockets/bare-host.js'

export interface SpareSettings extends RouteSettings, TrustSettings {}

const TLS_PORT = 443

/**
 * A connection with TLS to a service, in which nothing has been said. Node’s own pool keeps only connections that have carried a
 * request, so this is not one of its free sockets; a request gets it by the way that Node documents, an agent’s `createConnection`.
 */
export class Spare {
  readonly #sockets = new Set<Socket>()
  readonly #cutting = new AbortController()
  readonly #gone = deferred<undefined>()
  readonly #socket: Promise<Socket>
  #isReady = false

  /** @param url its path does not count. */
  constructor(url: URL, settings: SpareSettings) {
    this.#socket = this.#connect(url, settings)
    // The dial that follows meets the same fault, and tells it.
    this.#socket.catch(() => {
      this.cut()
    })
  }

  /** Whether TLS was set up at any time; the connection may be lost since. */
  get isReady(): boolean {
    return this.#isReady
  }

  /** Settles when nothing of it is left. */
  get gone(): Promise<void> {
    return this.#gone.promise
  }

  /** Ends it, also while it is being made. */
  cut(): void {
    this.#cutting.abort()
    for (const socket of this.#sockets) socket.destroy()
    if (this.#sockets.size === 0) this.#gone.resolve(undefined)
  }

  /** Makes the connection of one request out of it. Waits if it is still being made. */
  toAgent(): Agent {
    const socket = this.#socket.then(ready => ready.off('data', this.#onEarly))
    socket.catch(() => undefined)
    return new SpareAgent(socket)
  }

  async #connect(url: URL, settings: SpareSettings): Promise<Socket> {
    const { signal } = this.#cutting
    const to = { host: bareHost(url.hostname), port: Number(url.port) || TLS_PORT }
    const { proxy } = routeTo(url, settings)
    const onSocket = (socket: Socket): void => {
      this.#hold(socket)
    }
    const way = proxy && (await connectThrough(proxy, to, { ca: settings.ca, signal, onSocket }))
    signal.throwIfAborted()
    const servername = isIP(to.host) === 0 ? to.host : ''
    const socket = tlsConnect({ ...trustIn(url, settings), ...to, servername, ...(way && { socket: way }) })
    this.#hold(socket)
    await once(socket, 'secureConnect', { signal })
    this.#isReady = true
    return socket.on('data', this.#onEarly)
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => {
      this.#sockets.delete(socket)
      if (this.#sockets.size === 0) this.#gone.resolve(undefined)
    })
  }

  /** An answer to no request: the service is about to close, or does not speak HTTP. */
  readonly #onEarly = (): void => {
    this.cut()
  }
}

class SpareAgent extends Agent {
  readonly #socket: Promise<Socket>

  constructor(socket: Promise<Socket>) {
    super()
    this.#socket = socket
  }

  override createConnection(
    _options: RequestOptions,
    done: (error: Error | null, socket: Duplex) => void = () => undefined,
  ): undefined {
    this.#socket.then(
      socket => done(null, socket),
      // Node looks at no socket beside an error; its types want one.
      (error: unknown) => done(error instanceof Error ? error : new Error('no connection'), new Socket()),
    )
  }
}
