import type { TunnelId } from '../bytes/brands.js'
import { CONNECTION_SIGNAL } from '../tunnel/headers.js'
import type { AddressGroups } from './address-groups.js'
import { firstDeadline } from './deadline.js'
import { closing, ENDING } from './ending.js'
import type { Ending } from './ending.js'
import type { RelayLimits } from './limits.js'
import { Outbox } from './outbox.js'
import type { ByteBudget } from './outbox.js'
import type { LegId, RelayOutput } from './relay-io.js'
import { bidFarewell, refuse, sendAll } from './parting.js'
import type { Leg } from './parting.js'
import { keyOf, legsOf, routeOf } from './relayed-tunnel.js'
import type { HeldCall, Opening, RelayedTunnel, TunnelIds } from './relayed-tunnel.js'
import { Shares } from './shares.js'

/** Why a linked client’s tunnel ends, by the status that refuses it. */
const TURNED_AWAY = {
  404: 'no phone',
  409: 'phone busy',
  410: 'contact gone',
  429: 'asked too often',
} as const
type TurnedAway = keyof typeof TURNED_AWAY

type FarewellOf = (leg: Leg) => readonly RelayOutput[]

/**
 * Tunnels, each of one phone and one client; messages are passed on unread. A tunnel is in one of three states: ringing (a
 * linked client asks, and its upgrade is held until the phone has answered), waiting (one side is there), joined (both are).
 * Each state has a map of its own, because each has a lifetime of its own.
 */
export class Tunnels {
  readonly #limits: RelayLimits
  readonly #budget: ByteBudget
  // A Map keeps insertion order, and all tunnels of one map live equally long: the first entry expires first, and no
  // sorting is needed.
  readonly #ringing = new Map<string, RelayedTunnel>()
  readonly #waiting = new Map<string, RelayedTunnel>()
  readonly #joined = new Map<string, RelayedTunnel>()
  readonly #tunnelOf = new Map<LegId, string>()
  /** Tunnels of linked clients whose phones have not joined: limited apart, so that calls cannot use up all tunnels. */
  readonly #contacts = new Set<string>()
  readonly #shares: Shares
  readonly #callShares: Shares
  #begun = 0

  constructor(limits: RelayLimits, budget: ByteBudget) {
    this.#limits = limits
    this.#budget = budget
    this.#shares = new Shares(limits.maxTunnelsPerAddress)
    this.#callShares = new Shares(limits.maxWaitingCallsPerAddress)
  }

  /** Infinity without a tunnel. */
  deadline(): number {
    return Math.min(firstDeadline(this.#ringing), firstDeadline(this.#waiting), firstDeadline(this.#joined))
  }

  counts(): { readonly ringing: number; readonly waiting: number; readonly joined: number } {
    return { ringing: this.#ringing.size, waiting: this.#waiting.size, joined: this.#joined.size }
  }

  /** A phone opens a tunnel for a QR code. */
  open(leg: LegId, ids: Opening, now: number): readonly RelayOutput[] {
    const key = keyOf(ids.tunnelId)
    if (this.#find(key) !== undefined) return [refuse(leg, 409)]
    if (this.#isFull()) return [refuse(leg, 503)]
    if (!this.#shares.take(ids.from ?? [])) return [refuse(leg, 429)]
    return this.#letWait(this.#begin(leg, ids, key), now)
  }

  /** Why one more linked client may not wait: the status to refuse it with. */
  refusalOfCall(from: AddressGroups): 429 | 503 | undefined {
    if (this.#isFull() || this.#contacts.size >= this.#limits.maxWaitingCalls) return 503
    return this.#shares.hasRoom(from) && this.#callShares.hasRoom(from) ? undefined : 429
  }

  /** Holds a linked client, for which there is room, until its phone has answered. */
  ring(leg: LegId, call: HeldCall, wantsSignal: boolean): readonly RelayOutput[] {
    const { request, from, since } = call
    const key = keyOf(request.tunnelId)
    const tunnel = this.#begin(leg, { ...request, from }, key)
    this.#contacts.add(key)
    this.#shares.take(from)
    this.#callShares.take(from)
    const deadline = since + this.#limits.ringTimeoutMs
    this.#ringing.set(key, { ...tunnel, call, wantsSignal, deadline })
    return [{ type: 'report', event: { type: 'tunnel-ringing', tunnel: tunnel.number } }]
  }

  /** The call of the linked client on this leg, while it waits for the answer. */
  callOf(leg: LegId): HeldCall | undefined {
    return this.#ringing.get(this.#tunnelOf.get(leg) ?? '')?.call
  }

  /** The call goes out on this line, or on none of this instance any more. */
  putOn(line: LegId | undefined, leg: LegId): void {
    const key = this.#tunnelOf.get(leg) ?? ''
    const tunnel = this.#ringing.get(key)
    if (tunnel?.call !== undefined) this.#ringing.set(key, { ...tunnel, call: { ...tunnel.call, line } })
  }

  /** The client whose call for this tunnel went out on this line: a phone must not answer the calls of another line. */
  callerOn(line: LegId, tunnelId: TunnelId): LegId | undefined {
    const tunnel = this.#ringing.get(keyOf(tunnelId))
    return tunnel?.call?.line === line ? tunnel.opener.id : undefined
  }

  /** The phone will come. */
  answer(leg: LegId, now: number): readonly RelayOutput[] {
    const tunnel = this.#ringing.get(this.#tunnelOf.get(leg) ?? '')
    return tunnel === undefined ? [] : this.#letWait(tunnel, now)
  }

  /** The phone will not come. */
  turnAway(leg: LegId, status: TurnedAway): readonly RelayOutput[] {
    const tunnel = this.#ringing.get(this.#tunnelOf.get(leg) ?? '')
    if (tunnel === undefined) return []
    return this.#end(tunnel, TURNED_AWAY[status], each => [refuse(each.id, status)])
  }

  /** The linked clients that wait for an answer on this line. */
  callersOn(line: LegId): readonly LegId[] {
    const calling = [...this.#ringing.values()].filter(({ call }) => call?.line === line)
    return calling.map(({ opener }) => opener.id)
  }

  /** The second side comes. A linked phone may come before its answer, because the answer travels on another connection. */
  join(leg: LegId, { routingId, tunnelId }: TunnelIds, now: number): readonly RelayOutput[] {
    const key = keyOf(tunnelId)
    const tunnel = this.#waiting.get(key) ?? this.#ringing.get(key)
    if (tunnel?.route !== routeOf(routingId)) return [refuse(leg, 404)]
    const answered = this.answer(tunnel.opener.id, now)
    const joiner = { id: leg, outbox: tunnel.toJoiner }
    this.#waiting.delete(key)
    this.#stopWaiting(tunnel)
    this.#joined.set(key, {
      ...tunnel,
      call: undefined,
      joiner,
      deadline: now + this.#limits.joinedLifetimeMs,
    })
    this.#tunnelOf.set(leg, key)
    return [
      ...answered,
      { type: 'accept', leg },
      { type: 'report', event: { type: 'tunnel-joined', tunnel: tunnel.number } },
      ...(tunnel.wantsSignal ? this.#deliver(tunnel, tunnel.opener, CONNECTION_SIGNAL) : []),
      ...sendAll(joiner, joiner.outbox.open()),
    ]
  }

  pass(from: LegId, bytes: Uint8Array): readonly RelayOutput[] {
    const tunnel = this.#acceptedTunnelWith(from)
    if (tunnel === undefined) return []
    if (bytes.length > this.#limits.maxMessageBytes) return this.expel(from, ENDING.tooLong)
    const reader = tunnel.opener.id === from ? tunnel.joiner : tunnel.opener
    return this.#deliver(tunnel, reader, bytes)
  }

  flushed(id: LegId, messages: number): readonly RelayOutput[] {
    const tunnel = this.#tunnelWith(id)
    const leg = tunnel?.opener.id === id ? tunnel.opener : tunnel?.joiner
    return leg === undefined ? [] : sendAll(leg, leg.outbox.flushed(messages))
  }

  /** Ends a tunnel over a violation. The violating side gets the reason; the other side is told that its peer has gone. */
  expel(id: LegId, ending: Ending): readonly RelayOutput[] {
    const tunnel = this.#acceptedTunnelWith(id)
    if (tunnel === undefined) return []
    return this.#end(tunnel, ending.reason, leg =>
      leg.id === id ? [closing(leg.id, ending)] : bidFarewell(leg, ENDING.peerVanished),
    )
  }

  gone(id: LegId, clean: boolean): readonly RelayOutput[] {
    const tunnel = this.#tunnelWith(id)
    if (tunnel === undefined) return []
    const ending = clean ? ENDING.peerClosed : ENDING.peerVanished
    return this.#end(tunnel, ending.reason, leg => (leg.id === id ? [] : bidFarewell(leg, ending)))
  }

  expire(now: number): readonly RelayOutput[] {
    return this.#kinds().flatMap(tunnels => {
      const outputs: RelayOutput[] = []
      for (const tunnel of tunnels.values()) {
        if (tunnel.deadline > now) break
        outputs.push(...this.#timeOut(tunnel))
      }
      return outputs
    })
  }

  shutdown(): readonly RelayOutput[] {
    const ringing = [...this.#ringing.values()].flatMap(tunnel =>
      this.#end(tunnel, ENDING.serviceStops.reason, leg => [refuse(leg.id, 503)]),
    )
    const open = [...this.#waiting.values(), ...this.#joined.values()]
    return [...ringing, ...open.flatMap(tunnel => this.#closeBoth(tunnel, ENDING.serviceStops))]
  }

  #begin(leg: LegId, { routingId, from = [] }: Opening, key: string): RelayedTunnel {
    this.#tunnelOf.set(leg, key)
    return {
      number: ++this.#begun,
      key,
      route: routeOf(routingId),
      opener: { id: leg, outbox: this.#newOutbox() },
      joiner: undefined,
      toJoiner: this.#newOutbox(),
      call: undefined,
      wantsSignal: false,
      from,
      deadline: Infinity,
    }
  }

  #letWait(tunnel: RelayedTunnel, now: number): readonly RelayOutput[] {
    this.#ringing.delete(tunnel.key)
    this.#waiting.set(tunnel.key, {
      ...tunnel,
      call: undefined,
      deadline: now + this.#limits.waitingLifetimeMs,
    })
    tunnel.opener.outbox.open()
    return [
      { type: 'accept', leg: tunnel.opener.id },
      { type: 'report', event: { type: 'tunnel-opened', tunnel: tunnel.number } },
    ]
  }

  #timeOut(tunnel: RelayedTunnel): readonly RelayOutput[] {
    if (this.#ringing.has(tunnel.key)) return this.#end(tunnel, 'no answer', leg => [refuse(leg.id, 404)])
    return this.#closeBoth(tunnel, ENDING.lifetimeOver)
  }

  #deliver(tunnel: RelayedTunnel, reader: Leg | undefined, bytes: Uint8Array): readonly RelayOutput[] {
    const messages = (reader?.outbox ?? tunnel.toJoiner).push(bytes)
    if (messages === undefined) return this.#closeBoth(tunnel, ENDING.queueFull)
    return reader === undefined ? [] : sendAll(reader, messages)
  }

  #closeBoth(tunnel: RelayedTunnel, ending: Ending): readonly RelayOutput[] {
    return this.#end(tunnel, ending.reason, leg => [closing(leg.id, ending)])
  }

  #end({ key, number }: RelayedTunnel, reason: string, partingOf: FarewellOf): readonly RelayOutput[] {
    const tunnel = this.#find(key)
    const outputs = tunnel === undefined ? [] : this.#partWith(tunnel, partingOf)
    outputs.push({ type: 'report', event: { type: 'tunnel-ended', tunnel: number, reason } })
    return outputs
  }

  #partWith(tunnel: RelayedTunnel, partingOf: FarewellOf): RelayOutput[] {
    for (const tunnels of this.#kinds()) tunnels.delete(tunnel.key)
    this.#release(tunnel)
    const outputs: RelayOutput[] = []
    for (const leg of legsOf(tunnel)) {
      this.#tunnelOf.delete(leg.id)
      outputs.push(...partingOf(leg))
    }
    tunnel.opener.outbox.end()
    tunnel.toJoiner.end()
    return outputs
  }

  #release(tunnel: RelayedTunnel): void {
    this.#stopWaiting(tunnel)
    this.#shares.give(tunnel.from)
  }

  /** The phone of a linked client has come, or will not. */
  #stopWaiting({ key, from }: RelayedTunnel): void {
    if (this.#contacts.delete(key)) this.#callShares.give(from)
  }

  #tunnelWith(leg: LegId): RelayedTunnel | undefined {
    return this.#find(this.#tunnelOf.get(leg) ?? '')
  }

  /** A leg that is held has no WebSocket yet: it can neither send nor be closed. */
  #acceptedTunnelWith(leg: LegId): RelayedTunnel | undefined {
    const key = this.#tunnelOf.get(leg) ?? ''
    return this.#joined.get(key) ?? this.#waiting.get(key)
  }

  #find(key: string): RelayedTunnel | undefined {
    return this.#joined.get(key) ?? this.#waiting.get(key) ?? this.#ringing.get(key)
  }

  #kinds(): readonly Map<string, RelayedTunnel>[] {
    return [this.#ringing, this.#waiting, this.#joined]
  }

  #isFull(): boolean {
    return this.#ringing.size + this.#waiting.size + this.#joined.size >= this.#limits.maxTunnels
  }

  #newOutbox(): Outbox {
    return new Outbox(this.#limits, this.#budget)
  }
}
