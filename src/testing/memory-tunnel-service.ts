import { refused } from '../adapters/sockets/failure.js'
import { ROUTING_ID_BYTES, routingId, TUNNEL_ID_BYTES, tunnelId } from '../bytes/brands.js'
import { decodedOrUndefined } from '../bytes/decoded.js'
import { nobleProvider } from '../crypto/noble-provider.js'
import { UsageError } from '../errors.js'
import type { Clock, Random } from '../ports/clock.js'
import type { Tunnel, TunnelDialer, TunnelListener, TunnelRequest } from '../ports/tunnel-dialer.js'
import { answerHeader, legRequest } from '../service/leg-request.js'
import type { FreshIds, LegRequest } from '../service/leg-request.js'
import { serviceLimits } from '../service/limits.js'
import type { RelayLimits } from '../service/limits.js'
import type { LegId, RelayInput, RelayOutput } from '../service/relay-io.js'
import { Relay } from '../service/relay.js'
import { parseTunnelPath } from '../tunnel/path.js'

const BAD_REQUEST = 400
const NOT_FOUND = 404

/** A dialled leg of the relay. */
interface DialledLeg {
  readonly url: URL
  readonly listener: TunnelListener
  readonly headers: ReadonlyMap<string, readonly string[]>
}

/**
 * The tunnel service’s own relay without sockets, as a dialer: what is dialled is served in this process.
 * Everything happens in microtasks, in order; the clock may be virtual.
 *
 * @example
 * const dialer = new MemoryTunnelService(clock, random)
 * const client = new HybridClient({ ...platform, dialer })
 */
export class MemoryTunnelService implements TunnelDialer {
  readonly staysInProcess = true
  readonly #relay: Relay
  readonly #clock: Clock
  readonly #freshIds: FreshIds
  readonly #legs = new Map<LegId, DialledLeg>()
  #lastLeg = 0
  #cancelAlarm: () => void = () => undefined

  /** @throws UsageError `argument-invalid` as `serviceLimits` does. */
  constructor(clock: Clock, random: Random, limits: Partial<RelayLimits> = {}) {
    this.#relay = new Relay(serviceLimits(limits), nobleProvider)
    this.#clock = clock
    this.#freshIds = {
      routingId: () => routingId(random.bytes(ROUTING_ID_BYTES)),
      tunnelId: () => tunnelId(random.bytes(TUNNEL_ID_BYTES)),
    }
  }

  /** Dials the relay; the host of the URL does not matter. @throws UsageError `argument-invalid` for an invalid URL. */
  dial(request: TunnelRequest, listener: TunnelListener): Tunnel {
    const url = urlOf(request)
    const leg = ++this.#lastLeg
    let wanted = true
    queueMicrotask(() => {
      if (wanted) this.#admit(leg, url, request, listener)
    })
    return {
      send: bytes => {
        queueMicrotask(() => {
          this.#step({ type: 'message', leg, bytes })
        })
      },
      close: () => {
        wanted = false
        return this.#close(leg)
      },
    }
  }

  #admit(leg: LegId, url: URL, request: TunnelRequest, listener: TunnelListener): void {
    const asked = this.#asked(request)
    if (typeof asked === 'number') {
      listener.failed(refused(url, asked))
      return
    }
    this.#legs.set(leg, { url, listener, headers: answerHeaders(asked) })
    this.#step({ ...asked, leg })
  }

  /** @returns the request for the relay, or the HTTP status that refuses it before. */
  #asked(request: TunnelRequest): LegRequest | number {
    const path = decodedOrUndefined(() => parseTunnelPath(request.url.replace(/^wss?:\/\/[^/]*/, '')))
    if (path === undefined) return NOT_FOUND
    return legRequest(path, name => headerOf(request, name), this.#freshIds) ?? BAD_REQUEST
  }

  #step(input: RelayInput): void {
    const sent = new Map<LegId, number>()
    for (const output of this.#relay.step(input, this.#clock.now())) {
      this.#perform(output)
      if (output.type === 'send') sent.set(output.leg, (sent.get(output.leg) ?? 0) + 1)
    }
    for (const [leg, messages] of sent) this.#step({ type: 'flushed', leg, messages })
    this.#cancelAlarm()
    const at = this.#relay.deadline()
    if (at !== undefined) {
      this.#cancelAlarm = this.#clock.setAlarm(at, () => {
        this.#step({ type: 'alarm' })
      })
    }
  }

  #perform(output: RelayOutput): void {
    if (!('leg' in output)) return
    const leg = this.#legs.get(output.leg)
    if (leg === undefined) return
    switch (output.type) {
      case 'accept':
        return leg.listener.open(leg.headers)
      case 'refuse':
        this.#legs.delete(output.leg)
        return leg.listener.failed(refused(leg.url, output.status))
      case 'ask-directory':
      case 'ask-outside':
        return this.#step({ type: 'answered', leg: output.leg, answer: 'unknown' })
      case 'send':
        return leg.listener.message(output.bytes)
      case 'close':
        this.#legs.delete(output.leg)
        return leg.listener.closed({ code: output.code, reason: output.reason })
      case 'cut':
        // Nothing outlives a close here.
        this.#legs.delete(output.leg)
    }
  }

  /** The peer’s messages before the close still arrive: the relay learns of it in a later microtask. */
  #close(leg: LegId): Promise<void> {
    this.#legs.delete(leg)
    return new Promise(resolve => {
      queueMicrotask(() => {
        this.#step({ type: 'gone', leg, clean: true })
        resolve()
      })
    })
  }
}

function urlOf({ url }: TunnelRequest): URL {
  if (URL.canParse(url)) return new URL(url)
  throw new UsageError('argument-invalid', 'the tunnel’s address must be a URL')
}

function answerHeaders(request: LegRequest): ReadonlyMap<string, readonly string[]> {
  const header = answerHeader(request)
  return new Map(header && [[header[0].toLowerCase(), [header[1]]]])
}

function headerOf({ headers }: TunnelRequest, wanted: string): string | undefined {
  const sent = Object.entries(headers).filter(([name]) => name.toLowerCase() === wanted.toLowerCase())
  return sent.length === 1 ? sent[0]?.[1] : undefined
}
