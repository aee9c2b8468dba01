import type { CryptoProvider } from '../crypto/provider.js'
import type { CallAnswer, DirectoryAnswer } from '../ports/contact-directory.js'
import type { CallReply } from '../tunnel/linked-call.js'
import type { TunnelId } from '../bytes/brands.js'
import type { AddressGroups } from './address-groups.js'
import { contactTagOf } from './contact-tags.js'
import type { RelayLimits } from './limits.js'
import type { PhoneLines } from './phone-lines.js'
import { Rates } from './rates.js'
import type { DirectoryState, LegId, RefusalStatus, RelayInput, RelayOutput } from './relay-io.js'
import { RemoteCalls, replying } from './remote-calls.js'
import { Searches } from './searches.js'
import type { HeldCall } from './relayed-tunnel.js'
import type { Tunnels } from './tunnels.js'

type Calling = Extract<RelayInput, { type: 'contact' }>
type CalledFor = Extract<RelayInput, { type: 'called' }>

/** Where linked clients are held, and where their phones are. */
interface CallParts {
  readonly tunnels: Tunnels
  readonly lines: PhoneLines
}

/**
 * The calls of linked clients. A phone is looked for on the lines of this instance, then by the directory if there is
 * one, and then by `onCall`.
 */
export class LinkedCalls {
  readonly #crypto: Pick<CryptoProvider, 'sha256'>
  readonly #tunnels: Tunnels
  readonly #lines: PhoneLines
  /** How often clients ask for each contact ID that is on no line of this instance. */
  readonly #outsideRates: Rates
  readonly #callerRates: Rates
  readonly #searches: Searches
  readonly #remoteCalls: RemoteCalls

  constructor(limits: RelayLimits, crypto: Pick<CryptoProvider, 'sha256'>, { tunnels, lines }: CallParts) {
    this.#crypto = crypto
    this.#tunnels = tunnels
    this.#lines = lines
    this.#outsideRates = new Rates(limits.maxCallsPerMinute)
    this.#callerRates = new Rates(limits.maxCallsPerAddressPerMinute)
    this.#searches = new Searches(limits.reAskMs)
    this.#remoteCalls = new RemoteCalls(limits.maxWaitingCalls, limits.ringTimeoutMs)
  }

  /** When `due` has something to do; Infinity while it has not. */
  deadline(): number {
    return Math.min(this.#searches.deadline(), this.#remoteCalls.deadline())
  }

  expire(now: number): readonly RelayOutput[] {
    const late = this.#remoteCalls.expire(now)
    return [...late, ...this.#searches.due(now).flatMap(leg => this.#searchAgain(leg, now))]
  }

  /** A linked client comes. */
  begin(input: Calling, now: number): readonly RelayOutput[] {
    const { leg, contactId, from = [] } = input
    const contact = contactTagOf(this.#crypto, contactId)
    const refused = this.#lines.hasRevoked(contact) ? 410 : this.#refusalOfCaller(from, now)
    if (refused !== undefined) return [{ type: 'refuse', leg, status: refused }]
    const line = this.#lines.lineOf(contact)
    const isInTime =
      line === undefined ? this.#outsideRates.count(contact, now) : this.#lines.mayRing(line, now)
    if (!isInTime) return [{ type: 'refuse', leg, status: 429 }]
    const held = this.#hold(input, { contact, line, from, since: now })
    return [...held, ...(line === undefined ? this.#seek(leg) : this.#lines.ring(line, input))]
  }

  /** The phone, or `onCall` in its place, has answered. */
  answer(client: LegId, answer: CallAnswer | 'too-often', now: number): readonly RelayOutput[] {
    switch (answer) {
      case 'ringing':
        return this.#tunnels.answer(client, now)
      case 'gone':
        return this.#tunnels.turnAway(client, 410)
      case 'busy':
        return this.#tunnels.turnAway(client, 409)
      case 'unknown': {
        const held = this.#tunnels.callOf(client)
        if (held !== undefined) this.#outsideRates.forget(held.contact)
        return this.#tunnels.turnAway(client, 404)
      }
      case 'too-often':
        return this.#tunnels.turnAway(client, 429)
    }
  }

  /** The phone on this line has answered, to a client of this instance or of another. */
  reply(line: LegId, tunnelId: TunnelId, reply: CallReply, now: number): readonly RelayOutput[] {
    const client = this.#tunnels.callerOn(line, tunnelId)
    if (client !== undefined) return this.answer(client, reply, now)
    return this.#remoteCalls.answer(line, tunnelId, reply)
  }

  directoryIs(state: DirectoryState, now: number): readonly RelayOutput[] {
    this.#searches.hear(state, now)
    return []
  }

  /** The directory has answered. */
  told(leg: LegId, answer: DirectoryAnswer, now: number): readonly RelayOutput[] {
    const held = this.#tunnels.callOf(leg)
    if (held === undefined || held.line !== undefined) return []
    if (answer !== 'silent' && answer !== 'down' && answer !== 'unknown') return this.answer(leg, answer, now)
    const line = this.#lines.lineOf(held.contact)
    if (line !== undefined) return this.#ringHeld(line, leg, held, now)
    return this.#missed(leg, held, answer, now)
  }

  /**
   * Another instance asks for a phone. An instance that has just lost the line does not answer: the one that has it by
   * now will.
   */
  ringFor({ call, contact, ...request }: CalledFor, now: number): readonly RelayOutput[] {
    if (this.#lines.hasRevoked(contact)) return [replying(call, 'gone')]
    const line = this.#lines.lineOf(contact)
    if (line === undefined) return [replying(call, 'silent')]
    const repeated = this.#remoteCalls.repeat(request.tunnelId, call, line)
    if (repeated !== undefined) return repeated
    if (this.#remoteCalls.isFull) return [replying(call, 'silent')]
    if (!this.#lines.mayRing(line, now)) return [replying(call, 'too-often')]
    this.#remoteCalls.begin(request.tunnelId, call, line, now)
    return this.#lines.ring(line, request)
  }

  /** Whether a client waits for an answer on this line. */
  areOn(line: LegId): boolean {
    return this.#tunnels.callersOn(line).length > 0 || this.#remoteCalls.isOn(line)
  }

  /** The line is closed: with 410 its key was revoked, with 404 the phone may be on another. */
  hangUp(line: LegId, status: 404 | 410): readonly RelayOutput[] {
    const isMissed = status === 404 && this.#searches.areThere
    const callers = this.#tunnels.callersOn(line)
    return [
      ...this.#remoteCalls.hangUp(line, status === 410 ? 'gone' : 'silent'),
      ...callers.flatMap(leg => (isMissed ? this.#seek(leg) : this.#tunnels.turnAway(leg, status))),
    ]
  }

  #refusalOfCaller(from: AddressGroups, now: number): RefusalStatus | undefined {
    return this.#callerRates.countGroups(from, now) ? this.#tunnels.refusalOfCall(from) : 429
  }

  #hold(input: Calling, held: Omit<HeldCall, 'request'>): readonly RelayOutput[] {
    const { leg, contactId, routingId, tunnelId, clientPayload, wantsSignal } = input
    const request = { contactId, routingId, tunnelId, clientPayload }
    return this.#tunnels.ring(leg, { ...held, request }, wantsSignal)
  }

  /** Looks elsewhere for the phone of a client that is held. */
  #seek(leg: LegId): readonly RelayOutput[] {
    const held = this.#tunnels.callOf(leg)
    if (held === undefined) return []
    // The contact ID may be known as revoked only since the call began: a new instance reads the list while it already
    // serves.
    if (this.#lines.hasRevoked(held.contact)) return this.#tunnels.turnAway(leg, 410)
    if (!this.#searches.areThere) return [askingOutside(leg, held)]
    this.#tunnels.putOn(undefined, leg)
    const { routingId, tunnelId, clientPayload } = held.request
    const call = { routingId, tunnelId, clientPayload }
    return [{ type: 'ask-directory', leg, contact: held.contact, call }]
  }

  /** The phone is on no line, as far as is known. */
  #missed(
    leg: LegId,
    held: HeldCall,
    answer: 'silent' | 'down' | 'unknown',
    now: number,
  ): readonly RelayOutput[] {
    if (answer === 'silent' || this.#searches.mayComeBack(held.since, now)) {
      this.#searches.wait(leg, now)
      return []
    }
    return answer === 'unknown' ? [askingOutside(leg, held)] : this.#tunnels.turnAway(leg, 404)
  }

  #searchAgain(leg: LegId, now: number): readonly RelayOutput[] {
    const held = this.#tunnels.callOf(leg)
    const line = held && this.#lines.lineOf(held.contact)
    return held === undefined || line === undefined ? this.#seek(leg) : this.#ringHeld(line, leg, held, now)
  }

  /** The phone has come to this instance in the meantime. */
  #ringHeld(line: LegId, leg: LegId, { request }: HeldCall, now: number): readonly RelayOutput[] {
    if (!this.#lines.mayRing(line, now)) return this.#tunnels.turnAway(leg, 429)
    this.#tunnels.putOn(line, leg)
    return this.#lines.ring(line, request)
  }
}

function askingOutside(leg: LegId, { request, from }: HeldCall): RelayOutput {
  return { type: 'ask-outside', leg, request, from }
}
