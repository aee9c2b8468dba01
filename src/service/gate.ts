import { systemClock } from '../adapters/system.js'
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import { ROUTING_ID_BYTES, routingId } from '../bytes/brands.js'
import type { RoutingId } from '../bytes/brands.js'
import type { Clock } from '../ports/clock.js'
import { encodeRoutingId, ROUTING_ID_HEADER, TUNNEL_SUBPROTOCOL } from '../tunnel/headers.js'
import type { TunnelPath } from '../tunnel/path.js'
import { judgePlainRequest, judgeUpgrade } from './admission.js'
import type { AdmissionRules, Refusal } from './admission.js'
import { Legs } from './legs.js'
import type { TunnelServiceLimits } from './limits.js'
import { refuseRequest, refuseUpgrade } from './refusal.js'
import type { TunnelEvent } from './relay.js'

/** Room beside two connections a tunnel for requests that are about to be refused. */
const SPARE_CONNECTIONS = 256

/** What became of requests and tunnels. */
export type GateEvent = TunnelEvent | { type: 'refused'; status: number }

export interface GateOptions {
  readonly limits: TunnelServiceLimits
  readonly origins?: readonly string[]
  readonly onEvent?: (event: GateEvent) => void
  readonly clock?: Clock
}

/** Decides over requests and hands accepted ones to the relay. */
export class Gate {
  readonly #limits: TunnelServiceLimits
  readonly #options: GateOptions
  readonly #upgrader: WebSocketServer
  readonly #legs: Legs
  readonly #routingIds = new WeakMap<IncomingMessage, RoutingId>()

  constructor(library: typeof WebSocketServer, options: GateOptions) {
    this.#limits = options.limits
    this.#options = options
    this.#upgrader = new library(webSocketOptions(options.limits))
    this.#legs = new Legs(options.limits, options.clock ?? systemClock, event => options.onEvent?.(event))
    this.#upgrader.on('headers', (headers, request) => {
      const id = this.#routingIds.get(request)
      if (id !== undefined) headers.push(`${ROUTING_ID_HEADER}: ${encodeRoutingId(id)}`)
    })
  }

  guard(server: Server): void {
    server.maxConnections = 2 * this.#limits.maxTunnels + SPARE_CONNECTIONS
    server.on('request', (request, response) => {
      const refusal = judgePlainRequest(request, this.#rules())
      refuseRequest(response, refusal)
      this.#reportRefusal(refusal)
    })
    server.on('upgrade', (request, socket, head) => {
      const judged = judgeUpgrade(request, this.#rules())
      if ('status' in judged) this.#refuse(socket, judged)
      else this.#route(judged, request, socket, head)
    })
    server.on('connect', (_request, socket) => {
      this.#refuse(socket, { status: 405, headers: { Allow: 'GET' } })
    })
  }

  shutdown(): void {
    this.#legs.shutdown()
  }

  #rules(): AdmissionRules {
    return { maxPathLength: this.#limits.maxPathLength, origins: this.#options.origins }
  }

  #route(path: TunnelPath, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const applicant = {
      accept: () => this.#upgrade(request, socket, head),
      refuse: (status: number) => {
        this.#refuse(socket, { status })
      },
    }
    switch (path.kind) {
      case 'new': {
        const fresh = routingId(new Uint8Array(randomBytes(ROUTING_ID_BYTES)))
        this.#routingIds.set(request, fresh)
        this.#legs.admit({ type: 'new', routingId: fresh, tunnelId: path.tunnelId }, applicant)
        return
      }
      case 'connect':
        this.#legs.admit({ type: 'connect', routingId: path.routingId, tunnelId: path.tunnelId }, applicant)
        return
      case 'contact':
        this.#refuse(socket, { status: 404 })
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): WebSocket | undefined {
    let upgraded: WebSocket | undefined
    // Calls back before it returns, or has answered the request with an error by then.
    this.#upgrader.handleUpgrade(request, socket, head, webSocket => {
      upgraded = webSocket
    })
    return upgraded
  }

  #refuse(socket: Duplex, refusal: Refusal): void {
    refuseUpgrade(socket, refusal)
    this.#reportRefusal(refusal)
  }

  #reportRefusal({ status }: Refusal): void {
    this.#options.onEvent?.({ type: 'refused', status })
  }
}

function webSocketOptions(limits: TunnelServiceLimits): {
  noServer: true
  maxPayload: number
  closeTimeout: number
  perMessageDeflate: false
  clientTracking: false
  handleProtocols: () => string
} {
  return {
    noServer: true,
    maxPayload: limits.maxMessageBytes,
    closeTimeout: limits.closeTimeoutMs,
    // Ciphertext does not shrink.
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols: () => TUNNEL_SUBPROTOCOL,
  }
}
