import type { EcdhKey } from '../crypto/provider.js'
import type { Eid } from '../bytes/brands.js'
import { DeadlineError, HybridError, ProtocolError, TunnelError, UsageError } from '../errors.js'
import type { SealedTraffic } from '../handshake/sealed-traffic.js'
import { decodeMessage, encodeMessage } from '../message/message.js'
import { encodePostHandshake } from '../message/post-handshake.js'
import type { TunnelHeaders } from '../tunnel/request.js'
import type { AuthenticatorInput, AuthenticatorOutput } from './authenticator-io.js'
import type { AuthenticatorTransaction } from './authenticator-transaction.js'
import { DEFAULT_TIMEOUTS, Position } from './position.js'
import type { Timeouts } from './position.js'
import { AUTHENTICATOR_STAGES, AUTHENTICATOR_TRANSITIONS } from './states.js'
import type { AuthenticatorEvent, AuthenticatorState, TimedStage } from './states.js'

/** What an authenticator session is made of. */
export interface AuthenticatorSessionOptions {
  readonly transaction: AuthenticatorTransaction
  /** A fresh key pair; made early, so that nothing is waited for. Destroyed by the session. */
  readonly ephemeral: EcdhKey
  /** 10 fresh random bytes for the advert. */
  readonly advertNonce: Uint8Array
  /** authenticatorGetInfo response map as CBOR, without status byte. */
  readonly getInfo: Uint8Array
  readonly timeouts?: Partial<Timeouts> | undefined
  /** The caller’s clock at this moment, ms. */
  readonly now: number
}

/**
 * The authenticator of one hybrid connection, without I/O: inputs and time go in, outputs come out
 * (protocol.md section 2).
 *
 * @example
 * const session = new AuthenticatorSession({ transaction, ephemeral, advertNonce, getInfo, now })
 * for (const output of session.step({ type: 'start' }, now)) perform(output)
 */
export class AuthenticatorSession {
  readonly #transaction: AuthenticatorTransaction
  readonly #ephemeral: EcdhKey
  readonly #advertNonce: Uint8Array
  readonly #getInfo: Uint8Array
  readonly #position: Position<AuthenticatorState, AuthenticatorEvent, TimedStage>
  #eid: Eid | undefined
  #traffic: SealedTraffic | undefined
  #outputs: AuthenticatorOutput[] = []

  constructor(options: AuthenticatorSessionOptions) {
    this.#transaction = options.transaction
    this.#ephemeral = options.ephemeral
    this.#advertNonce = options.advertNonce
    this.#getInfo = options.getInfo
    const limits = { ...DEFAULT_TIMEOUTS, ...options.timeouts }
    this.#position = new Position(
      AUTHENTICATOR_TRANSITIONS,
      AUTHENTICATOR_STAGES,
      'idle',
      limits,
      options.now,
    )
  }

  get state(): AuthenticatorState {
    return this.#position.state
  }

  /**
   * Takes one input and says what to do about it. Never throws for what a peer did: that closes the session.
   * @param now the caller’s clock, ms, never going back.
   * @throws UsageError `session-misused` for a start or an answer that the state does not allow.
   */
  step(input: AuthenticatorInput, now: number): readonly AuthenticatorOutput[] {
    this.#outputs = []
    if (this.#position.state === 'closed') return this.#outputs
    try {
      this.#apply(input, now)
    } catch (error) {
      if (!(error instanceof HybridError) || error instanceof UsageError) throw error
      this.#close(error)
    }
    const at = this.#position.takeNewDeadline()
    if (at !== undefined) this.#outputs.push({ type: 'deadline', at })
    return this.#outputs
  }

  #apply(input: AuthenticatorInput, now: number): void {
    switch (input.type) {
      case 'start':
        return this.#start(now)
      case 'tunnel-open':
        return this.#open(input.headers, now)
      case 'tunnel-message':
        return this.#receive(input.bytes, now)
      case 'tunnel-closed':
        return this.#end(input.code, now)
      case 'failed':
        return this.#close(input.error)
      case 'answer':
        return this.#answer(input.message, now)
      case 'close':
        return this.#close(input.error)
      case 'tick':
        if (now >= this.#position.deadline) this.#expire(now)
    }
  }

  #start(now: number): void {
    this.#moveByCaller('start', now)
    this.#outputs.push(
      { type: 'progress', event: 'tunnel-connecting' },
      { type: 'dial', request: this.#transaction.dial },
    )
  }

  #open(headers: TunnelHeaders, now: number): void {
    this.#position.move('tunnel-open', now)
    this.#eid = this.#transaction.makeEid(headers, this.#advertNonce)
    this.#outputs.push(
      { type: 'progress', event: 'tunnel-connected' },
      { type: 'advertise', serviceData: this.#transaction.sealAdvert(this.#eid) },
    )
  }

  #receive(bytes: Uint8Array, now: number): void {
    if (this.#traffic !== undefined) this.#dispatch(this.#traffic.open(bytes), now)
    else if (this.#eid !== undefined) this.#answerHandshake(this.#eid, bytes, now)
    else throw new ProtocolError('message-unexpected', `a message while ${this.#position.state}`)
  }

  /** Message 2 and the introduction leave together (protocol.md section 2.1). */
  #answerHandshake(eid: Eid, message1: Uint8Array, now: number): void {
    const { message2, traffic } = this.#transaction.answerHandshake(eid, message1, this.#ephemeral)
    this.#traffic = traffic
    this.#position.move('message-1', now)
    this.#outputs.push({ type: 'send', bytes: message2 })
    this.#seal(encodePostHandshake({ getInfo: this.#getInfo, features: ['ctap'] }))
    this.#outputs.push(
      { type: 'progress', event: 'handshake' },
      { type: 'stop-advertising' },
      { type: 'progress', event: 'connected' },
    )
  }

  #dispatch(bytes: Uint8Array, now: number): void {
    const message = decodeMessage(bytes)
    switch (message.type) {
      case 'ctap':
        this.#position.move('request', now)
        this.#outputs.push(
          { type: 'progress', event: 'request' },
          { type: 'request', message: message.payload },
        )
        return
      case 'update':
        return this.#position.move('update', now)
      case 'shutdown':
        return this.#end(undefined, now)
      case 'json':
        throw new ProtocolError('message-unexpected', 'a JSON message on a CTAP connection')
    }
  }

  #answer(payload: Uint8Array | undefined, now: number): void {
    this.#moveByCaller(payload === undefined ? 'decline' : 'answer', now)
    if (payload === undefined) return this.#release(undefined)
    this.#seal(encodeMessage({ type: 'ctap', payload }))
    this.#outputs.push({ type: 'progress', event: 'response' })
  }

  /** The client, or the tunnel under it, has ended: proper after an answer, an accident before (protocol.md section 11). */
  #end(closeCode: number | undefined, now: number): void {
    if (this.#position.expects('end')) {
      this.#position.move('end', now)
      return this.#release(undefined)
    }
    const { state } = this.#position
    const stage =
      this.#traffic === undefined ? 'handshake' : state === 'awaiting-request' ? 'request' : 'response'
    this.#close(
      new TunnelError('peer-closed', `the client ended the connection (${state})`, { stage, closeCode }),
    )
  }

  #expire(now: number): void {
    const { stage, state } = this.#position
    if (stage === 'goodbye') return this.#end(undefined, now)
    this.#close(new DeadlineError(stage ?? 'response', `time ran out ${state}`))
  }

  #close(error: HybridError | undefined): void {
    this.#position.move('stop', 0)
    this.#release(error)
  }

  #release(error: HybridError | undefined): void {
    this.#traffic?.destroy()
    this.#traffic = this.#eid = undefined
    this.#ephemeral.destroy()
    this.#transaction.destroy()
    this.#outputs.push({ type: 'progress', event: 'closed' })
    this.#outputs.push(error === undefined ? { type: 'closed' } : { type: 'closed', error })
  }

  #seal(message: Uint8Array): void {
    if (this.#traffic !== undefined) this.#outputs.push({ type: 'send', bytes: this.#traffic.seal(message) })
  }

  #moveByCaller(event: AuthenticatorEvent, now: number): void {
    if (!this.#position.expects(event)) {
      throw new UsageError('session-misused', `${event} while the session is ${this.#position.state}`)
    }
    this.#position.move(event, now)
  }
}
