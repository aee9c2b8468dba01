import type { ContactTag } from '../bytes/contact-tag.js'
import { decodedOrUndefined } from '../bytes/decoded.js'
import { deriveContactId } from '../crypto/derive.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { decodePhoneFrame, encodeServiceFrame } from '../tunnel/contact-frames.js'
import type { PhoneFrame, ServiceFrame } from '../tunnel/contact-frames.js'
import type { LinkedCall } from '../tunnel/linked-call.js'
import type { AddressGroups } from './address-groups.js'
import { contactTagOf } from './contact-tags.js'
import { firstDeadline } from './deadline.js'
import { closing, ENDING } from './ending.js'
import type { Ending } from './ending.js'
import type { RelayLimits } from './limits.js'
import { Outbox } from './outbox.js'
import type { ByteBudget } from './outbox.js'
import type { LegId, RelayOutput } from './relay-io.js'
import { LeavingLines } from './leaving-lines.js'
import { MinuteCount } from './rates.js'
import { RevokedContacts } from './revoked-contacts.js'
import { Shares } from './shares.js'

/** A phone that has registered. */
interface LineHolder {
  readonly phone: number
  readonly contact: ContactTag
  /** How often clients ask for it. */
  readonly calls: MinuteCount
}

interface Line {
  readonly leg: LegId
  readonly outbox: Outbox
  /** Undefined before it has registered. */
  readonly holder: LineHolder | undefined
  readonly from: AddressGroups
  readonly deadline: number
}

/** What an input of a line led to, beside outputs. */
export interface LineEffects {
  readonly outputs: readonly RelayOutput[]
  /** The phone’s answer to the client that asked for it. */
  readonly reply?: Extract<PhoneFrame, { type: 'reply' }>
}

/** The linked clients that wait for an answer on a line. */
export interface Callers {
  areOn(line: LegId): boolean
  /** The line is closed: they are turned away, or, with 404, looked for elsewhere where there is a directory. */
  hangUp(line: LegId, status: 404 | 410): readonly RelayOutput[]
}

type Registering = Extract<PhoneFrame, { type: 'register' }>

/** Phones that wait for linked clients, each on a line of its own (contact-frames.ts). */
export class PhoneLines {
  readonly #limits: RelayLimits
  readonly #budget: ByteBudget
  readonly #crypto: Pick<CryptoProvider, 'sha256'>
  readonly #revoked: RevokedContacts
  readonly #shares: Shares
  readonly #callers: Callers
  readonly #leaving = new LeavingLines()
  // Kept in the order of deadlines: a line that was heard goes to the end.
  readonly #newcomers = new Map<LegId, Line>()
  readonly #registered = new Map<LegId, Line>()
  readonly #legOf = new Map<ContactTag, LegId>()
  #phones = 0
  /** How long a line stays that registers while the service retires. */
  #leavesAfterMs: number | undefined

  constructor(
    limits: RelayLimits,
    budget: ByteBudget,
    crypto: Pick<CryptoProvider, 'sha256'>,
    callers: Callers,
  ) {
    this.#limits = limits
    this.#budget = budget
    this.#crypto = crypto
    this.#callers = callers
    this.#revoked = new RevokedContacts(limits.maxRevokedContacts, limits.maxRevokedElsewhere)
    this.#shares = new Shares(limits.maxPhonesPerAddress)
  }

  /** Infinity without a line. */
  deadline(): number {
    const silence = Math.min(firstDeadline(this.#newcomers), firstDeadline(this.#registered))
    return Math.min(silence, this.#leaving.deadline)
  }

  /** Lines that have registered. */
  count(): number {
    return this.#registered.size
  }

  open(leg: LegId, from: AddressGroups, now: number): readonly RelayOutput[] {
    if (this.#newcomers.size + this.#registered.size >= this.#limits.maxPhones)
      return [{ type: 'refuse', leg, status: 503 }]
    if (!this.#shares.take(from)) return [{ type: 'refuse', leg, status: 429 }]
    const outbox = new Outbox(this.#limits, this.#budget)
    outbox.open()
    const deadline = now + this.#limits.registerTimeoutMs
    this.#newcomers.set(leg, { leg, outbox, holder: undefined, from, deadline })
    return [{ type: 'accept', leg }]
  }

  has(leg: LegId): boolean {
    return this.#find(leg) !== undefined
  }

  /** Whether a phone has given this contact ID up. */
  hasRevoked(contact: ContactTag): boolean {
    return this.#revoked.has(contact)
  }

  /** The line of the phone that has registered with this contact ID. */
  lineOf(contact: ContactTag): LegId | undefined {
    return this.#legOf.get(contact)
  }

  /** The phone has registered with another instance since. */
  supersede(contact: ContactTag): readonly RelayOutput[] {
    return this.#closeOf(contact, ENDING.superseded)
  }

  /** Phones have given these contact IDs up on other instances. */
  revoke(contacts: readonly ContactTag[]): readonly RelayOutput[] {
    return contacts.flatMap(contact => {
      this.#revoked.addFromElsewhere(contact)
      return this.#closeOf(contact, ENDING.revoked)
    })
  }

  /** Counts one more call. @returns false when this phone is called too often. */
  mayRing(line: LegId, now: number): boolean {
    const calls = this.#registered.get(line)?.holder?.calls
    return calls?.add(this.#limits.maxCallsPerMinute, now) !== false
  }

  ring(line: LegId, { routingId, tunnelId, clientPayload }: LinkedCall): readonly RelayOutput[] {
    const rung = this.#registered.get(line)
    if (rung === undefined) return []
    return this.#say(rung, { type: 'contact', routingId, tunnelId, clientPayload })
  }

  receive(leg: LegId, bytes: Uint8Array, now: number): LineEffects {
    const line = this.#find(leg)
    if (line === undefined) return { outputs: [] }
    const frame = decodedOrUndefined(() => decodePhoneFrame(bytes))
    const isRegistered = line.holder !== undefined
    if (frame === undefined || (frame.type === 'register') === isRegistered)
      return { outputs: this.close(leg, ENDING.badFrame) }
    if (frame.type === 'register') return { outputs: this.#register(line, frame, now) }
    const heard = this.#hear(line, now)
    if (frame.type === 'ping') return { outputs: this.#say(heard, { type: 'pong' }) }
    return { outputs: [], reply: frame }
  }

  flushed(leg: LegId, messages: number): readonly RelayOutput[] {
    return (this.#find(leg)?.outbox.flushed(messages) ?? []).map(bytes => ({ type: 'send', leg, bytes }))
  }

  close(leg: LegId, ending: Ending): readonly RelayOutput[] {
    if (!this.has(leg)) return []
    const refused = ending === ENDING.revoked ? this.#callers.hangUp(leg, 410) : []
    return [closing(leg, ending), ...refused, ...this.gone(leg, ending.reason)]
  }

  gone(leg: LegId, reason: string): readonly RelayOutput[] {
    const line = this.#find(leg)
    if (line === undefined) return []
    line.outbox.end()
    this.#shares.give(line.from)
    for (const lines of this.#kinds()) lines.delete(leg)
    this.#leaving.forget(leg)
    if (line.holder === undefined) return []
    const { contact, phone } = line.holder
    const isCurrent = this.#legOf.get(contact) === leg
    if (isCurrent) this.#legOf.delete(contact)
    return [
      ...telling('dropped', isCurrent ? [contact] : []),
      ...this.#callers.hangUp(leg, 404),
      { type: 'report', event: { type: 'phone-left', phone, reason } },
    ]
  }

  /** Closes all within this time, one after the other; a line on which a client waits for an answer stays until it has that. */
  retire(withinMs: number, now: number): readonly RelayOutput[] {
    this.#leavesAfterMs = withinMs
    this.#leaving.begin([...this.#registered.keys()], withinMs, now)
    return this.#leave(now)
  }

  /** As `retire`, but lines that have not registered are closed at once. */
  drain(withinMs: number, now: number): readonly RelayOutput[] {
    return [...this.#closeAll(this.#newcomers, ENDING.serviceRestarts), ...this.retire(withinMs, now)]
  }

  expire(now: number): readonly RelayOutput[] {
    return [...this.#leave(now), ...this.#endSilent(now)]
  }

  shutdown(): readonly RelayOutput[] {
    return this.#kinds().flatMap(lines => this.#closeAll(lines, ENDING.serviceStops))
  }

  #leave(now: number): readonly RelayOutput[] {
    const due = this.#leaving.due(now, line => this.#callers.areOn(line))
    return due.flatMap(leg => this.close(leg, ENDING.serviceRestarts))
  }

  #closeAll(lines: ReadonlyMap<LegId, Line>, ending: Ending): readonly RelayOutput[] {
    return [...lines.keys()].flatMap(leg => this.close(leg, ending))
  }

  #endSilent(now: number): readonly RelayOutput[] {
    return this.#kinds().flatMap(lines => {
      const outputs: RelayOutput[] = []
      for (const line of lines.values()) {
        if (line.deadline > now) break
        outputs.push(...this.close(line.leg, ENDING.silent))
      }
      return outputs
    })
  }

  /** The newer line of a phone counts: the older one may be dead unnoticed. */
  #register(line: Line, { key, revoked }: Registering, now: number): readonly RelayOutput[] {
    const contact = this.#contactOf(key)
    const given = revoked.map(each => this.#contactOf(each))
    if (this.#revoked.has(contact)) return this.close(line.leg, ENDING.revoked)
    const added = given.filter(each => this.#revoked.add(each, line.from.at(-1) ?? ''))
    const evicted = given.flatMap(each => this.#closeOf(each, ENDING.revoked))
    const calls = this.#callsOf(contact) ?? new MinuteCount(now)
    const replaced = this.#closeOf(contact, ENDING.replaced)
    const phone = ++this.#phones
    this.#newcomers.delete(line.leg)
    this.#legOf.set(contact, line.leg)
    if (this.#leavesAfterMs !== undefined) this.#leaving.add(line.leg, now + this.#leavesAfterMs)
    const registered = this.#hear({ ...line, holder: { phone, contact, calls } }, now)
    return [
      ...telling('revoked', added),
      ...evicted,
      ...replaced,
      ...telling('held', [contact]),
      { type: 'report', event: { type: 'phone-reachable', phone } },
      ...this.#say(registered, { type: 'registered', silenceLimitMs: this.#limits.lineSilenceMs }),
    ]
  }

  #contactOf(key: Registering['key']): ContactTag {
    return contactTagOf(this.#crypto, deriveContactId(this.#crypto, key))
  }

  #callsOf(contact: ContactTag): MinuteCount | undefined {
    const leg = this.#legOf.get(contact)
    return leg === undefined ? undefined : this.#registered.get(leg)?.holder?.calls
  }

  #closeOf(contact: ContactTag, ending: Ending): readonly RelayOutput[] {
    const leg = this.#legOf.get(contact)
    return leg === undefined ? [] : this.close(leg, ending)
  }

  #hear(line: Line, now: number): Line {
    const heard = { ...line, deadline: now + this.#limits.lineSilenceMs }
    this.#registered.delete(line.leg)
    this.#registered.set(line.leg, heard)
    return heard
  }

  /** Sends a frame. A phone that does not read loses its line. */
  #say({ leg, outbox }: Line, frame: ServiceFrame): readonly RelayOutput[] {
    const messages = outbox.push(encodeServiceFrame(frame))
    if (messages === undefined) return this.close(leg, ENDING.queueFull)
    return messages.map(bytes => ({ type: 'send', leg, bytes }))
  }

  #find(leg: LegId): Line | undefined {
    return this.#newcomers.get(leg) ?? this.#registered.get(leg)
  }

  #kinds(): readonly Map<LegId, Line>[] {
    return [this.#newcomers, this.#registered]
  }
}

function telling(
  change: Extract<RelayOutput, { type: 'lines' }>['change'],
  contacts: readonly ContactTag[],
): readonly RelayOutput[] {
  return contacts.length === 0 ? [] : [{ type: 'lines', change, contacts }]
}
