import type { CryptoProvider } from '../crypto/provider.js'
import { ENDING } from './ending.js'
import type { Ending } from './ending.js'
import type { RelayLimits } from './limits.js'
import { LinkedCalls } from './linked-calls.js'
import { ByteBudget } from './outbox.js'
import { PhoneLines } from './phone-lines.js'
import { Reception } from './reception.js'
import type { LegId, RelayInput, RelayLoad, RelayOutput } from './relay-io.js'
import { Tunnels } from './tunnels.js'

/**
 * The tunnel service without sockets and without a clock (protocol.md 7): tunnels between phones and clients, and lines on
 * which linked clients reach their phones. `now` is in milliseconds and never goes back.
 *
 * @example
 * const relay = new Relay(serviceLimits(), crypto)
 * const ids = { routingId: routingId(random.bytes(3)), tunnelId: tunnelId(random.bytes(16)) }
 * for (const output of relay.step({ type: 'new', leg: 1, ...ids }, clock.now())) console.log(output.type) // accept …
 */
export class Relay {
  readonly #tunnels: Tunnels
  readonly #lines: PhoneLines
  readonly #calls: LinkedCalls
  readonly #budget: ByteBudget
  readonly #reception: Reception
  #isDraining = false
  #deadline = Infinity

  /** @param crypto makes contact IDs out of line keys. */
  constructor(limits: RelayLimits, crypto: Pick<CryptoProvider, 'sha256'>) {
    this.#budget = new ByteBudget(limits.maxBufferedBytes)
    this.#reception = new Reception(limits.maxReceivingBytes)
    this.#tunnels = new Tunnels(limits, this.#budget)
    this.#lines = new PhoneLines(limits, this.#budget, crypto, {
      areOn: line => this.#calls.areOn(line),
      hangUp: (line, status) => this.#calls.hangUp(line, status),
    })
    this.#calls = new LinkedCalls(limits, crypto, { tunnels: this.#tunnels, lines: this.#lines })
  }

  /** When to call with `alarm`, in the milliseconds of `now`; undefined while there are no tunnels and no lines. */
  deadline(): number | undefined {
    return this.#deadline === Infinity ? undefined : this.#deadline
  }

  /** How busy the service is. */
  load(): RelayLoad {
    return {
      ...this.#tunnels.counts(),
      phones: this.#lines.count(),
      bufferedBytes: this.#budget.taken,
      receivingBytes: this.#reception.bytes,
    }
  }

  /** Never throws. Input of a leg that does not exist, or not any more, does nothing. */
  step(input: RelayInput, now: number): readonly RelayOutput[] {
    // These are half of all inputs, and change no deadline.
    if (input.type === 'flushed') return this.#flushed(input.leg, input.messages)
    const overdue = now < this.#deadline ? [] : this.#parts().flatMap(part => part.expire(now))
    const outputs = this.#handle(input, now)
    this.#deadline = Math.min(this.#tunnels.deadline(), this.#lines.deadline(), this.#calls.deadline())
    return overdue.length === 0 ? outputs : [...overdue, ...outputs]
  }

  #parts(): readonly { expire(now: number): readonly RelayOutput[] }[] {
    return [this.#tunnels, this.#lines, this.#calls]
  }

  #handle(input: Exclude<RelayInput, { type: 'flushed' }>, now: number): readonly RelayOutput[] {
    if (this.#isDraining && isAdmission(input)) return [{ type: 'refuse', leg: input.leg, status: 503 }]
    switch (input.type) {
      case 'new':
        return this.#tunnels.open(input.leg, input, now)
      case 'connect':
        return this.#tunnels.join(input.leg, input, now)
      case 'contact':
        return this.#calls.begin(input, now)
      case 'answered':
        return this.#calls.answer(input.leg, input.answer, now)
      case 'directory':
        return this.#calls.directoryIs(input.state, now)
      case 'told':
        return this.#calls.told(input.leg, input.answer, now)
      case 'called':
        return this.#calls.ringFor(input, now)
      case 'superseded':
        return this.#lines.supersede(input.contact)
      case 'revoked':
        return this.#lines.revoke(input.contacts)
      case 'register':
        return this.#lines.open(input.leg, input.from ?? [], now)
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
      case 'retire':
        return this.#lines.retire(input.linesWithinMs, now)
      case 'drain':
        this.#isDraining = true
        return this.#lines.drain(input.linesWithinMs, now)
      case 'shutdown':
        return [...this.#tunnels.shutdown(), ...this.#lines.shutdown()]
    }
  }

  #message(leg: LegId, bytes: Uint8Array, now: number): readonly RelayOutput[] {
    if (!this.#lines.has(leg)) return this.#tunnels.pass(leg, bytes)
    const { outputs, reply } = this.#lines.receive(leg, bytes, now)
    if (reply === undefined) return outputs
    return [...outputs, ...this.#calls.reply(leg, reply.tunnelId, reply.reply, now)]
  }

  #flushed(leg: LegId, messages: number): readonly RelayOutput[] {
    const room = this.#lines.has(leg) ? this.#lines : this.#tunnels
    return room.flushed(leg, messages)
  }

  #expel(leg: LegId, fault: MessageFault): readonly RelayOutput[] {
    if (fault === 'crumbled') return this.#cut(leg, ENDING.crumbled)
    return this.#close(leg, fault === 'too-long' ? ENDING.tooLong : ENDING.notBinary)
  }

  #close(leg: LegId, ending: Ending): readonly RelayOutput[] {
    return [...this.#tunnels.expel(leg, ending), ...this.#lines.close(leg, ending)]
  }

  /** A peer that floods goes on sending after its close frame, so that its connection has to be cut. */
  #cut(leg: LegId, ending: Ending): readonly RelayOutput[] {
    return [...this.#close(leg, ending), { type: 'cut', leg }]
  }

  /** When memory runs out, the leg that takes most is cut. */
  #receive(leg: LegId, byteLength: number): readonly RelayOutput[] {
    const cut: RelayOutput[] = []
    while (!this.#reception.set(leg, byteLength)) {
      const largest = this.#reception.largest()
      const goes = largest !== undefined && largest.byteLength > byteLength ? largest.leg : leg
      this.#reception.set(goes, 0)
      cut.push(...this.#cut(goes, ENDING.crowded))
      if (goes === leg) break
    }
    return cut
  }

  #gone(leg: LegId, clean: boolean): readonly RelayOutput[] {
    this.#reception.set(leg, 0)
    const { reason } = clean ? ENDING.peerClosed : ENDING.peerVanished
    return [...this.#tunnels.gone(leg, clean), ...this.#lines.gone(leg, reason)]
  }
}

type MessageFault = Extract<RelayInput, { type: 'unacceptable' }>['fault']
/** The inputs that begin something; `connect` continues a tunnel that exists. */
type Admission = Extract<RelayInput, { type: 'new' | 'contact' | 'register' }>

function isAdmission(input: RelayInput): input is Admission {
  return ['new', 'contact', 'register'].includes(input.type)
}
