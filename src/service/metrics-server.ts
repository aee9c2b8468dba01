import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Connections } from './connections.js'
import { judgeHealthCheck } from './health-check.js'
import { listen } from './listener.js'
import type { TunnelMetrics } from './metrics.js'
import { refuseRequest } from './refusal.js'

const HOST = '127.0.0.1'
const PATH = '/metrics'
const TIMEOUT_MS = 10_000
const MAX_CONNECTIONS = 16

/** A page of metrics on loopback, with `/live` and `/ready` beside it. */
export interface MetricsServer {
  /** `http://127.0.0.1:PORT/metrics`. */
  readonly url: string
  /** Settles when no socket is left; safe to call twice. */
  close(): Promise<void>
}

/**
 * Serves metrics to this machine, for a Prometheus on it to fetch, with the same `/live` and `/ready` as on the
 * service’s port. @param options port: 0 picks a free one.
 * @throws UnsupportedError `listen-failed`; UsageError `argument-invalid` for a port outside 0 to 65535.
 *
 * @example
 * const metrics = await createTunnelMetrics()
 * const service = await serveTunnel({ port: 0, onEvent: event => metrics.count(event) })
 * metrics.watch(service)
 * const { url } = await serveMetrics(metrics, { port: 9464 })
 */
export async function serveMetrics(
  metrics: TunnelMetrics,
  options: { readonly port: number },
): Promise<MetricsServer> {
  const server = createServer({ headersTimeout: TIMEOUT_MS, requestTimeout: TIMEOUT_MS })
  server.on('request', (request, response) => {
    void answer(metrics, request, response)
  })
  const limits = { maxConnections: MAX_CONNECTIONS, maxConnectionsPerAddress: MAX_CONNECTIONS }
  const connections = new Connections(limits, () => undefined)
  const listener = await listen(server, connections, { host: HOST, port: options.port })
  return { url: `http://${listener.authority}${PATH}`, close: () => listener.close(0) }
}

async function answer(
  metrics: TunnelMetrics,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const health = judgeHealthCheck(request, () => metrics.isReady())
  if (health !== undefined) {
    refuseRequest(response, health)
    return
  }
  if (request.method !== 'GET' || request.url !== PATH) {
    response.writeHead(request.url === PATH ? 405 : 404, { Allow: 'GET' }).end()
    return
  }
  const text = await metrics.text()
  response.writeHead(200, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' }).end(text)
}
