import { DeadlineError } from '../errors.js'
import type { Stage } from '../errors.js'
import type { AnsweredHandshake } from '../handshake/authenticator-handshake.js'
import { decodeJson } from '../message/json.js'
import { decodeMessage, encodeMessage } from '../message/message.js'
import type { Message } from '../message/message.js'
import { encodePostHandshake } from '../message/post-handshake.js'
import type { Carried } from '../qr/request-type.js'
import type { AuthenticatorInput } from './authenticator-io.js'
import { MeetingAuthenticator } from './meeting-authenticator.js'
import type { MeetingAuthenticatorOptions } from './meeting-authenticator.js'
import { earlyEndError } from './early-end.js'
import { Position, timeoutsFrom } from './position.js'
import type { Timeouts } from './position.js'
import { AUTHENTICATOR_STAGES, AUTHENTICATOR_TRANSITIONS } from './states.js'
import type { AuthenticatorEvent } from './states.js'

/** What an authenticator session is made of. */
export interface AuthenticatorSessionOptions extends MeetingAuthenticatorOptions {
  /** authenticatorGetInfo response map as CBOR, without status byte; undefined only without feature `ctap`. */
  readonly getInfo?: Uint8Array | undefined
  /** What the phone says it speaks; `['ctap']` unless given. */
  readonly features?: readonly string[] | undefined
  /** `json` where the QR code asks for a digital credential and the features have `dc`: one request; `ctap` unless given. */
  readonly carries?: Carried | undefined
  /** `one`: takes no more after the first answer, and does not wait long for the goodbye. */
  readonly commands?: 'one' | 'many' | undefined
  readonly timeouts?: Partial<Timeouts> | undefined
  /** The caller’s clock at this moment, ms. */
  readonly now: number
}

/** A phone that takes one request hangs up by itself; but the goodbye that is on its way tells that the answer arrived. */
const LAST_GOODBYE_MS = 2000

/** What an authenticator waits for in each stage; `response` stands for the time when its user is in charge. */
const AWAITED: Readonly<Record<Stage, string>> = {
  advert: 'a client that heard the advert',
  tunnel: 'the tunnel service',
  handshake: 'the client’s handshake message',
  request: 'the client’s request',
  response: 'the user',
}

/**
 * The authenticator of one hybrid connection, without I/O: inputs and time go in, outputs come out
 * (protocol.md 2).
 *
 * @example
 * const payload = decodeQrUrl('FIDO:/…')
 * const session = new AuthenticatorSession({
 *   transaction: qrAuthenticatorTransaction({ crypto, payload, tunnelServiceId: tunnelServiceId(0) }),
 *   ephemeral: crypto.generateEcdhKey(),
 *   advertNonce: random.bytes(10),
 *   getInfo: handler.getInfo(),
 *   now: clock.now(),
 * })
 * for (const output of session.step({ type: 'start' }, clock.now())) perform(output)
 */
export class AuthenticatorSession extends MeetingAuthenticator {
  readonly #introduction: Uint8Array
  readonly #answerEvent: 'answer' | 'last-answer'
  readonly #carries: Carried

  /** @throws UsageError `argument-invalid` for a member of `timeouts` that is not a number of ms, 0 or more. */
  constructor(options: AuthenticatorSessionOptions) {
    super(
      new Position({
        transitions: AUTHENTICATOR_TRANSITIONS,
        stages: AUTHENTICATOR_STAGES,
        initial: 'idle',
        timeouts: limitsOf(options),
        now: options.now,
      }),
      options,
    )
    const { getInfo, features = ['ctap'], commands, carries = 'ctap' } = options
    this.#introduction = encodePostHandshake({ getInfo, features })
    this.#carries = carries
    this.#answerEvent = commands === 'one' ? 'last-answer' : 'answer'
  }

  protected override apply(input: AuthenticatorInput, now: number): void {
    switch (input.type) {
      case 'close':
        return this.stop(input.error)
      case 'answer':
        return this.#answer(this.#answerEvent, input.message && { type: 'ctap', payload: input.message }, now)
      case 'json-answer':
        return this.#answer(
          'json-answer',
          input.text === undefined ? undefined : { type: 'json', text: input.text },
          now,
        )
      default:
        this.applyReport(input, now)
    }
  }

  protected override receive(bytes: Uint8Array, now: number): void {
    this.#dispatch(this.openSealed(bytes), now)
  }

  /** Message 2, the introduction and, from phones that send one, the update leave together (protocol.md 2.1 and 10.2). */
  protected override met({ message2, traffic }: AnsweredHandshake, now: number): void {
    this.sealWith(traffic)
    this.position.move(this.#carries === 'json' ? 'message-1-for-json' : 'message-1', now)
    this.send(message2)
    this.sendSealed(this.#introduction)
    const update = this.transaction.makeUpdate(traffic.handshakeHash)
    if (update !== undefined) this.sendSealed(encodeMessage(update, { padUpdate: true }))
    this.emit(
      { type: 'progress', event: 'handshake' },
      { type: 'stop-advertising' },
      { type: 'progress', event: 'connected' },
    )
    if (update?.linking !== undefined) this.emit({ type: 'progress', event: 'linked' })
  }

  #dispatch(bytes: Uint8Array, now: number): void {
    const message = decodeMessage(bytes)
    switch (message.type) {
      case 'ctap':
        if (this.state === 'awaiting-goodbye' && this.#carries === 'ctap') return this.stop(undefined)
        this.position.move('request', now)
        return this.emit(
          { type: 'progress', event: 'request-received' },
          { type: 'request', message: message.payload },
        )
      case 'json':
        this.position.move('json-request', now)
        return this.emit(
          { type: 'progress', event: 'request-received' },
          { type: 'json-request', value: decodeJson(message.text) },
        )
      case 'update':
        return this.position.move('update', now)
      case 'shutdown':
        // A closed tunnel is not a goodbye: a client that gave up while the answer was in transit ends the same way.
        if (this.position.expects('end')) this.emit({ type: 'goodbye' })
        return this.hungUp(undefined, now)
    }
  }

  #answer(event: AuthenticatorEvent, message: Message | undefined, now: number): void {
    if (message === undefined) {
      this.moveByCaller('decline', now)
      return this.release(undefined)
    }
    this.moveByCaller(event, now)
    this.sendSealed(encodeMessage(message))
    this.emit({ type: 'progress', event: 'response' })
  }

  protected override hungUp(closeCode: number | undefined, now: number): void {
    const { state } = this.position
    const sealedStage = this.position.stage === 'request' ? 'request' : 'response'
    const stage = this.handshakeHash === undefined ? 'handshake' : sealedStage
    this.end(now, () => earlyEndError({ peer: 'client', state, stage, closeCode }))
  }

  protected override expire(now: number): void {
    const { stage = 'response' } = this.position
    if (stage === 'goodbye') return this.hungUp(undefined, now)
    const told = stage === 'offer' ? 'tunnel' : stage
    this.stop(new DeadlineError(told, `timed out waiting for ${AWAITED[told]}`))
  }
}

function limitsOf({ timeouts, commands, carries }: AuthenticatorSessionOptions): Timeouts {
  const limits = timeoutsFrom(timeouts)
  return commands === 'one' || carries === 'json'
    ? { ...limits, goodbyeMs: Math.min(limits.goodbyeMs, LAST_GOODBYE_MS) }
    : limits
}
