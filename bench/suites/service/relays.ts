import { createServer } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { serveTunnel } from 'fido-hybrid/service'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { RelayKind } from './relay-kinds.js'

/** Most tunnels that are opened at a time. */
const MAX_TUNNELS = 10_000
const BACKLOG = 4096

/** What stands between two sockets; each tells the port it listens on. */
export const RELAYS: Readonly<Record<Exclude<RelayKind, 'go'>, () => Promise<number>>> = {
  service: serveOurs,
  ws: serveBareWs,
  tcp: serveTcp,
}

async function serveOurs(): Promise<number> {
  const limits = {
    maxTunnels: MAX_TUNNELS,
    maxTunnelsPerAddress: MAX_TUNNELS,
    maxConnectionsPerAddress: 2 * MAX_TUNNELS,
  }
  return (await serveTunnel({ port: 0, limits })).port
}

/** What ten lines around `ws` can do: it pairs whom it is asked for, and knows no limits. */
function serveBareWs(): Promise<number> {
  const waiting = new Map<string, WebSocket>()
  const upgrader = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  const server = createServer().on('upgrade', (request, socket, head) => {
    upgrader.handleUpgrade(request, socket, head, leg => {
      const id = request.url?.slice(-32) ?? ''
      const other = waiting.get(id)
      if (other === undefined) return void waiting.set(id, leg)
      waiting.delete(id)
      for (const [from, to] of [
        [leg, other],
        [other, leg],
      ] as const) {
        from.on('message', data => to.send(data as Buffer))
        from.on('close', () => to.close()).on('error', () => to.terminate())
      }
    })
  })
  return listening(server)
}

/** The floor: pairs neighbours and copies bytes. */
function serveTcp(): Promise<number> {
  let waiting: Socket | undefined
  const server = createTcpServer({ noDelay: true }, socket => {
    socket.on('error', () => socket.destroy())
    const other = waiting
    waiting = other === undefined ? socket : undefined
    if (other === undefined) return
    socket.pipe(other).pipe(socket)
  })
  return listening(server)
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', BACKLOG, resolve))
  return (server.address() as AddressInfo).port
}
