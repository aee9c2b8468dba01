import assert from 'node:assert/strict'
import { equalBytes } from '../../src/bytes/bytes.js'
import { encodeRoutingId } from '../../src/tunnel/headers.js'
import { encodeJson } from '../../src/message/json.js'
import type { JsonValue } from '../../src/message/json.js'
import type { AuthenticatorInput, AuthenticatorOutput } from '../../src/session/authenticator-io.js'
import type { ClientInput, ClientOutput } from '../../src/session/client-io.js'
import { clientParty, OFFER, phoneParty, rivalAdvert, ROUTING_IDS } from './parties.js'
import type { Ceremony, ClientParty, PhoneParty } from './parties.js'
import type { Parcel } from './party.js'

const CLOSE_NORMAL = 1000
const CLOSE_ABNORMAL = 1006

/** Called around each step, to see which machine moves. */
export type AroundStep = (name: 'client' | 'phone', step: () => void) => void

/** A client and a phone with air, tunnel and time between them, all of which a walk moves by hand. */
export class World {
  now = 0
  readonly ceremony: Ceremony
  readonly client: ClientParty
  readonly phone: PhoneParty
  /** The phone’s advert, once it is or was on the air. */
  advert: Uint8Array | undefined
  readonly rival: Uint8Array
  /** Whether the client knows the phone, and has nothing open with it. */
  connected = false
  asked: Uint8Array[] = []
  answered: Uint8Array[] = []
  #heardRequests = 0
  #heardAnswers = 0
  #links = 0
  readonly #around: AroundStep

  constructor(ceremony: Ceremony, around: AroundStep) {
    this.ceremony = ceremony
    this.client = clientParty(ceremony)
    this.phone = phoneParty(ceremony)
    this.rival = rivalAdvert(ceremony)
    this.#around = around
  }

  get isOver(): boolean {
    return this.client.end !== undefined && this.phone.end !== undefined
  }

  tellClient(input: ClientInput): void {
    this.#around('client', () => {
      for (const output of this.client.step(input, this.now)) this.#performClient(output)
    })
  }

  tellPhone(input: AuthenticatorInput): void {
    this.#around('phone', () => {
      for (const output of this.phone.step(input, this.now)) this.#performPhone(output)
    })
  }

  tell(name: 'client' | 'phone', input: ClientInput & AuthenticatorInput): void {
    if (name === 'client') this.tellClient(input)
    else this.tellPhone(input)
  }

  party(name: 'client' | 'phone'): ClientParty | PhoneParty {
    return name === 'client' ? this.client : this.phone
  }

  /** The tunnel service accepts whoever dials. */
  accept(name: 'client' | 'phone'): void {
    this.party(name).tunnel = 'open'
    const headers = new Map(
      name === 'phone' ? [['x-cable-routing-id', [encodeRoutingId(ROUTING_IDS[0])]]] : [],
    )
    this.tell(name, { type: 'tunnel-open', headers })
  }

  /** The oldest parcel arrives. */
  deliver(name: 'client' | 'phone'): void {
    const party = this.party(name)
    const parcel = party.inbox.shift()
    if (parcel === undefined) return
    if (parcel.type === 'tunnel-closed') party.tunnel = 'over'
    this.tell(name, parcel)
  }

  /** Puts something into the tunnel, as if `from` had sent it. */
  send(from: 'client' | 'phone', parcel: Parcel): void {
    const to = this.party(from === 'client' ? 'phone' : 'client')
    if (to.end === undefined && to.tunnel !== 'over') to.inbox.push(parcel)
  }

  /** The connection breaks, for both. */
  cut(): void {
    for (const party of [this.client, this.phone]) {
      party.inbox.length = 0
      if (party.tunnel === 'open') party.inbox.push({ type: 'tunnel-closed', code: CLOSE_ABNORMAL })
    }
  }

  request(message: Uint8Array): void {
    this.connected = false
    this.asked.push(message)
    this.tellClient(
      this.ceremony.carries === 'json'
        ? { type: 'json-request', text: encodeJson([...message]) }
        : { type: 'request', message },
    )
  }

  answer(message: Uint8Array | undefined): void {
    if (message !== undefined) this.answered.push(message)
    this.tellPhone(
      this.ceremony.carries === 'json'
        ? { type: 'json-answer', text: message && encodeJson([...message]) }
        : { type: 'answer', message },
    )
  }

  #performClient(output: ClientOutput): void {
    switch (output.type) {
      case 'connected':
        this.connected = true
        return
      case 'link':
        this.#expect(
          this.#isOffered(output.link.linkSecret),
          'a link is what the phone offers, and asked for, once',
        )
        this.#links += 1
        return
      case 'not-linked':
        this.#expect(false, 'no offer is bad')
        return
      case 'response':
        this.#hearAnswer(output.message)
        this.connected = true
        return
      case 'json-response':
        return this.#hearAnswer(bytesOf(output.value))
      default:
        this.#perform('client', output)
    }
  }

  #performPhone(output: AuthenticatorOutput): void {
    switch (output.type) {
      case 'advertise':
        this.advert = output.serviceData
        return
      case 'request':
        return this.#hearRequest(output.message)
      case 'json-request':
        return this.#hearRequest(bytesOf(output.value))
      case 'goodbye':
        this.#expect(this.#heardAnswers === this.answered.length, 'a goodbye means that every answer arrived')
        return
      default:
        this.#perform('phone', output)
    }
  }

  #hearAnswer(message: Uint8Array): void {
    this.#expect(same(message, this.answered[this.#heardAnswers]), 'the response is the phone’s answer')
    this.#heardAnswers += 1
  }

  #hearRequest(message: Uint8Array): void {
    this.#expect(same(message, this.asked[this.#heardRequests]), 'the request is the client’s')
    this.#heardRequests += 1
  }

  #isOffered(secret: Uint8Array): boolean {
    const { asksForLink, update } = this.ceremony
    return asksForLink && update === 'offer' && same(secret, OFFER.linkSecret) && this.#links === 0
  }

  /** What holds as long as nobody speaks in another’s name. */
  #expect(condition: boolean, what: string): void {
    if (this.ceremony.honest) assert.ok(condition, what)
  }

  #perform(name: 'client' | 'phone', output: ClientOutput | AuthenticatorOutput): void {
    const party = this.party(name)
    if (output.type === 'dial') party.tunnel = 'dialling'
    if (output.type === 'send') this.send(name, { type: 'tunnel-message', bytes: output.bytes })
    if (output.type !== 'closed') return
    if (party.tunnel === 'open') this.send(name, { type: 'tunnel-closed', code: CLOSE_NORMAL })
    party.tunnel = 'over'
    party.inbox.length = 0
    this.connected &&= name !== 'client'
  }
}

/** JSON in a walk is a list of bytes. */
function bytesOf(value: JsonValue): Uint8Array {
  return Uint8Array.from(value as number[])
}

function same(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && equalBytes(a, b)
}
