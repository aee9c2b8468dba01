import assert from 'node:assert/strict'
import { ProximityError, TunnelError, UsageError } from '../../../src/errors.js'
import { encodeJson } from '../../../src/message/json.js'
import { encodeMessage } from '../../../src/message/message.js'
import type { DataChannelChoice } from '../../../src/qr/data-channel.js'
import type { AuthenticatorInput, AuthenticatorOutput } from '../../../src/session/authenticator-io.js'
import { ChosenBytes } from '../../support/choices.js'
import { phoneParty } from '../../walks/parties.js'
import type { PhoneParty } from '../../walks/parties.js'
import { ceremonyOf } from '../../walks/walk.js'
import type { FuzzTarget } from '../target.js'
import { jsonIn, plaintextOf, PlayedClient } from './played-peers.js'

const MOST_STEPS = 80
const LONGEST_WAIT_MS = 60_000
const GOOD_ID = '0A0B0C'

/** An authenticator session, and a client, a tunnel service and a user that do what the bytes say. */
class Run {
  readonly #choices: ChosenBytes
  readonly #dataChannel: DataChannelChoice
  readonly #phone: PhoneParty
  readonly #client: PlayedClient
  #now = 0
  #advert: Uint8Array | undefined
  #lastFrame: Uint8Array = new Uint8Array()
  #said: Uint8Array | undefined

  constructor(input: Uint8Array, dataChannel: DataChannelChoice) {
    this.#choices = new ChosenBytes(input)
    this.#dataChannel = dataChannel
    const ceremony = { ...ceremonyOf(this.#choices), offered: dataChannel, taken: dataChannel }
    this.#phone = phoneParty(ceremony)
    this.#client = new PlayedClient(ceremony)
  }

  toTheEnd(): void {
    for (let left = MOST_STEPS; left > 0 && !this.#choices.ended; left--) this.#act()
    this.#tell({ type: 'close' })
    this.#phone.checkRemains()
  }

  #act(): void {
    const choices = this.#choices
    switch (choices.below(13)) {
      case 0:
        return this.#tell({ type: 'start' })
      case 1:
        return this.#tell(this.#opening())
      case 2:
        return this.#frame(this.#client.message1(this.#advert))
      case 3:
        this.#said = plaintextOf(choices)
        return this.#frame(this.#client.seal(this.#said))
      case 4:
        return this.#frame(choices.bytes(choices.below(120)))
      case 5:
        return this.#frame(this.#lastFrame)
      case 6:
        return this.#tell({ type: 'answer', message: choices.bytes(choices.below(8)) })
      case 7:
        return this.#tell({ type: 'answer', message: undefined })
      case 8:
        return this.#tell(this.#closing(choices.below(16)))
      case 9:
        return this.#pass(choices.below(LONGEST_WAIT_MS))
      case 10:
        return this.#frame(
          this.#client.seal(encodeMessage({ type: choices.below(2) === 0 ? 'update' : 'shutdown' })),
        )
      case 11:
        return this.#tell({ type: 'json-answer', text: encodeJson([...choices.bytes(choices.below(8))]) })
      default:
        return this.#tell(this.#ending(choices.below(3)))
    }
  }

  get #isOnChannel(): boolean {
    return this.#dataChannel !== 'tunnel' && this.#choices.below(4) > 0
  }

  #opening(): AuthenticatorInput {
    if (!this.#isOnChannel) return { type: 'tunnel-open', headers: this.#headers() }
    const which = this.#choices.below(8)
    if (which === 0) return { type: 'listening-failed', error: lost() }
    if (which < 3) return { type: 'listening', psm: 1 + this.#choices.below(255) }
    return { type: 'channel-open', channel: which }
  }

  #closing(code: number): AuthenticatorInput {
    if (!this.#isOnChannel) return { type: 'tunnel-closed', code: 1000 + code }
    const channel = code % 8
    return code < 8 ? { type: 'channel-closed', channel } : { type: 'channel-failed', channel, error: lost() }
  }

  #headers(): ReadonlyMap<string, readonly string[]> {
    return new Map([['x-cable-routing-id', this.#routingIds()]])
  }

  #routingIds(): readonly string[] {
    switch (this.#choices.below(8)) {
      case 0:
        return []
      case 1:
        return [GOOD_ID, GOOD_ID]
      case 2:
        return [String.fromCharCode(...this.#choices.bytes(6))]
      default:
        return [GOOD_ID]
    }
  }

  #ending(which: number): AuthenticatorInput {
    if (which === 0) return { type: 'close' }
    if (which === 1) return { type: 'close', error: new UsageError('aborted', 'the caller gave up') }
    return { type: 'tunnel-failed', error: new TunnelError('tunnel-unreachable', 'unreachable') }
  }

  #frame(bytes: Uint8Array | undefined): void {
    if (bytes === undefined) return
    this.#lastFrame = bytes
    this.#tell(
      this.#isOnChannel
        ? { type: 'channel-message', channel: this.#choices.below(8), bytes }
        : { type: 'tunnel-message', bytes },
    )
  }

  #pass(ms: number): void {
    this.#now += ms
    this.#tell({ type: 'tick' })
  }

  #tell(input: AuthenticatorInput): void {
    const sends: Uint8Array[] = []
    for (const output of this.#phone.attempt(input, this.#now) ?? []) this.#perform(output, sends)
    // Message 2 is the first of the two that leave together.
    if (sends.length > 1) this.#client.finish(sends[0] ?? new Uint8Array())
  }

  #perform(output: AuthenticatorOutput, sends: Uint8Array[]): void {
    if (output.type === 'advertise') this.#advert = output.serviceData
    if (output.type === 'send') sends.push(output.bytes)
    if (output.type === 'request')
      assert.deepEqual(output.message, this.#said?.slice(1), 'a request is what the client said last')
    if (output.type === 'json-request')
      assert.deepEqual(output.value, jsonIn(this.#said), 'a JSON request is what the client said last')
  }
}

export const authenticatorSession: FuzzTarget = {
  name: 'authenticator-session',
  about: 'the phone’s machine, with a hostile client that knows all secrets',
  maxBytes: 400,
  seeds: () => [
    // start, tunnel, message 1, request, answer, goodbye: QR-initiated for passkeys, then for JSON, then state-assisted.
    Uint8Array.of(1, 1, 1, 0, 2, 1, 0, 1, 7, 2, 3, 2, 1, 1, 1, 6, 1, 0, 10, 1),
    Uint8Array.of(1, 1, 1, 0, 2, 0, 0, 1, 7, 2, 3, 4, 0x5b, 0x7b, 0x7d, 0x5d, 2, 11, 1, 0, 10, 1),
    Uint8Array.of(0, 0, 1, 0, 0, 0, 1, 7, 2, 3, 2, 1, 1, 1, 6, 1, 0, 10, 1),
  ],
  run: input => new Run(input, 'tunnel').toTheEnd(),
}

export const authenticatorOnChannel: FuzzTarget = {
  name: 'authenticator-on-channel',
  about:
    'the phone’s machine with data channels beside its tunnel, with clients and strangers that know all secrets',
  maxBytes: 400,
  seeds: () => [
    // start, listener, tunnel, channel, message 1, request, answer, goodbye.
    Uint8Array.of(
      1,
      1,
      1,
      0,
      2,
      1,
      0,
      1,
      1,
      1,
      0x81,
      1,
      0,
      7,
      1,
      1,
      5,
      2,
      1,
      5,
      3,
      2,
      1,
      1,
      1,
      1,
      5,
      6,
      1,
      0,
      10,
      1,
      1,
      5,
    ),
    // A stranger first, whose message 1 is wrong.
    Uint8Array.of(
      1,
      1,
      1,
      0,
      2,
      1,
      0,
      1,
      1,
      1,
      0x81,
      1,
      0,
      7,
      1,
      1,
      4,
      4,
      2,
      9,
      9,
      1,
      4,
      1,
      1,
      5,
      2,
      1,
      5,
      10,
      1,
      1,
      5,
    ),
  ],
  run: input => new Run(input, 'auto').toTheEnd(),
}

function lost(): ProximityError {
  return new ProximityError('channel-lost', 'it broke')
}
