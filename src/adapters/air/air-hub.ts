/**
 * A simulated radio for several processes of this machine: the hub that they connect to.
 * @module
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { WebSocketServer } from 'ws'
import { ProximityError } from '../../errors.js'
import { isLoopback } from '../../ports/loopback.js'
import { listenOn } from '../sockets/listen.js'
import { HubAir } from './hub-air.js'
import { MAX_AIR_MESSAGE_BYTES } from './message.js'

/** Where an air hub listens, and how much it takes. */
export interface AirHubOptions {
  /** The port on the host; 0 picks a free one. */
  readonly port: number
  /** A loopback address; default 127.0.0.1. */
  readonly host?: string | undefined
  /** Connections at a time; default 64. */
  readonly maxConnections?: number | undefined
  /** Adverts that one connection may have on the air; default 8. */
  readonly maxAdverts?: number | undefined
  /** Origins of web pages that may connect, such as `http://127.0.0.1:8080`; none unless given. */
  readonly origins?: readonly string[] | undefined
}

/** A hub that is running. */
export interface AirHub {
  /** What `airScanner` and `airAdvertiser` take: `ws://127.0.0.1:PORT/air`. */
  readonly url: string
  /** The port that it listens on. */
  readonly port: number
  /** Cuts every connection and settles when no socket is left; safe to call twice. */
  close(): Promise<void>
}

const PATH = '/air'
const DEFAULT_MAX_CONNECTIONS = 64
const DEFAULT_MAX_ADVERTS = 8
const CLOSE_TIMEOUT_MS = 1000
const STATUS_FORBIDDEN = 403
const STATUS_UPGRADE_REQUIRED = 426
const STATUS_UNAVAILABLE = 503

/**
 * Runs the lab’s stand-in for a radio: each connected client hears every advert that anyone publishes, and on connecting
 * those that are on the air. Loopback only; web pages are refused unless their origin is given.
 *
 * Each WebSocket text message is one JSON object: `{"advert":{"uuid":"fff9","data":HEX}}` puts an advert on the air and
 * is sent to all clients, its publisher included; `{"stop":{"uuid":"fff9","data":HEX}}` takes it off, as does closing
 * the connection. A member `"channelPort":PORT` beside `data` says at which port on loopback the sender takes data
 * channels. Close codes: 1003 a binary message, 1008 a malformed message or too many adverts, 1009 a message over 2304
 * bytes. Statuses: 400 another path, 403 a request with another `Origin`, 426 no upgrade, 503 too many connections.
 *
 * @throws ProximityError `air-not-loopback`; UnsupportedError `listen-failed`; UsageError `argument-invalid` for a port
 * outside 0 to 65535.
 *
 * @example
 * const hub = await serveAirHub({ port: 0 })
 * const client = new HybridClient({ ...nodePlatform(), scanner: airScanner(hub.url) })
 * await hub.close()
 */
export async function serveAirHub(options: AirHubOptions): Promise<AirHub> {
  const host = options.host ?? '127.0.0.1'
  if (!isLoopback(host))
    throw new ProximityError('air-not-loopback', `an air hub listens on loopback only, not on ${host}`)
  const { WebSocketServer } = await import('ws')
  const server = createServer((_request, response) => {
    response.writeHead(STATUS_UPGRADE_REQUIRED, { Upgrade: 'websocket', Connection: 'close' }).end()
  })
  const port = await listenOn(server, host, options.port)
  const sockets: WebSocketServer = new WebSocketServer(
    socketOptions(server, options, () => sockets.clients.size),
  )
  const air = new HubAir(options.maxAdverts ?? DEFAULT_MAX_ADVERTS)
  sockets.on('connection', socket => {
    air.add(socket)
  })
  // Both get the listener’s later errors, such as running out of file descriptors; the hub goes on.
  sockets.on('error', () => undefined)
  let closing: Promise<void> | undefined
  const url = `ws://${host.includes(':') ? `[${host}]` : host}:${port}${PATH}`
  return { url, port, close: () => (closing ??= closeAll(server, sockets)) }
}

type Verdict = (allowed: boolean, status?: number) => void

function socketOptions(server: Server, options: AirHubOptions, connections: () => number): object {
  const { maxConnections = DEFAULT_MAX_CONNECTIONS, origins = [] } = options
  return {
    server,
    path: PATH,
    maxPayload: MAX_AIR_MESSAGE_BYTES,
    closeTimeout: CLOSE_TIMEOUT_MS,
    perMessageDeflate: false,
    // Browsers always send an Origin, and let any page connect to loopback.
    verifyClient({ req }: { req: IncomingMessage }, verdict: Verdict) {
      const { origin } = req.headers
      if (origin !== undefined && !origins.includes(origin)) verdict(false, STATUS_FORBIDDEN)
      else if (connections() >= maxConnections) verdict(false, STATUS_UNAVAILABLE)
      else verdict(true)
    },
  }
}

async function closeAll(server: Server, sockets: WebSocketServer): Promise<void> {
  const closed = once(server, 'close')
  for (const socket of sockets.clients) socket.terminate()
  sockets.close()
  server.close()
  server.closeAllConnections()
  await closed
}
