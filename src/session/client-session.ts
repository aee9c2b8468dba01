import { decodeGetInfo } from '../ctap/get-info.js'
import { DeadlineError, DecodeError, ProtocolError } from '../errors.js'
import type { HybridError, Stage } from '../errors.js'
import { decodeJson } from '../message/json.js'
import { decodeMessage, encodeMessage, isUpdate } from '../message/message.js'
import type { Message } from '../message/message.js'
import { decodePostHandshake } from '../message/post-handshake.js'
import type { Carried } from '../qr/request-type.js'
import type { ClientInput } from './client-io.js'
import { MeetingClient } from './meeting-client.js'
import type { MeetingClientOptions } from './meeting-client.js'
import { earlyEndError } from './early-end.js'
import { Position, timeoutsFrom } from './position.js'
import type { Timeouts } from './position.js'
import { CLIENT_STAGES, CLIENT_TRANSITIONS } from './states.js'
import type { ClientStage } from './states.js'

/** What a client session is made of. */
export interface ClientSessionOptions extends MeetingClientOptions {
  /**
   * `json` after a QR code for a digital credential: the phone must offer `dc`, and is asked once; `ctap` unless given: the phone
   * must offer that.
   */
  readonly carries?: Carried | undefined
  readonly timeouts?: Partial<Timeouts> | undefined
  /** The caller’s clock at this moment, ms. */
  readonly now: number
}

/** What a client waits for in each stage; `request` stands for the times when its caller is in charge. */
const AWAITED: Readonly<Record<Stage, string>> = {
  advert: 'the phone’s advert',
  tunnel: 'the tunnel service',
  handshake: 'the phone’s handshake message or introduction',
  request: 'a command of the caller',
  response: 'the phone’s answer',
}

/**
 * The client of one hybrid connection, without I/O: inputs and time go in, outputs come out (protocol.md 2).
 *
 * @example
 * const transaction = qrClientTransaction({ crypto, identity, secret })
 * const session = new ClientSession({ transaction, ephemeral: crypto.generateEcdhKey(), now: clock.now() })
 * for (const output of session.step({ type: 'start' }, clock.now())) perform(output)
 */
export class ClientSession extends MeetingClient {
  readonly #carries: Carried
  #mayLink: boolean

  /** @throws UsageError `argument-invalid` for a member of `timeouts` that is not a number of ms, 0 or more. */
  constructor(options: ClientSessionOptions) {
    const { transaction, carries = 'ctap', timeouts, now } = options
    super(
      new Position({
        transitions: CLIENT_TRANSITIONS,
        stages: CLIENT_STAGES,
        initial: 'idle',
        timeouts: timeoutsFrom(timeouts),
        now,
      }),
      options,
    )
    this.#carries = carries
    this.#mayLink = transaction.readLink !== undefined
  }

  protected override apply(input: ClientInput, now: number): void {
    switch (input.type) {
      case 'request':
        return this.#ask('request', { type: 'ctap', payload: input.message }, now)
      case 'json-request':
        return this.#ask('json-request', { type: 'json', text: input.text }, now)
      case 'close':
        return this.#leave(input.error)
      default:
        this.applyReport(input, now)
    }
  }

  protected override receive(bytes: Uint8Array, now: number): void {
    this.#read(this.openSealed(bytes), now)
  }

  #read(message: Uint8Array, now: number): void {
    if (this.position.expects('post-handshake')) this.#introduce(message, now)
    else if (isUpdate(message)) this.#update(message, now)
    else this.#dispatch(message, now)
  }

  /** A bad update costs the link, never the answer (protocol.md 20.1). */
  #update(bytes: Uint8Array, now: number): void {
    this.position.move('update', now)
    if (!this.#mayLink) return
    try {
      this.#readLink(bytes)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#mayLink = false
      this.emit({ type: 'not-linked', error })
    }
  }

  /** Only the first linking map is looked at, good or bad: each costs an ECDH. */
  #readLink(bytes: Uint8Array): void {
    const message = decodeMessage(bytes)
    if (message.type !== 'update' || message.linking === undefined) return
    if (this.heard === undefined || this.handshakeHash === undefined) return
    this.#mayLink = false
    const link = this.transaction.readLink?.(message.linking, this.heard.eid, this.handshakeHash)
    if (link !== undefined) this.emit({ type: 'link', link })
  }

  #introduce(message: Uint8Array, now: number): void {
    const { getInfo: getInfoBytes, features } = decodePostHandshake(message)
    const isJson = this.#carries === 'json'
    const feature = isJson ? 'dc' : 'ctap'
    if (!features.includes(feature)) {
      throw new ProtocolError('feature-missing', `the phone does not offer ${feature}`)
    }
    // What a phone says of passkeys does not matter to a digital credential.
    const getInfo = isJson || getInfoBytes === undefined ? undefined : decodeGetInfo(getInfoBytes)
    const introduction = { getInfo, getInfoBytes, features }
    this.position.move(isJson ? 'post-handshake-for-json' : 'post-handshake', now)
    this.emit({ type: 'progress', event: 'connected' }, { type: 'connected', introduction })
  }

  #dispatch(bytes: Uint8Array, now: number): void {
    const message = decodeMessage(bytes)
    if (message.type === 'ctap') {
      this.position.move('response', now)
      this.emit({ type: 'progress', event: 'response' }, { type: 'response', message: message.payload })
    } else if (message.type === 'json') {
      this.position.move('json-response', now)
      const value = decodeJson(message.text)
      this.emit({ type: 'progress', event: 'response' }, { type: 'json-response', value })
    } else this.hungUp(undefined, now)
  }

  #ask(event: 'request' | 'json-request', message: Message, now: number): void {
    this.moveByCaller(event, now)
    this.sendSealed(encodeMessage(message))
    this.emit({ type: 'progress', event: 'request-sent' }, { type: 'progress', event: 'awaiting-user' })
  }

  protected override hungUp(closeCode: number | undefined, now: number): void {
    const { state } = this.position
    const stage = toldAs(this.position.stage)
    this.end(now, () => earlyEndError({ peer: 'phone', state, stage, closeCode }))
  }

  /**
   * A goodbye tells the phone that its answer was taken. A client that gives up during a request, or cannot use the answer,
   * closes without one.
   */
  #leave(error: HybridError | undefined): void {
    const isRefused = this.position.expects('end') && error !== undefined
    if (this.position.stage !== 'response' && !isRefused) this.sendSealed(encodeMessage({ type: 'shutdown' }))
    this.stop(error)
  }

  protected override expire(): void {
    const stage = toldAs(this.position.stage)
    this.#leave(new DeadlineError(stage, `timed out waiting for ${AWAITED[stage]}`))
  }
}

/** The stage as errors name it. They have no name for the two stages after which the session goes another way. */
function toldAs(stage: ClientStage = 'request'): Stage {
  return stage === 'channel' || stage === 'rescan' ? 'handshake' : stage
}
