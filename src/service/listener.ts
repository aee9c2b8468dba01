import { once } from 'node:events'
import type { Server } from 'node:http'
import { listenOn } from '../adapters/sockets/listen.js'
import type { Connections } from './connections.js'

/** A server that listens, and how to end it with all its connections. */
export interface ListeningServer {
  readonly port: number
  /** `host:port` for URLs. */
  readonly authority: string
  /** Settles when the last connection is gone; those still open after `graceMs` are cut. */
  close(graceMs: number): Promise<void>
}

const WILDCARDS = ['0.0.0.0', '::']

/** @throws UnsupportedError `listen-failed` when the address cannot be listened on. */
export async function listen(
  server: Server,
  connections: Connections,
  at: { host: string; port: number },
): Promise<ListeningServer> {
  connections.watch(server)
  const port = await listenOn(server, at.host, at.port)
  return {
    port,
    authority: `${urlHost(at.host)}:${port}`,
    close: graceMs => closeAll(server, connections, graceMs),
  }
}

async function closeAll(server: Server, connections: Connections, graceMs: number): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // Knows only connections that have not been upgraded.
  server.closeAllConnections()
  const cut = setTimeout(() => {
    connections.cut()
  }, graceMs)
  await closed
  clearTimeout(cut)
}

function urlHost(host: string): string {
  if (WILDCARDS.includes(host)) return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
