import { Agent } from 'node:https'
import type { RequestOptions } from 'node:https'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as tlsConnect } from 'node:tls'
import type { TunnelError } from '../../errors.js'
import { connectThrough } from './connect.js'
import type { ConnectSettings } from './connect.js'
import type { ConnectProxy } from './connect-proxy.js'
import { silent } from './failure.js'

/** Makes the connection of one HTTPS request through a proxy: TLS with the service, inside what CONNECT opened. */
export class ConnectAgent extends Agent {
  readonly #proxy: ConnectProxy
  readonly #settings: ConnectSettings
  #waiting = false

  constructor(proxy: ConnectProxy, settings: ConnectSettings) {
    super()
    this.#proxy = proxy
    this.#settings = settings
  }

  override createConnection(
    { host, port, ...options }: RequestOptions,
    done: (error: Error | null, socket: Duplex) => void = () => undefined,
  ): undefined {
    const to = { host: host ?? '', port: Number(port) }
    this.#waiting = true
    connectThrough(this.#proxy, to, this.#settings)
      .finally(() => (this.#waiting = false))
      .then(
        socket => done(null, tlsConnect({ ...options, ...to, path: undefined, socket })),
        // Node looks at no socket beside an error; its types want one.
        (error: unknown) => done(error instanceof Error ? error : null, new Socket()),
      )
  }

  /** The error of a request that took too long, where the proxy is to blame. */
  tooLate(limitMs: number): TunnelError | undefined {
    return this.#waiting ? silent(this.#proxy, limitMs) : undefined
  }
}
