import type { RoutingId, TunnelId } from '../bytes/brands.js'
import { equalBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import type { RelayLimits } from './limits.js'
import { ByteBudget, Outbox } from './outbox.js'

/** One connection to the service; whoever drives the relay numbers them and never uses a number twice. */
export type LegId = number

/** What happened outside. */
export type RelayInput =
  /** A phone asks for a new tunnel; the routing ID is fresh. */
  | { type: 'new'; leg: LegId; routingId: RoutingId; tunnelId: TunnelId }
  /** A client asks for the tunnel that a phone opened. */
  | { type: 'connect'; leg: LegId; routingId: RoutingId; tunnelId: TunnelId }
  | { type: 'message'; leg: LegId; bytes: Uint8Array }
  /** The socket refused a message before it was whole. */
  | { type: 'unacceptable'; leg: LegId; fault: 'not-binary' | 'too-long' }
  /** A message of this length has left for the network. */
  | { type: 'flushed'; leg: LegId; byteLength: number }
  /** The connection is over; `clean` when it said so in a close frame. */
  | { type: 'gone'; leg: LegId; clean: boolean }
  /** `deadline()` has come. */
  | { type: 'alarm' }
  /** The service stops. */
  | { type: 'shutdown' }

/** What to do about it, in this order. */
export type RelayOutput =
  | { type: 'accept'; leg: LegId }
  | { type: 'refuse'; leg: LegId; status: RefusalStatus }
  | { type: 'send'; leg: LegId; bytes: Uint8Array }
  | { type: 'close'; leg: LegId; code: number; reason: string }
  | { type: 'report'; event: TunnelEvent }

export type RefusalStatus = 404 | 409 | 503

/** What became of a tunnel. Numbers count up from 1 and say nothing about the identifiers on the wire. */
export type TunnelEvent =
  | { type: 'tunnel-opened'; tunnel: number }
  | { type: 'tunnel-joined'; tunnel: number }
  | { type: 'tunnel-ended'; tunnel: number; reason: string }

interface Ending {
  readonly code: number
  readonly reason: string
}

/** Close codes of protocol.md 7.5. */
const PEER_CLOSED: Ending = { code: 1000, reason: 'peer closed' }
const PEER_VANISHED: Ending = { code: 1001, reason: 'peer vanished' }
const LIFETIME_OVER: Ending = { code: 1001, reason: 'lifetime over' }
const SERVICE_STOPS: Ending = { code: 1001, reason: 'service stops' }
const NOT_BINARY: Ending = { code: 1003, reason: 'not binary' }
const QUEUE_FULL: Ending = { code: 1008, reason: 'queue full' }
const TOO_LONG: Ending = { code: 1009, reason: 'message too long' }

interface Leg {
  readonly id: LegId
  /** What this leg is to read. */
  readonly outbox: Outbox
}

interface Tunnel {
  readonly number: number
  readonly key: string
  readonly routingId: RoutingId
  readonly phone: Leg
  readonly client: Leg | undefined
  /** Filled before the client is there. */
  readonly toClient: Outbox
  readonly deadline: number
}

/**
 * The tunnel service without sockets and without a clock (protocol.md 7): it pairs one phone and one client per
 * tunnel and passes their messages on, unread. `now` is in milliseconds and never goes back.
 */
export class Relay {
  readonly #limits: RelayLimits
  readonly #budget: ByteBudget
  // A Map keeps insertion order and each kind has one lifetime, so the first entry is the first to expire.
  readonly #waiting = new Map<string, Tunnel>()
  readonly #joined = new Map<string, Tunnel>()
  readonly #tunnelOf = new Map<LegId, string>()
  #opened = 0

  constructor(limits: RelayLimits) {
    this.#limits = limits
    this.#budget = new ByteBudget(limits.maxBufferedBytes)
  }

  /** When to call with `alarm`, in the milliseconds of `now`; undefined while there is no tunnel. */
  deadline(): number | undefined {
    const first = [this.#waiting, this.#joined].flatMap(tunnels => tunnels.values().next().value ?? [])
    return first.length === 0 ? undefined : Math.min(...first.map(tunnel => tunnel.deadline))
  }

  /** Never throws; input of a leg that is not or no longer in a tunnel does nothing. */
  step(input: RelayInput, now: number): readonly RelayOutput[] {
    return [...this.#expire(now), ...this.#handle(input, now)]
  }

  #handle(input: RelayInput, now: number): readonly RelayOutput[] {
    switch (input.type) {
      case 'new':
        return this.#open(input.leg, input.routingId, encodeHex(input.tunnelId), now)
      case 'connect':
        return this.#join(input.leg, input.routingId, encodeHex(input.tunnelId), now)
      case 'message':
        return this.#pass(input.leg, input.bytes)
      case 'unacceptable':
        return this.#expel(input.leg, input.fault === 'too-long' ? TOO_LONG : NOT_BINARY)
      case 'flushed':
        return this.#flushed(input.leg, input.byteLength)
      case 'gone':
        return this.#gone(input.leg, input.clean ? PEER_CLOSED : PEER_VANISHED)
      case 'alarm':
        return []
      case 'shutdown':
        return [...this.#waiting.values(), ...this.#joined.values()].flatMap(tunnel =>
          this.#end(tunnel, SERVICE_STOPS),
        )
    }
  }

  #open(id: LegId, routingId: RoutingId, key: string, now: number): readonly RelayOutput[] {
    if (this.#waiting.has(key) || this.#joined.has(key)) return [{ type: 'refuse', leg: id, status: 409 }]
    if (this.#waiting.size + this.#joined.size >= this.#limits.maxTunnels)
      return [{ type: 'refuse', leg: id, status: 503 }]
    const number = ++this.#opened
    const phone = { id, outbox: this.#newOutbox() }
    const deadline = now + this.#limits.waitingLifetimeMs
    const toClient = this.#newOutbox()
    this.#waiting.set(key, { number, key, routingId, phone, client: undefined, toClient, deadline })
    this.#tunnelOf.set(id, key)
    phone.outbox.open()
    return [
      { type: 'accept', leg: id },
      { type: 'report', event: { type: 'tunnel-opened', tunnel: number } },
    ]
  }

  #join(id: LegId, routingId: RoutingId, key: string, now: number): readonly RelayOutput[] {
    const tunnel = this.#waiting.get(key)
    if (tunnel === undefined || !equalBytes(tunnel.routingId, routingId))
      return [{ type: 'refuse', leg: id, status: 404 }]
    const client = { id, outbox: tunnel.toClient }
    this.#waiting.delete(key)
    this.#joined.set(key, { ...tunnel, client, deadline: now + this.#limits.joinedLifetimeMs })
    this.#tunnelOf.set(id, key)
    return [
      { type: 'accept', leg: id },
      { type: 'report', event: { type: 'tunnel-joined', tunnel: tunnel.number } },
      ...sendAll(client, client.outbox.open()),
    ]
  }

  #pass(from: LegId, bytes: Uint8Array): readonly RelayOutput[] {
    const tunnel = this.#find(from)
    if (tunnel === undefined) return []
    if (bytes.length > this.#limits.maxMessageBytes) return this.#expel(from, TOO_LONG)
    const reader = tunnel.phone.id === from ? tunnel.client : tunnel.phone
    const messages = (reader?.outbox ?? tunnel.toClient).push(bytes)
    if (messages === undefined) return this.#end(tunnel, QUEUE_FULL)
    return reader === undefined ? [] : sendAll(reader, messages)
  }

  #flushed(id: LegId, byteLength: number): readonly RelayOutput[] {
    const leg = legsOf(this.#find(id)).find(each => each.id === id)
    return leg === undefined ? [] : sendAll(leg, leg.outbox.flushed(byteLength))
  }

  /** The one who broke the rules learns which; for the other, its peer has vanished. */
  #expel(id: LegId, ending: Ending): readonly RelayOutput[] {
    const tunnel = this.#find(id)
    if (tunnel === undefined) return []
    return this.#end(tunnel, ending, leg => (leg.id === id ? [close(leg, ending)] : this.#bidFarewell(leg)))
  }

  #gone(id: LegId, ending: Ending): readonly RelayOutput[] {
    const tunnel = this.#find(id)
    if (tunnel === undefined) return []
    return this.#end(tunnel, ending, leg => (leg.id === id ? [] : this.#bidFarewell(leg, ending)))
  }

  /** Phones answer and hang up at once: what they sent before still has to arrive. */
  #bidFarewell(leg: Leg, ending: Ending = PEER_VANISHED): readonly RelayOutput[] {
    return [...sendAll(leg, leg.outbox.end()), close(leg, ending)]
  }

  #end(
    tunnel: Tunnel,
    ending: Ending,
    partingOf: (leg: Leg) => readonly RelayOutput[] = leg => [close(leg, ending)],
  ): readonly RelayOutput[] {
    this.#waiting.delete(tunnel.key)
    this.#joined.delete(tunnel.key)
    const legs = legsOf(tunnel)
    for (const leg of legs) this.#tunnelOf.delete(leg.id)
    const partings = legs.flatMap(partingOf)
    for (const outbox of [tunnel.phone.outbox, tunnel.toClient]) outbox.end()
    const { number, reason } = { number: tunnel.number, reason: ending.reason }
    return [...partings, { type: 'report', event: { type: 'tunnel-ended', tunnel: number, reason } }]
  }

  #expire(now: number): readonly RelayOutput[] {
    return [this.#waiting, this.#joined].flatMap(tunnels => {
      const outputs: RelayOutput[] = []
      for (const tunnel of tunnels.values()) {
        if (tunnel.deadline > now) break
        outputs.push(...this.#end(tunnel, LIFETIME_OVER))
      }
      return outputs
    })
  }

  #find(id: LegId): Tunnel | undefined {
    const key = this.#tunnelOf.get(id)
    return key === undefined ? undefined : (this.#joined.get(key) ?? this.#waiting.get(key))
  }

  #newOutbox(): Outbox {
    return new Outbox(this.#limits, this.#budget)
  }
}

function legsOf(tunnel: Tunnel | undefined): readonly Leg[] {
  return [tunnel?.phone, tunnel?.client].filter(leg => leg !== undefined)
}

function sendAll(leg: Leg, messages: readonly Uint8Array[]): readonly RelayOutput[] {
  return messages.map(bytes => ({ type: 'send', leg: leg.id, bytes }))
}

function close(leg: Leg, ending: Ending): RelayOutput {
  return { type: 'close', leg: leg.id, code: ending.code, reason: ending.reason }
}
