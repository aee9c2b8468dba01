import { systemClock } from '../adapters/system/system.js'
import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import { TUNNEL_ID_BYTES, tunnelId } from '../bytes/brands.js'
import type { TunnelId } from '../bytes/brands.js'
import type { Clock } from '../ports/clock.js'
import type { ContactDirectory } from '../ports/contact-directory.js'
import { TUNNEL_SUBPROTOCOL } from '../tunnel/headers.js'
import type { TunnelPath } from '../tunnel/path.js'
import type { AddressGroups } from './address-groups.js'
import { CLIENT_PAYLOAD_WRONG, judgeClientError, judgePlainRequest, judgeUpgrade } from './admission.js'
import type { AdmissionRules, HttpRefusal } from './admission.js'
import { judgeHealthCheck } from './health-check.js'
import { holdSocket } from './held-socket.js'
import { MAX_FRAGMENTS } from './incoming.js'
import { answerHeader, legRequest } from './leg-request.js'
import type { FreshIds } from './leg-request.js'
import { Legs } from './legs.js'
import type { Upgraded } from './leg-socket.js'
import type { Applicant, CallPort, LegEvent } from './legs.js'
import type { TunnelServiceLimits } from './limits.js'
import type { RelayLoad } from './relay-io.js'
import { refuseRequest, refuseUpgrade } from './refusal.js'
import { routingIdsOf } from './routing-slots.js'
import type { RoutingSlots } from './routing-slots.js'

/** What happened to requests and tunnels. */
export type GateEvent =
  | LegEvent
  /** A request was answered with this HTTP status. */
  | { type: 'refused'; status: number }

export interface GateOptions {
  readonly limits: TunnelServiceLimits
  readonly origins?: readonly string[] | undefined
  readonly onEvent?: ((event: GateEvent) => void) | undefined
  readonly clock?: Clock | undefined
  readonly onCall?: CallPort | undefined
  readonly routingSlots?: RoutingSlots | undefined
  /** What `/ready` says. */
  readonly isReady: () => boolean
  readonly directory?: ContactDirectory | undefined
  /** The groups that a request counts in, or why it is refused. */
  readonly sourceOf: (request: IncomingMessage) => AddressGroups | HttpRefusal
}

/** Network packets of 256 bytes that make up the longest message unless it is set, and some more. */
const MAX_BUFFERED_CHUNKS = 8192

/** Decides about requests, and hands accepted ones to the relay. */
export class Gate {
  readonly #limits: TunnelServiceLimits
  readonly #options: GateOptions
  readonly #upgrader: WebSocketServer
  readonly #legs: Legs
  readonly #freshIds: FreshIds
  /** The header of our own in the answer that is being written. */
  #ownHeader: string | undefined

  constructor(library: typeof WebSocketServer, options: GateOptions) {
    this.#limits = options.limits
    this.#options = options
    this.#upgrader = new library(webSocketOptions(options.limits))
    this.#freshIds = { routingId: routingIdsOf(options.routingSlots), tunnelId: freshTunnelId }
    const { limits, clock = systemClock, onCall, directory } = options
    const report = (event: LegEvent): void => options.onEvent?.(event)
    this.#legs = new Legs({ limits, clock, onCall, directory, report })
    this.#upgrader.on('headers', headers => {
      if (this.#ownHeader !== undefined) headers.push(this.#ownHeader)
    })
  }

  guard(server: Server): void {
    server.on('request', (request, response) => {
      const health = judgeHealthCheck(request, this.#options.isReady)
      if (health !== undefined) {
        refuseRequest(response, health)
        return
      }
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

  /** Goes on with everything, and sends phones away (legs.ts). */
  retire(isAwaited: () => boolean): Promise<void> {
    return this.#legs.retire(isAwaited)
  }

  /** Joins the directory, if there is one, before the first request. @throws HybridError of the directory. */
  join(): Promise<void> {
    return this.#legs.join()
  }

  /** Leaves the directory, after the last. */
  leave(): Promise<void> {
    return this.#legs.leave()
  }

  /** Begins nothing new; settles when no tunnel and no line is left. */
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
    const { headers } = request
    const asked = legRequest(path, name => headerOf(headers, name), this.#freshIds)
    if (asked === undefined) {
      this.#refuse(socket, CLIENT_PAYLOAD_WRONG)
      return
    }
    const from = this.#options.sourceOf(request)
    if ('status' in from) {
      this.#refuse(socket, from)
      return
    }
    this.#legs.admit(asked, from, this.#applicant(answerHeader(asked)?.join(': '), request, socket, head))
  }

  #applicant(
    header: string | undefined,
    ...[request, socket, head]: [IncomingMessage, Duplex, Buffer]
  ): Applicant {
    let release = (): void => undefined
    return {
      hold: gaveUp => {
        release = holdSocket(socket, gaveUp)
      },
      accept: () => {
        release()
        this.#ownHeader = header
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

  #refuse(socket: Duplex, refusal: HttpRefusal): void {
    refuseUpgrade(socket, refusal)
    this.#reportRefusal(refusal)
  }

  #reportRefusal({ status }: HttpRefusal): void {
    this.#options.onEvent?.({ type: 'refused', status })
  }
}

// Node joins a repeated header with a comma, which no value of ours has.
function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name.toLowerCase()]
  return typeof value === 'string' ? value : undefined
}

function freshTunnelId(): TunnelId {
  return tunnelId(new Uint8Array(randomBytes(TUNNEL_ID_BYTES)))
}

function webSocketOptions(limits: TunnelServiceLimits): {
  noServer: true
  maxPayload: number
  closeTimeout: number
  maxFragments: number
  maxBufferedChunks: number
  autoPong: false
  perMessageDeflate: false
  clientTracking: false
  handleProtocols: () => string
} {
  return {
    noServer: true,
    maxPayload: limits.maxMessageBytes,
    // The second to stop these: see incoming.ts.
    maxFragments: MAX_FRAGMENTS + 1,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    // See leg-socket.ts.
    autoPong: false,
    closeTimeout: limits.closeTimeoutMs,
    // Ciphertext does not shrink.
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols: () => TUNNEL_SUBPROTOCOL,
  }
}
