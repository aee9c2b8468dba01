import { ROUTING_ID_BYTES, routingId } from '../bytes/brands.js'
import type { RoutingId } from '../bytes/brands.js'
import { DecodeError, TunnelError } from '../errors.js'
import type { Clock, Random } from '../ports/clock.js'
import type { Tunnel, TunnelDialer, TunnelListener, TunnelRequest } from '../ports/tunnel-dialer.js'
import { serviceLimits } from '../service/limits.js'
import type { RelayLimits } from '../service/limits.js'
import { Relay } from '../service/relay.js'
import type { LegId, RelayInput, RelayOutput } from '../service/relay.js'
import { encodeRoutingId, ROUTING_ID_HEADER } from '../tunnel/headers.js'
import { parseTunnelPath } from '../tunnel/path.js'

const NOT_FOUND = 404

/** A dialled leg of the relay. */
interface Leg {
  readonly listener: TunnelListener
  readonly headers: ReadonlyMap<string, readonly string[]>
}

/**
 * The tunnel service’s own relay without sockets, as a dialer: what is dialled is served in this process.
 * Everything happens in microtasks, in order; the clock may be virtual.
 */
export class MemoryTunnelService implements TunnelDialer {
  readonly #relay: Relay
  readonly #clock: Clock
  readonly #random: Random
  readonly #legs = new Map<LegId, Leg>()
  #lastLeg = 0
  #cancelAlarm: () => void = () => undefined

  constructor(clock: Clock, random: Random, limits: Partial<RelayLimits> = {}) {
    this.#relay = new Relay(serviceLimits(limits))
    this.#clock = clock
    this.#random = random
  }

  dial(request: TunnelRequest, listener: TunnelListener): Tunnel {
    const leg = ++this.#lastLeg
    let wanted = true
    queueMicrotask(() => {
      if (wanted) this.#admit(leg, request, listener)
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

  #admit(leg: LegId, request: TunnelRequest, listener: TunnelListener): void {
    const id = routingId(this.#random.bytes(ROUTING_ID_BYTES))
    const input = relayInput(leg, request.url, id)
    if (input === undefined) {
      listener.failed(refused(NOT_FOUND))
      return
    }
    const headers = new Map(
      input.type === 'new' ? [[ROUTING_ID_HEADER.toLowerCase(), [encodeRoutingId(id)]]] : [],
    )
    this.#legs.set(leg, { listener, headers })
    this.#step(input)
  }

  #step(input: RelayInput): void {
    for (const output of this.#relay.step(input, this.#clock.now())) this.#perform(output)
    this.#cancelAlarm()
    const at = this.#relay.deadline()
    if (at !== undefined) {
      this.#cancelAlarm = this.#clock.setAlarm(at, () => {
        this.#step({ type: 'alarm' })
      })
    }
  }

  #perform(output: RelayOutput): void {
    if (output.type === 'report') return
    const leg = this.#legs.get(output.leg)
    if (leg === undefined) return
    switch (output.type) {
      case 'accept':
        return leg.listener.open(leg.headers)
      case 'refuse':
        this.#legs.delete(output.leg)
        return leg.listener.failed(refused(output.status))
      case 'send':
        leg.listener.message(output.bytes)
        return this.#step({ type: 'flushed', leg: output.leg, byteLength: output.bytes.length })
      case 'close':
        this.#legs.delete(output.leg)
        return leg.listener.closed({ code: output.code, reason: output.reason })
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

function relayInput(
  leg: LegId,
  url: string,
  fresh: RoutingId,
): (RelayInput & { type: 'new' | 'connect' }) | undefined {
  try {
    const path = parseTunnelPath(url.replace(/^wss?:\/\/[^/]*/, ''))
    if (path.kind === 'new') return { type: 'new', leg, routingId: fresh, tunnelId: path.tunnelId }
    if (path.kind === 'connect')
      return { type: 'connect', leg, routingId: path.routingId, tunnelId: path.tunnelId }
    return undefined
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

function refused(status: number): TunnelError {
  return new TunnelError('tunnel-refused', `the tunnel service answered ${status}`, { status })
}
