import type { Socket } from 'node:net'
import { afterEach, beforeAll } from 'vitest'
import { serveTunnel } from '../../src/service/tunnel-server.js'
import type {
  TunnelServer,
  TunnelServerOptions,
  TunnelServiceEvent,
} from '../../src/service/tunnel-server.js'
import { makeCertificate } from './certificate.js'
import type { TestCertificate } from './certificate.js'

/** Tunnel services of a test file, and the sockets of their clients. */
export interface Services {
  readonly certificate: TestCertificate
  /** What the services of this test said. */
  readonly events: readonly TunnelServiceEvent[]
  serve(options?: Partial<TunnelServerOptions>): Promise<TunnelServer>
  /** Has sockets cut after the test. */
  keep(...sockets: readonly Socket[]): void
  /** Cuts them now. */
  cut(): void
}

/** Call it at the top of a test file: closes after each test what it opened. */
export function useServices(defaults: Partial<TunnelServerOptions> = {}): Services {
  let certificate: TestCertificate
  let services: TunnelServer[] = []
  let sockets: Socket[] = []
  let events: TunnelServiceEvent[] = []
  beforeAll(async () => {
    certificate = await makeCertificate()
  })
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  afterEach(async () => {
    cut()
    await Promise.all(services.map(service => service.close()))
    services = []
    sockets = []
    events = []
  })
  return {
    get certificate() {
      return certificate
    },
    get events() {
      return events
    },
    async serve(options = {}) {
      const service = await serveTunnel({
        port: 0,
        onEvent: event => events.push(event),
        ...defaults,
        ...options,
      })
      services.push(service)
      return service
    },
    keep: (...more) => {
      sockets.push(...more)
    },
    cut,
  }
}
