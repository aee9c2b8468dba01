import type { Preconnection, TunnelRequest } from '../../ports/tunnel-dialer.js'
import { Spare } from './spare.js'
import type { SpareSettings } from './spare.js'
import { Standby } from './standby.js'

export interface SparesSettings extends SpareSettings {
  /** How long a connection waits for its tunnel, ms. */
  readonly preconnectTimeoutMs: number
}

const NOTHING: Preconnection = { close: () => Promise.resolve() }

/** Connections that wait for their tunnels, one for each service. */
export class Spares {
  readonly #settings: SparesSettings
  readonly #byHost = new Map<string, Standby>()

  constructor(settings: SparesSettings) {
    this.#settings = settings
  }

  /** Opens one unless there is one. A service without TLS is on this machine, where nothing is to be gained. */
  open(url: URL): Preconnection {
    if (url.protocol !== 'wss:') return NOTHING
    return (this.#byHost.get(url.host) ?? this.#begin(url)).claim()
  }

  /**
   * The one for a request, which is then the caller’s. A linked client’s call, known by its headers, gets none: the service may
   * hold its answer back, and silence would not tell a connection that is dead.
   */
  take(url: URL, { headers }: TunnelRequest): Spare | undefined {
    return Object.keys(headers).length > 0 ? undefined : this.#byHost.get(url.host)?.take()
  }

  #begin(url: URL): Standby {
    const settings = this.#settings
    const { host } = url
    const standby = new Standby(
      () => new Spare(url, settings),
      settings.preconnectTimeoutMs,
      () => {
        this.#byHost.delete(host)
      },
    )
    this.#byHost.set(host, standby)
    return standby
  }
}
