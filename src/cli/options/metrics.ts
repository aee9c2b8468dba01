import { serveMetrics } from '../../service/metrics-server.js'
import { createTunnelMetrics } from '../../service/metrics.js'
import type { TunnelServer, TunnelServiceEvent } from '../../service/tunnel-server.js'
import type { Output } from '../output.js'
import { parsePort } from './port.js'

/** The metrics of one run. */
export interface RunMetrics {
  readonly counts: (event: TunnelServiceEvent) => void
  /** Begins to report this service, and prints the address of the metrics. */
  watch(server: TunnelServer, output: Output): void
  close(): Promise<void>
}

/**
 * Does what `--metrics-port` wants; undefined without it.
 * @throws CommandLineError for a malformed port, UnsupportedError when the port is taken or prom-client is missing.
 */
export async function startMetrics(portText: string | undefined): Promise<RunMetrics | undefined> {
  if (portText === undefined) return undefined
  const port = parsePort('--metrics-port', portText)
  const metrics = await createTunnelMetrics()
  const page = await serveMetrics(metrics, { port })
  return {
    counts: event => {
      metrics.count(event)
    },
    watch: (server, output) => {
      metrics.watch(server)
      output.event({ event: 'metrics', url: page.url })
      output.note(`metrics on ${page.url}`)
    },
    close: () => page.close(),
  }
}
