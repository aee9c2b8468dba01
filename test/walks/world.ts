import assert from 'node:assert/strict'
import { equalBytes } from '../../src/bytes/bytes.js'
import { encodeRoutingId } from '../../src/tunnel/headers.js'
import type { HybridError } from '../../src/errors.js'
import { encodeJson } from '../../src/message/json.js'
import type { JsonValue } from '../../src/message/json.js'
import type { AuthenticatorInput, AuthenticatorOutput } from '../../src/session/authenticator-io.js'
import type { AdvertSender } from '../../src/advert/sender.js'
import type { ClientInput, ClientOutput } from '../../src/session/client-io.js'
import { clientParty, OFFER, phoneParty, rivalAdvert, ROUTING_IDS } from './parties.js'
import type { Ceremony, ClientParty, PhoneParty } from './parties.js'
import type { Parcel } from './party.js'

/** Who is in the air: the phone, and those that send its advert again. */
export const PHONE: AdvertSender = { address: 'C0:00:00:00:00:01', addressType: 'random' }
export const LIARS: readonly [AdvertSender, ...AdvertSender[]] = [2, 3, 4, 5].map(last => ({
  address: `C0:00:00:00:00:0${last}`,
  addressType: 'random',
})) as unknown as [AdvertSender, ...AdvertSender[]]
export const PSM = 0x82

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
  /** Whom the client’s last data channel leads to. */
  dialled: AdvertSender | undefined
  /** The client’s data channel and the phone’s that are the two ends of one. */
  pair: Readonly<Record<'client' | 'phone', number>> | undefined
  #accepted = 0
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
    if (parcel.type === 'channel-closed') party.channels.delete(parcel.channel)
    this.tell(name, parcel)
  }

  /** Puts something into the tunnel, as if `from` had sent it. */
  send(from: 'client' | 'phone', parcel: Parcel): void {
    const to = this.party(from === 'client' ? 'phone' : 'client')
    const isThere = 'channel' in parcel ? to.channels.has(parcel.channel) : to.tunnel !== 'over'
    if (to.end === undefined && isThere) to.inbox.push(parcel)
  }

  /** Puts a message into what carries it. */
  carry(from: 'client' | 'phone', bytes: Uint8Array, channel: number | undefined): void {
    if (channel === undefined) {
      this.send(from, { type: 'tunnel-message', bytes })
      return
    }
    const to = this.#farEnd(from, channel)
    if (to !== undefined) this.send(from, { type: 'channel-message', channel: to, bytes })
  }

  /** A client, or somebody else, dials the phone. @returns the channel’s number there. */
  reach(): number {
    const channel = ++this.#accepted
    this.phone.channels.set(channel, 'open')
    this.tellPhone({ type: 'channel-open', channel })
    return channel
  }

  /** The client’s data channel opens: to the phone, or to a liar. */
  openChannel(): void {
    const [client] = this.client.channels.keys()
    if (client === undefined) return
    this.client.channels.set(client, 'open')
    if (this.dialled === PHONE) this.pair = { client, phone: this.#accepted + 1 }
    if (this.dialled === PHONE) this.reach()
    this.tellClient({ type: 'channel-open', channel: client })
  }

  /** A data channel breaks for one side. */
  break(name: 'client' | 'phone', channel: number, error: HybridError): void {
    this.party(name).channels.delete(channel)
    this.tell(name, { type: 'channel-failed', channel, error })
  }

  #farEnd(from: 'client' | 'phone', channel: number): number | undefined {
    return this.pair?.[from] === channel ? this.pair[from === 'client' ? 'phone' : 'client'] : undefined
  }

  #closeChannel(name: 'client' | 'phone', channel: number): void {
    const party = this.party(name)
    party.channels.delete(channel)
    const left = party.inbox.filter(parcel => !('channel' in parcel && parcel.channel === channel))
    party.inbox.splice(0, Infinity, ...left)
    const far = this.#farEnd(name, channel)
    if (far !== undefined) this.send(name, { type: 'channel-closed', channel: far })
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
      case 'dial-channel':
        assert.equal(output.psm, PSM)
        assert.equal(this.client.tunnel, 'none', 'one carrier at a time')
        this.client.channels.set(output.channel, 'dialling')
        this.dialled = output.to
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
      case 'close-tunnel':
        if (this.phone.tunnel === 'open') this.send('phone', { type: 'tunnel-closed', code: CLOSE_NORMAL })
        this.phone.tunnel = 'over'
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
    if (output.type === 'send') this.carry(name, output.bytes, output.channel)
    if (output.type === 'close-channel') this.#closeChannel(name, output.channel)
    if (output.type !== 'closed') return
    if (party.tunnel === 'open') this.send(name, { type: 'tunnel-closed', code: CLOSE_NORMAL })
    party.tunnel = 'over'
    for (const channel of [...party.channels.keys()]) this.#closeChannel(name, channel)
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
