import { encodeHex } from '../bytes/hex.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { ContactRates } from './contact-rates.js'
import { ENDING } from './ending.js'
import type { RelayLimits } from './limits.js'
import { ByteBudget } from './outbox.js'
import { PhoneLines } from './phone-lines.js'
import { Reception } from './reception.js'
import type { ContactAnswer, ContactRequest, LegId, RelayInput, RelayLoad, RelayOutput } from './relay-io.js'
import { Tunnels } from './tunnels.js'

/**
 * The tunnel service without sockets and without a clock (protocol.md 7): tunnels between phones and clients, and lines on
 * which linked clients reach their phones. `now` is in milliseconds and never goes back.
 */
export class Relay {
  readonly #tunnels: Tunnels
  readonly #lines: PhoneLines
  readonly #rates: ContactRates
  readonly #budget: ByteBudget
  readonly #reception: Reception
  #isDraining = false
  #deadline = Infinity

  /** @param crypto makes contact IDs out of registration keys. */
  constructor(limits: RelayLimits, crypto: Pick<CryptoProvider, 'sha256'>) {
    this.#budget = new ByteBudget(limits.maxBufferedBytes)
    this.#reception = new Reception(limits.maxReceivingBytes)
    this.#tunnels = new Tunnels(limits, this.#budget)
    this.#lines = new PhoneLines(limits, this.#budget, crypto, (line, status) =>
      this.#tunnels.hangUp(line, status),
    )
    this.#rates = new ContactRates({ perMinute: limits.maxContactsPerMinute, maxTracked: limits.maxTunnels })
  }

  /** When to call with `alarm`, in the milliseconds of `now`; undefined while there is nobody. */
  deadline(): number | undefined {
    return this.#deadline === Infinity ? undefined : this.#deadline
  }

  load(): RelayLoad {
    return {
      ...this.#tunnels.counts(),
      phones: this.#lines.count(),
      bufferedBytes: this.#budget.taken,
      receivingBytes: this.#reception.bytes,
    }
  }

  /** Never throws; input of a leg that is not or no longer there does nothing. */
  step(input: RelayInput, now: number): readonly RelayOutput[] {
    // Half of all inputs, and it changes no deadline.
    if (input.type === 'flushed') return this.#flushed(input.leg, input.messages)
    const overdue = now < this.#deadline ? [] : [...this.#tunnels.expire(now), ...this.#lines.expire(now)]
    const outputs = this.#handle(input, now)
    this.#deadline = Math.min(this.#tunnels.deadline(), this.#lines.deadline())
    return overdue.length === 0 ? outputs : [...overdue, ...outputs]
  }

  #handle(input: Exclude<RelayInput, { type: 'flushed' }>, now: number): readonly RelayOutput[] {
    if (this.#isDraining && isAdmission(input)) return [{ type: 'refuse', leg: input.leg, status: 503 }]
    switch (input.type) {
      case 'new':
        return this.#tunnels.open(input.leg, input, now)
      case 'connect':
        return this.#tunnels.join(input.leg, input, now)
      case 'contact':
        return this.#call(input.leg, input, input.wantsSignal, now)
      case 'answered':
        return this.#answer(input.leg, input.answer, now)
      case 'register':
        return this.#lines.open(input.leg, now)
      case 'message':
        return this.#message(input.leg, input.bytes, now)
      case 'unacceptable':
        return this.#expel(input.leg, input.fault)
      case 'receiving':
        return this.#receive(input.leg, input.byteLength)
      case 'gone':
        return this.#gone(input.leg, input.clean)
      case 'alarm':
        return []
      case 'drain':
        this.#isDraining = true
        return [...this.#tunnels.drain(), ...this.#lines.shutdown()]
      case 'shutdown':
        return [...this.#tunnels.shutdown(), ...this.#lines.shutdown()]
    }
  }

  #call(leg: LegId, request: ContactRequest, wantsSignal: boolean, now: number): readonly RelayOutput[] {
    const { contactId, routingId, tunnelId, clientPayload } = request
    const contact = encodeHex(contactId)
    if (this.#lines.hasRevoked(contactId)) return [{ type: 'refuse', leg, status: 410 }]
    if (!this.#tunnels.hasRoomForContact()) return [{ type: 'refuse', leg, status: 503 }]
    if (!this.#rates.count(contact, now)) return [{ type: 'refuse', leg, status: 429 }]
    const line = this.#lines.lineOf(contactId)
    const held = this.#tunnels.ring(leg, request, { contact, line, wantsSignal }, now)
    if (line !== undefined) return [...held, ...this.#lines.ring(line, request)]
    return [...held, { type: 'ring', leg, request: { contactId, routingId, tunnelId, clientPayload } }]
  }

  #message(leg: LegId, bytes: Uint8Array, now: number): readonly RelayOutput[] {
    if (!this.#lines.has(leg)) return this.#tunnels.pass(leg, bytes)
    const { outputs, reply } = this.#lines.receive(leg, bytes, now)
    const client = reply === undefined ? undefined : this.#tunnels.callerOn(leg, reply.tunnelId)
    if (reply === undefined || client === undefined) return outputs
    return [...outputs, ...this.#answer(client, reply.reply, now)]
  }

  #flushed(leg: LegId, messages: number): readonly RelayOutput[] {
    const room = this.#lines.has(leg) ? this.#lines : this.#tunnels
    return room.flushed(leg, messages)
  }

  #answer(client: LegId, answer: ContactAnswer, now: number): readonly RelayOutput[] {
    switch (answer) {
      case 'ringing':
        return this.#tunnels.answer(client, now)
      case 'gone':
        return this.#tunnels.turnAway(client, 410)
      case 'busy':
        return this.#tunnels.turnAway(client, 409)
      case 'unknown':
        this.#rates.forget(this.#tunnels.callOf(client)?.contact ?? '')
        return this.#tunnels.turnAway(client, 404)
    }
  }

  #expel(leg: LegId, fault: 'not-binary' | 'too-long'): readonly RelayOutput[] {
    const ending = fault === 'too-long' ? ENDING.tooLong : ENDING.notBinary
    return [...this.#tunnels.expel(leg, ending), ...this.#lines.close(leg, ending)]
  }

  /** Who is sent away for it goes on sending, so that its connection has to be cut. */
  #receive(leg: LegId, byteLength: number): readonly RelayOutput[] {
    if (this.#reception.set(leg, byteLength)) return []
    return [
      ...this.#tunnels.expel(leg, ENDING.crowded),
      ...this.#lines.close(leg, ENDING.crowded),
      { type: 'cut', leg },
    ]
  }

  #gone(leg: LegId, clean: boolean): readonly RelayOutput[] {
    this.#reception.set(leg, 0)
    const { reason } = clean ? ENDING.peerClosed : ENDING.peerVanished
    return [...this.#tunnels.gone(leg, clean), ...this.#lines.gone(leg, reason)]
  }
}

type Admission = Extract<RelayInput, { type: 'new' | 'connect' | 'contact' | 'register' }>

function isAdmission(input: RelayInput): input is Admission {
  return ['new', 'connect', 'contact', 'register'].includes(input.type)
}
