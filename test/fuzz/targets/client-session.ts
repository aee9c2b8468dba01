import assert from 'node:assert/strict'
import type { AdvertSender } from '../../../src/advert/sender.js'
import { encodeSuffix } from '../../../src/advert/suffix.js'
import { concatBytes } from '../../../src/bytes/bytes.js'
import { ProximityError, TunnelError, UsageError } from '../../../src/errors.js'
import { encodeJson } from '../../../src/message/json.js'
import { encodeMessage } from '../../../src/message/message.js'
import type { DataChannelChoice } from '../../../src/qr/data-channel.js'
import type { ClientInput, ClientOutput } from '../../../src/session/client-io.js'
import { ChosenBytes } from '../../support/choices.js'
import { ceremonyOf } from '../../walks/walk.js'
import { clientParty } from '../../walks/parties.js'
import type { ClientParty } from '../../walks/parties.js'
import type { FuzzTarget } from '../target.js'
import { jsonIn, plaintextOf, PlayedPhone } from './played-peers.js'

const MOST_STEPS = 80
const LONGEST_WAIT_MS = 60_000

/** A client session, and a phone, an air, a tunnel and a caller that do what the bytes say. */
class Run {
  readonly #choices: ChosenBytes
  readonly #dataChannel: DataChannelChoice
  readonly #client: ClientParty
  readonly #phone: PlayedPhone
  #now = 0
  #sent: Uint8Array[] = []
  #lastFrame: Uint8Array = new Uint8Array()
  #said: Uint8Array | undefined

  #channel = 1

  constructor(input: Uint8Array, dataChannel: DataChannelChoice) {
    this.#choices = new ChosenBytes(input)
    this.#dataChannel = dataChannel
    const ceremony = { ...ceremonyOf(this.#choices), offered: dataChannel }
    this.#client = clientParty(ceremony)
    this.#phone = new PlayedPhone(ceremony)
  }

  toTheEnd(): void {
    for (let left = MOST_STEPS; left > 0 && !this.#choices.ended; left--) this.#act()
    this.#tell({ type: 'close' })
    this.#client.checkRemains()
  }

  #act(): void {
    const choices = this.#choices
    switch (choices.below(16)) {
      case 0:
        return this.#tell({ type: 'start' })
      case 1:
        return this.#advert(this.#phone.advert(choices))
      case 2:
        return this.#tell({ type: 'advert', serviceData: choices.bytes(choices.below(40)) })
      case 3:
        return this.#tell(this.#opening())
      case 4:
        return this.#frame(this.#phone.answer(this.#sent[0] ?? new Uint8Array()))
      case 5:
        return this.#frame(this.#phone.introduction(choices))
      case 6:
        this.#said = plaintextOf(choices)
        return this.#frame(this.#phone.seal(this.#said))
      case 7:
        return this.#frame(choices.bytes(choices.below(120)))
      case 8:
        return this.#frame(this.#lastFrame)
      case 9:
        return this.#tell(this.#closing(choices.below(16)))
      case 10:
        return this.#tell({ type: 'request', message: choices.bytes(choices.below(8)) })
      case 11:
        return this.#pass(choices.below(LONGEST_WAIT_MS))
      case 12:
        return this.#frame(this.#phone.seal(encodeMessage({ type: 'update' })))
      case 13:
        return this.#frame(this.#phone.link(choices))
      case 14:
        return this.#tell({ type: 'json-request', text: encodeJson([...choices.bytes(choices.below(8))]) })
      default:
        return this.#tell(this.#ending(choices.below(3)))
    }
  }

  #ending(which: number): ClientInput {
    if (which === 0) return { type: 'close' }
    if (which === 1) return { type: 'close', error: new UsageError('aborted', 'the caller gave up') }
    return { type: 'tunnel-failed', error: new TunnelError('tunnel-unreachable', 'unreachable') }
  }

  /** A device whose adverts name a data channel, where that is of interest. */
  #advert(serviceData: Uint8Array): void {
    if (this.#dataChannel === 'tunnel') return this.#tell({ type: 'advert', serviceData })
    const suffix = encodeSuffix({ psm: 1 + this.#choices.below(255) })
    const address = String(this.#choices.below(4))
    const from: AdvertSender = { address, addressType: 'random' }
    this.#tell({ type: 'advert', serviceData: concatBytes(serviceData, suffix), from })
  }

  get #isOnChannel(): boolean {
    return this.#dataChannel !== 'tunnel' && this.#choices.below(4) > 0
  }

  #opening(): ClientInput {
    return this.#isOnChannel
      ? { type: 'channel-open', channel: this.#channel }
      : { type: 'tunnel-open', headers: new Map() }
  }

  #closing(code: number): ClientInput {
    if (!this.#isOnChannel) return { type: 'tunnel-closed', code: 1000 + code }
    const error = new ProximityError('channel-lost', 'it broke')
    const channel = this.#channel
    return code === 0 ? { type: 'channel-closed', channel } : { type: 'channel-failed', channel, error }
  }

  #frame(bytes: Uint8Array | undefined): void {
    if (bytes === undefined) return
    this.#lastFrame = bytes
    this.#tell(
      this.#isOnChannel
        ? { type: 'channel-message', channel: this.#channel, bytes }
        : { type: 'tunnel-message', bytes },
    )
  }

  #pass(ms: number): void {
    this.#now += ms
    this.#tell({ type: 'tick' })
  }

  #tell(input: ClientInput): void {
    for (const output of this.#client.attempt(input, this.#now) ?? []) this.#perform(output)
  }

  #perform(output: ClientOutput): void {
    if (output.type === 'dial-channel') this.#channel = output.channel
    if (output.type === 'send') this.#sent.push(output.bytes)
    if (output.type === 'response')
      assert.deepEqual(output.message, this.#said?.slice(1), 'a response is what the phone said last')
    if (output.type === 'json-response')
      assert.deepEqual(output.value, jsonIn(this.#said), 'a JSON response is what the phone said last')
  }
}

export const clientSession: FuzzTarget = {
  name: 'client-session',
  about: 'the client’s machine, with a hostile phone that knows all secrets',
  maxBytes: 400,
  seeds: () => [
    // start, advert, tunnel, message 2, introduction, request, response, close: QR-initiated for passkeys, then for JSON, then
    // state-assisted.
    Uint8Array.of(1, 0, 1, 0, 0, 1, 0, 1, 0, 3, 4, 5, 0, 1, 0, 13, 1, 10, 1, 1, 6, 2, 0, 0, 1, 15, 0),
    Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 1, 0, 3, 4, 5, 2, 14, 1, 1, 6, 4, 0x5b, 0x7b, 0x7d, 0x5d, 2, 15, 0),
    Uint8Array.of(0, 0, 1, 0, 0, 0, 3, 1, 0, 4, 5, 0, 1, 0, 10, 1, 1, 6, 2, 0, 0, 1, 9, 0),
  ],
  run: input => new Run(input, 'tunnel').toTheEnd(),
}

export const clientOnChannel: FuzzTarget = {
  name: 'client-on-channel',
  about: 'the client’s machine over BLE data channels, with phones and strangers that know all secrets',
  maxBytes: 400,
  seeds: () => [
    // start, advert, channel, message 2, introduction, request, response, close.
    Uint8Array.of(
      1,
      0,
      1,
      0,
      0,
      1,
      0,
      1,
      0,
      0x81,
      0,
      3,
      1,
      4,
      1,
      5,
      0,
      1,
      0,
      1,
      10,
      1,
      1,
      6,
      2,
      0,
      0,
      1,
      1,
      15,
      0,
    ),
    // A wrong message 2, and another device.
    Uint8Array.of(1, 0, 1, 0, 0, 1, 0, 1, 0, 0x81, 0, 3, 1, 7, 2, 9, 9, 1, 1, 0, 0x81, 1, 3, 1, 4, 1, 15, 0),
  ],
  run: input => new Run(input, 'auto').toTheEnd(),
}
