import { encodeSuffix } from '../advert/suffix.js'
import type { Eid } from '../bytes/brands.js'
import { concatBytes } from '../bytes/bytes.js'
import type { EcdhKey } from '../crypto/provider.js'
import { DeadlineError, DecodeError, HandshakeError, ProximityError } from '../errors.js'
import type { HybridError } from '../errors.js'
import type { AnsweredHandshake } from '../handshake/authenticator-handshake.js'
import type { DataChannelChoice } from '../qr/data-channel.js'
import type { TunnelHeaders } from '../tunnel/request.js'
import type { AuthenticatorInput } from './authenticator-io.js'
import type { AuthenticatorTransaction } from './authenticator-transaction.js'
import { earlyEndError } from './early-end.js'
import { SessionMachine } from './machine.js'
import type { AuthenticatorTypes } from './machine-types.js'
import type { Position } from './position.js'
import type { AuthenticatorEvent, AuthenticatorStage, AuthenticatorState } from './states.js'
import { WaitingChannels } from './waiting-channels.js'

/** What an authenticator is met with. */
export interface MeetingAuthenticatorOptions {
  readonly transaction: AuthenticatorTransaction
  /** A fresh key pair; made early, so that nothing is waited for. Destroyed by the session. */
  readonly ephemeral: EcdhKey
  /** 10 fresh random bytes for the advert. */
  readonly advertNonce: Uint8Array
}

/** What is told while an authenticator is met, and later by the same ports. */
type AuthenticatorReport = Exclude<AuthenticatorInput, { type: 'answer' | 'json-answer' | 'close' }>

const STARTS: Readonly<Record<DataChannelChoice, AuthenticatorEvent>> = {
  tunnel: 'start',
  ble: 'start-listening',
  auto: 'start-listening-and-dial',
}

/**
 * How an authenticator is met: through its tunnel, or through the BLE data channel that its advert names, whichever has the client’s
 * message 1 first (protocol.md 16.1). What is wrong with the one costs nothing as long as there is the other.
 *
 * @example
 * const payload = decodeQrUrl('FIDO:/…')
 * const transaction = qrAuthenticatorTransaction({ crypto, payload, tunnelServiceId: tunnelServiceId(0) })
 * const session = new AuthenticatorSession({ transaction, ephemeral, advertNonce: random.bytes(10), now: clock.now() })
 * session.step({ type: 'start' }, clock.now())
 */
export abstract class MeetingAuthenticator extends SessionMachine<AuthenticatorTypes> {
  protected readonly transaction: AuthenticatorTransaction
  readonly #ephemeral: EcdhKey
  readonly #advertNonce: Uint8Array
  readonly #waiting = new WaitingChannels()
  #eid: Eid | undefined
  #psm: number | undefined
  #isListening = false
  #hasNoTunnel = false
  #tunnelError: HybridError | undefined

  constructor(
    position: Position<AuthenticatorState, AuthenticatorEvent, AuthenticatorStage>,
    { transaction, ephemeral, advertNonce }: MeetingAuthenticatorOptions,
  ) {
    super(position)
    this.transaction = transaction
    this.#ephemeral = ephemeral
    this.#advertNonce = advertNonce
  }

  /** The client has spoken, and is answered. */
  protected abstract met(answered: AnsweredHandshake, now: number): void
  /** A sealed frame. */
  protected abstract receive(bytes: Uint8Array, now: number): void
  /** @param closeCode of the tunnel; undefined for a data channel. */
  protected abstract hungUp(closeCode: number | undefined, now: number): void
  protected abstract expire(now: number): void

  protected override get alarm(): number {
    return this.#waiting.alarm
  }

  protected override forget(): void {
    this.#waiting.takeOver(Infinity)
    this.#eid = undefined
    this.#ephemeral.destroy()
    this.transaction.destroy()
  }

  protected applyReport(input: AuthenticatorReport, now: number): void {
    switch (input.type) {
      case 'start':
        return this.#start(now)
      case 'tunnel-open':
      case 'tunnel-message':
      case 'tunnel-closed':
      case 'tunnel-failed':
        if (!this.#hasNoTunnel) this.#takeFromTunnel(input, now)
        return
      case 'channel-open':
      case 'channel-message':
      case 'channel-closed':
      case 'channel-failed':
        if (input.channel === this.channel) this.#takeFromChannel(input, now)
        else this.#takeFromWaiting(input, now)
        return
      case 'listening':
      case 'listening-failed':
        if (this.#isListening) this.#takeFromListener(input, now)
        return
      case 'failed':
        return this.#failed(input.error, now)
      case 'tick':
        this.#closeChannels(this.#waiting.takeOver(now))
        if (now < this.position.deadline) return
        return this.position.stage === 'offer' ? this.#expireOffer(now) : this.expire(now)
    }
  }

  #start(now: number): void {
    const { dataChannel, dial } = this.transaction
    this.moveByCaller(STARTS[dataChannel], now)
    this.#isListening = dataChannel !== 'tunnel'
    this.#hasNoTunnel = dataChannel === 'ble'
    if (this.#isListening) this.emit({ type: 'listen' })
    if (!this.#hasNoTunnel) this.dial(dial)
  }

  #takeFromTunnel(input: TunnelInput, now: number): void {
    switch (input.type) {
      case 'tunnel-open':
        return this.#open(input.headers, now)
      case 'tunnel-message':
        return this.#receive(input.bytes, now)
      case 'tunnel-closed':
        if (!this.#isListening) return this.hungUp(input.code, now)
        return this.#loseTunnel(this.#earlyEnd(input.code), now)
      case 'tunnel-failed':
        return this.#loseTunnel(input.error, now)
    }
  }

  #open(headers: TunnelHeaders, now: number): void {
    const eid = this.#orWithoutTunnel(() => this.transaction.makeEid(headers, this.#advertNonce), now)
    if (eid === undefined) return
    this.position.move('tunnel-open', now)
    this.#eid = eid
    this.emit({ type: 'progress', event: 'tunnel-connected' })
    this.#advertiseIfReady()
  }

  #receive(bytes: Uint8Array, now: number): void {
    const eid = this.#eid
    if (eid === undefined || !this.position.expects('message-1')) return this.receive(bytes, now)
    const answered = this.#orWithoutTunnel(() => this.#answerHandshake(eid, bytes), now)
    if (answered !== undefined) this.#meet(answered, now)
  }

  /** What a tunnel service says wrong, or lets others say, does not matter to a client that is near. */
  #orWithoutTunnel<Result>(read: () => Result, now: number): Result | undefined {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof DecodeError || error instanceof HandshakeError)) throw error
      this.#loseTunnel(error, now)
      return undefined
    }
  }

  #takeFromListener(
    input: Extract<AuthenticatorInput, { readonly type: `listening${string}` }>,
    now: number,
  ): void {
    if (input.type === 'listening-failed') return this.#loseListener(input.error, now)
    this.position.move('listening', now)
    this.#psm = input.psm
    this.#advertiseIfReady()
  }

  #takeFromChannel(input: ChannelInput, now: number): void {
    if (input.type === 'channel-message') this.receive(input.bytes, now)
    else if (input.type === 'channel-closed') this.hungUp(undefined, now)
    else if (input.type === 'channel-failed') this.end(now, () => input.error)
  }

  /** A channel may be a stranger’s until its first message is right. */
  #takeFromWaiting(input: ChannelInput, now: number): void {
    const { channel } = input
    if (input.type === 'channel-open') {
      const isWelcome = this.position.expects('message-1') && this.#waiting.add(channel, now)
      if (!isWelcome) this.#closeChannels([channel])
      return
    }
    if (!this.#waiting.take(channel)) return
    const answered = input.type === 'channel-message' ? this.#tryHandshake(input.bytes) : undefined
    if (answered === undefined) return this.#closeChannels([channel])
    this.channel = channel
    this.emit({ type: 'progress', event: 'channel-connected' })
    this.#meet(answered, now)
    this.#giveTunnelUp()
  }

  #tryHandshake(message1: Uint8Array): AnsweredHandshake | undefined {
    try {
      return this.#eid && this.#answerHandshake(this.#eid, message1)
    } catch (error) {
      if (error instanceof HandshakeError) return undefined
      throw error
    }
  }

  /** The key is used for message 2 first: a message 1 that is wrong leaves it as it was. */
  #answerHandshake(eid: Eid, message1: Uint8Array): AnsweredHandshake {
    const key = this.#ephemeral
    const lent: EcdhKey = {
      publicKey: key.publicKey,
      sharedSecret: peer => key.sharedSecret(peer),
      destroy: () => undefined,
    }
    const answered = this.transaction.answerHandshake(eid, message1, lent)
    key.destroy()
    return answered
  }

  #meet(answered: AnsweredHandshake, now: number): void {
    this.met(answered, now)
    this.#closeChannels(this.#waiting.takeOver(Infinity))
    this.#stopListening()
  }

  #advertiseIfReady(): void {
    if (this.position.expects('message-1')) this.#advertise()
  }

  #advertise(): void {
    const psm = this.#psm
    this.#eid ??= this.transaction.makeEid(undefined, this.#advertNonce)
    const serviceData = concatBytes(this.transaction.sealAdvert(this.#eid), encodeSuffix({ psm }))
    this.emit({ type: 'advertise', serviceData, ...(psm !== undefined && { connectable: true }) })
  }

  #loseTunnel(error: HybridError, now: number): void {
    if (!this.#isListening) return this.stop(error)
    this.#tunnelError = error
    this.#giveTunnelUp()
    // An advert that is on the air stays as it is.
    if (!this.position.expects('message-1')) this.#eid = undefined
    if (!this.position.expects('no-tunnel')) return
    this.position.move('no-tunnel', now)
    this.#advertiseIfReady()
  }

  #loseListener(error: HybridError, now: number): void {
    this.#stopListening()
    this.#psm = undefined
    if (this.#hasNoTunnel) return this.stop(this.#tunnelError ?? error)
    if (!this.position.expects('not-listening')) return
    this.position.move('not-listening', now)
    this.#advertiseIfReady()
  }

  /** An advertiser that takes no connections can still lead to the tunnel. */
  #failed(error: HybridError, now: number): void {
    const isOfSuffix = error.code === 'capability-missing' && this.#psm !== undefined
    if (!isOfSuffix || this.#hasNoTunnel || !this.position.expects('message-1')) return this.stop(error)
    this.#loseListener(error, now)
    this.#advertise()
  }

  #expireOffer(now: number): void {
    const isListenerLate = this.position.expects('listening')
    const error = isListenerLate
      ? new ProximityError('channel-unreachable', 'the listener for data channels did not begin in time')
      : new DeadlineError('tunnel', 'timed out waiting for the tunnel service')
    if (this.position.isOver(now)) return this.stop(error)
    if (isListenerLate) this.#loseListener(error, now)
    else this.#loseTunnel(error, now)
  }

  #stopListening(): void {
    if (this.#isListening) this.emit({ type: 'stop-listening' })
    this.#isListening = false
  }

  #giveTunnelUp(): void {
    if (!this.#hasNoTunnel) this.emit({ type: 'close-tunnel' })
    this.#hasNoTunnel = true
  }

  #closeChannels(channels: readonly number[]): void {
    for (const channel of channels) this.emit({ type: 'close-channel', channel })
  }

  #earlyEnd(closeCode: number): HybridError {
    return earlyEndError({ peer: 'client', state: this.state, stage: 'handshake', closeCode })
  }
}

type TunnelInput = Extract<AuthenticatorInput, { readonly type: `tunnel-${string}` }>
type ChannelInput = Extract<AuthenticatorInput, { readonly channel: number }>
