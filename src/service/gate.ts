import { systemClock } from '../adapters/system.js'
import { randomBytes, randomInt } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import { ROUTING_ID_BYTES, routingId, TUNNEL_ID_BYTES, tunnelId } from '../bytes/brands.js'
import type { ContactId, RoutingId } from '../bytes/brands.js'
import { encodeU32BE } from '../bytes/endian.js'
import type { Clock } from '../ports/clock.js'
import {
  encodeRoutingId,
  ROUTING_ID_HEADER,
  SIGNAL_CONNECTION,
  SIGNAL_CONNECTION_HEADER,
  TUNNEL_SUBPROTOCOL,
} from '../tunnel/headers.js'
import type { TunnelPath } from '../tunnel/path.js'
import { judgeClientError, judgePlainRequest, judgeUpgrade, readClientPayload } from './admission.js'
import type { AdmissionRules, Refusal } from './admission.js'
import { holdSocket } from './held-socket.js'
import { Legs } from './legs.js'
import type { Upgraded } from './leg-socket.js'
import type { Applicant, ContactPort, LegEvent, LegRequest } from './legs.js'
import type { TunnelServiceLimits } from './limits.js'
import type { RelayLoad } from './relay-io.js'
import { refuseRequest, refuseUpgrade } from './refusal.js'

/** What became of requests and tunnels. */
export type GateEvent = LegEvent | { type: 'refused'; status: number }

export interface GateOptions {
  readonly limits: TunnelServiceLimits
  readonly origins?: readonly string[]
  readonly onEvent?: (event: GateEvent) => void
  readonly clock?: Clock
  readonly onContact?: ContactPort | undefined
}

/** The requests that need no more than their path. */
type PlainPath = Exclude<TunnelPath, { kind: 'contact' }>

/** Decides over requests and hands accepted ones to the relay. */
export class Gate {
  readonly #limits: TunnelServiceLimits
  readonly #options: GateOptions
  readonly #upgrader: WebSocketServer
  readonly #legs: Legs
  readonly #answerHeaders = new WeakMap<IncomingMessage, readonly string[]>()

  constructor(library: typeof WebSocketServer, options: GateOptions) {
    this.#limits = options.limits
    this.#options = options
    this.#upgrader = new library(webSocketOptions(options.limits))
    const { limits, clock = systemClock, onContact } = options
    this.#legs = new Legs({ limits, clock, onContact, report: event => options.onEvent?.(event) })
    this.#upgrader.on('headers', (headers, request) => {
      headers.push(...(this.#answerHeaders.get(request) ?? []))
    })
  }

  guard(server: Server): void {
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
    server.on('clientError', (error, socket) => {
      const refusal = judgeClientError(error)
      if (refusal !== undefined && socket.writable) this.#refuse(socket, refusal)
      else socket.destroy()
    })
    server.on('connect', (_request, socket) => {
      this.#refuse(socket, { status: 405, headers: { Allow: 'GET' } })
    })
  }

  /** How busy the relay is. */
  load(): RelayLoad {
    return this.#legs.load()
  }

  /** Lets nobody in any more; settles when no tunnel is left. */
  drain(limitMs: number): Promise<void> {
    return this.#legs.drain(limitMs)
  }

  shutdown(): void {
    this.#legs.shutdown()
  }

  #rules(): AdmissionRules {
    return { maxPathLength: this.#limits.maxPathLength, origins: this.#options.origins }
  }

  #route(path: TunnelPath, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const asked = path.kind === 'contact' ? contactRequest(path.contactId, request) : legRequest(path)
    if ('status' in asked) {
      this.#refuse(socket, asked)
      return
    }
    this.#answerHeaders.set(request, answerHeaders(asked))
    this.#legs.admit(asked, this.#applicant(request, socket, head))
  }

  #applicant(request: IncomingMessage, socket: Duplex, head: Buffer): Applicant {
    let release = (): void => undefined
    return {
      hold: gaveUp => {
        release = holdSocket(socket, gaveUp)
      },
      accept: () => {
        release()
        return this.#upgrade(request, socket, head)
      },
      refuse: status => {
        release()
        this.#refuse(socket, { status })
      },
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Upgraded | undefined {
    let upgraded: WebSocket | undefined
    // Calls back before it returns, or has answered the request with an error by then.
    this.#upgrader.handleUpgrade(request, socket, head, webSocket => {
      upgraded = webSocket
    })
    return upgraded === undefined ? undefined : { webSocket: upgraded, stream: socket }
  }

  #refuse(socket: Duplex, refusal: Refusal): void {
    refuseUpgrade(socket, refusal)
    this.#reportRefusal(refusal)
  }

  #reportRefusal({ status }: Refusal): void {
    this.#options.onEvent?.({ type: 'refused', status })
  }
}

function legRequest(path: PlainPath): LegRequest {
  switch (path.kind) {
    case 'new':
      return { type: 'new', routingId: freshRoutingId(), tunnelId: path.tunnelId }
    case 'connect':
      return { type: 'connect', routingId: path.routingId, tunnelId: path.tunnelId }
    case 'register':
      return { type: 'register' }
  }
}

function contactRequest(contactId: ContactId, { headers }: IncomingMessage): LegRequest | Refusal {
  const clientPayload = readClientPayload(headers)
  if ('status' in clientPayload) return clientPayload
  const wantsSignal = headers[SIGNAL_CONNECTION_HEADER.toLowerCase()] === SIGNAL_CONNECTION
  const ids = {
    routingId: freshRoutingId(),
    tunnelId: tunnelId(new Uint8Array(randomBytes(TUNNEL_ID_BYTES))),
  }
  return { type: 'contact', contactId, clientPayload, wantsSignal, ...ids }
}

/** What the answer says beside the upgrade itself. */
function answerHeaders(asked: LegRequest): readonly string[] {
  if (asked.type === 'new') return [`${ROUTING_ID_HEADER}: ${encodeRoutingId(asked.routingId)}`]
  const signals = asked.type === 'contact' && asked.wantsSignal
  return signals ? [`${SIGNAL_CONNECTION_HEADER}: ${SIGNAL_CONNECTION}`] : []
}

/** Node draws these from a stock of randomness, which three bytes by themselves are not worth asking the kernel for. */
function freshRoutingId(): RoutingId {
  return routingId(encodeU32BE(randomInt(2 ** (8 * ROUTING_ID_BYTES))).slice(-ROUTING_ID_BYTES))
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
