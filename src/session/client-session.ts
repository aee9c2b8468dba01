import type { EcdhKey } from '../crypto/provider.js'
import { decodeGetInfo } from '../ctap/get-info.js'
import { DeadlineError, HybridError, ProtocolError, TunnelError, UsageError } from '../errors.js'
import type { Stage } from '../errors.js'
import type { ClientHandshake } from '../handshake/client-handshake.js'
import type { SealedTraffic } from '../handshake/sealed-traffic.js'
import { decodeMessage, encodeMessage, isUpdate } from '../message/message.js'
import { decodePostHandshake } from '../message/post-handshake.js'
import type { TunnelRequest } from '../tunnel/request.js'
import type { ClientInput, ClientOutput } from './client-io.js'
import type { ClientTransaction } from './client-transaction.js'
import { DEFAULT_TIMEOUTS, Position } from './position.js'
import type { Timeouts } from './position.js'
import { CLIENT_STAGES, CLIENT_TRANSITIONS } from './states.js'
import type { ClientEvent, ClientState } from './states.js'

/** What a client session is made of. */
export interface ClientSessionOptions {
  readonly transaction: ClientTransaction
  /** A fresh key pair; made early, so that nothing is waited for once the phone answers. Destroyed by the session. */
  readonly ephemeral: EcdhKey
  readonly timeouts?: Partial<Timeouts> | undefined
  /** The caller’s clock at this moment, ms. */
  readonly now: number
}

/**
 * The client of one hybrid connection, without I/O: inputs and time go in, outputs come out (protocol.md section 2).
 *
 * @example
 * const session = new ClientSession({ transaction, ephemeral, now })
 * for (const output of session.step({ type: 'start' }, now)) perform(output)
 */
export class ClientSession {
  readonly #transaction: ClientTransaction
  readonly #ephemeral: EcdhKey
  readonly #position: Position<ClientState, ClientEvent, Stage>
  #handshake: ClientHandshake | undefined
  #traffic: SealedTraffic | undefined
  #outputs: ClientOutput[] = []

  constructor({ transaction, ephemeral, timeouts, now }: ClientSessionOptions) {
    this.#transaction = transaction
    this.#ephemeral = ephemeral
    const limits = { ...DEFAULT_TIMEOUTS, ...timeouts }
    this.#position = new Position(CLIENT_TRANSITIONS, CLIENT_STAGES, 'idle', limits, now)
  }

  get state(): ClientState {
    return this.#position.state
  }

  /**
   * Takes one input and says what to do about it. Never throws for what a peer did: that closes the session.
   * @param now the caller’s clock, ms, never going back.
   * @throws UsageError `session-misused` for a request or a start that the state does not allow.
   */
  step(input: ClientInput, now: number): readonly ClientOutput[] {
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

  #apply(input: ClientInput, now: number): void {
    switch (input.type) {
      case 'start':
        return this.#start(now)
      case 'advert':
        return this.#hear(input.serviceData, now)
      case 'tunnel-open':
        return this.#open(now)
      case 'tunnel-message':
        return this.#receive(input.bytes, now)
      case 'tunnel-closed':
        return this.#end(input.code, now)
      case 'failed':
        return this.#close(input.error)
      case 'request':
        return this.#request(input.message, now)
      case 'close':
        return this.#leave(input.error)
      case 'tick':
        if (now >= this.#position.deadline) this.#expire()
    }
  }

  #start(now: number): void {
    const { firstDial } = this.#transaction
    this.#moveByCaller(firstDial === undefined ? 'start-scan' : 'start-scan-and-dial', now)
    this.#outputs.push({ type: 'scan' })
    if (firstDial !== undefined) this.#dial(firstDial)
  }

  #hear(serviceData: Uint8Array, now: number): void {
    if (!this.#position.expects('advert')) return
    const heard = this.#transaction.readAdvert(serviceData)
    if (heard === undefined) return
    this.#position.move('advert', now)
    this.#handshake = this.#transaction.startHandshake(heard.eid, this.#ephemeral)
    this.#outputs.push({ type: 'stop-scan' }, { type: 'progress', event: 'advert-seen' })
    if (heard.dial !== undefined) this.#dial(heard.dial)
    if (this.#position.state === 'awaiting-message-2') this.#sendMessage1(this.#handshake)
  }

  #dial(request: TunnelRequest): void {
    this.#outputs.push({ type: 'progress', event: 'tunnel-connecting' }, { type: 'dial', request })
  }

  #open(now: number): void {
    this.#position.move('tunnel-open', now)
    this.#outputs.push({ type: 'progress', event: 'tunnel-connected' })
    if (this.#handshake !== undefined) this.#sendMessage1(this.#handshake)
  }

  #sendMessage1(handshake: ClientHandshake): void {
    this.#outputs.push({ type: 'send', bytes: handshake.message1 }, { type: 'progress', event: 'handshake' })
  }

  #receive(bytes: Uint8Array, now: number): void {
    if (this.#handshake !== undefined && this.#position.expects('message-2'))
      this.#finish(this.#handshake, bytes, now)
    else if (this.#traffic !== undefined) this.#read(this.#traffic.open(bytes), now)
    else throw new ProtocolError('message-unexpected', `a message while ${this.#position.state}`)
  }

  #finish(handshake: ClientHandshake, message2: Uint8Array, now: number): void {
    this.#traffic = handshake.finish(message2)
    this.#handshake = undefined
    this.#position.move('message-2', now)
  }

  #read(message: Uint8Array, now: number): void {
    if (this.#position.expects('post-handshake')) this.#introduce(message, now)
    else this.#dispatch(message, now)
  }

  #introduce(message: Uint8Array, now: number): void {
    const { getInfo: getInfoBytes, features } = decodePostHandshake(message)
    if (getInfoBytes === undefined)
      throw new ProtocolError('feature-missing', 'the phone does not offer ctap')
    const introduction = { getInfo: decodeGetInfo(getInfoBytes), getInfoBytes, features }
    this.#position.move('post-handshake', now)
    this.#outputs.push({ type: 'progress', event: 'connected' }, { type: 'connected', introduction })
  }

  #dispatch(bytes: Uint8Array, now: number): void {
    // This client did not ask for a link: an update, well-formed or not, is dropped unread (protocol.md section 20).
    if (isUpdate(bytes)) return this.#position.move('update', now)
    const message = decodeMessage(bytes)
    switch (message.type) {
      case 'ctap':
        this.#position.move('response', now)
        this.#outputs.push(
          { type: 'progress', event: 'response' },
          { type: 'response', message: message.payload },
        )
        return
      case 'shutdown':
        return this.#end(undefined, now)
      case 'update':
      case 'json':
        throw new ProtocolError('message-unexpected', `a ${message.type} message on a CTAP connection`)
    }
  }

  #request(payload: Uint8Array, now: number): void {
    this.#moveByCaller('request', now)
    this.#seal(encodeMessage({ type: 'ctap', payload }))
    this.#outputs.push(
      { type: 'progress', event: 'request-sent' },
      { type: 'progress', event: 'awaiting-user' },
    )
  }

  /** The phone, or the tunnel under it, has ended: proper after an answer, a refusal before (protocol.md section 11). */
  #end(closeCode: number | undefined, now: number): void {
    if (this.#position.expects('end')) {
      this.#position.move('end', now)
      return this.#release(undefined)
    }
    const { stage = 'request', state } = this.#position
    this.#close(
      new TunnelError('peer-closed', `the phone ended the connection (${state})`, { stage, closeCode }),
    )
  }

  #expire(): void {
    const { stage, state } = this.#position
    this.#leave(new DeadlineError(stage ?? 'request', `time ran out ${state}`))
  }

  /** Ends by this side’s own wish: with a farewell, if there is somebody to hear it. */
  #leave(error: HybridError | undefined): void {
    if (this.#traffic !== undefined) this.#seal(encodeMessage({ type: 'shutdown' }))
    this.#close(error)
  }

  #close(error: HybridError | undefined): void {
    this.#position.move('stop', 0)
    this.#release(error)
  }

  #release(error: HybridError | undefined): void {
    this.#handshake?.destroy()
    this.#traffic?.destroy()
    this.#ephemeral.destroy()
    this.#transaction.destroy()
    this.#handshake = this.#traffic = undefined
    this.#outputs.push({ type: 'progress', event: 'closed' })
    this.#outputs.push(error === undefined ? { type: 'closed' } : { type: 'closed', error })
  }

  #seal(message: Uint8Array): void {
    if (this.#traffic !== undefined) this.#outputs.push({ type: 'send', bytes: this.#traffic.seal(message) })
  }

  #moveByCaller(event: ClientEvent, now: number): void {
    if (!this.#position.expects(event)) {
      throw new UsageError('session-misused', `${event} while the session is ${this.#position.state}`)
    }
    this.#position.move(event, now)
  }
}
