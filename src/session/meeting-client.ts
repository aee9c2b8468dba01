import type { EcdhKey } from '../crypto/provider.js'
import { DecodeError, HandshakeError, ProximityError } from '../errors.js'
import type { HybridError } from '../errors.js'
import type { ClientHandshake } from '../handshake/client-handshake.js'
import type { ClientInput, ClientOutput } from './client-io.js'
import type { ClientTransaction, MatchedAdvert } from './client-transaction.js'
import { DialledChannels } from './dialled-channels.js'
import { SessionMachine } from './machine.js'
import type { ClientTypes } from './machine-types.js'
import type { Position } from './position.js'
import type { ClientEvent, ClientStage, ClientState } from './states.js'

/** What a client meets its phone with. */
export interface MeetingClientOptions {
  readonly transaction: ClientTransaction
  /** A fresh key pair; made early, so that nothing is waited for once the phone answers. Destroyed by the session. */
  readonly ephemeral: EcdhKey
  /**
   * Three more of them where a data channel may be used: each handshake has its own, and the first may be with another device than the
   * phone.
   */
  readonly spareEphemerals?: readonly EcdhKey[] | undefined
}

/** What is told while a client meets its phone, and later by the same ports. */
type ClientReport = Exclude<ClientInput, { type: 'request' | 'json-request' | 'close' }>
type AdvertInput = Extract<ClientInput, { type: 'advert' }>
type ChannelInput = Extract<ClientInput, { readonly channel: number }>

/**
 * How a client meets its phone: it hears the advert, dials the BLE data channel that the advert names, or else the tunnel, and agrees on
 * keys. The tunnel is the way out until the channel is open (protocol.md 16.1).
 *
 * @example
 * const transaction = qrClientTransaction({ crypto, identity, secret })
 * const session = new ClientSession({ transaction, ephemeral, now: clock.now() })
 * session.step({ type: 'start' }, clock.now())
 * session.step({ type: 'advert', serviceData }, clock.now())
 */
export abstract class MeetingClient extends SessionMachine<ClientTypes> {
  protected readonly transaction: ClientTransaction
  readonly #ephemerals: readonly EcdhKey[]
  readonly #channels = new DialledChannels()
  #handshakes = 0
  #handshake: ClientHandshake | undefined
  #heard: MatchedAdvert | undefined
  #wrong: HybridError | undefined

  constructor(
    position: Position<ClientState, ClientEvent, ClientStage>,
    { transaction, ephemeral, spareEphemerals = [] }: MeetingClientOptions,
  ) {
    super(position)
    this.transaction = transaction
    this.#ephemerals = [ephemeral, ...spareEphemerals]
  }

  /** A sealed frame. */
  protected abstract receive(bytes: Uint8Array, now: number): void
  /** @param closeCode of the tunnel; undefined for a data channel. */
  protected abstract hungUp(closeCode: number | undefined, now: number): void
  protected abstract expire(): void

  /** The advert that the phone was met by. */
  protected get heard(): MatchedAdvert | undefined {
    return this.#heard
  }

  protected applyReport(input: ClientReport, now: number): void {
    switch (input.type) {
      case 'start':
        return this.#start(now)
      case 'advert':
        return this.#hear(input, now)
      case 'tunnel-open':
        return this.#open('tunnel', now)
      case 'tunnel-message':
        return this.#receive(input.bytes, now)
      case 'tunnel-closed':
        return this.hungUp(input.code, now)
      case 'tunnel-failed':
        return this.stop(input.error)
      case 'failed':
        return this.#failed(input.error, now)
      case 'channel-open':
      case 'channel-message':
      case 'channel-closed':
      case 'channel-failed':
        if (input.channel === this.channel) this.#takeFromChannel(input, now)
        return
      case 'tick':
        if (now >= this.position.deadline) this.#expire(now)
    }
  }

  protected override forget(): void {
    this.#handshake?.destroy()
    this.#handshake = undefined
    this.#heard = undefined
    for (const key of this.#ephemerals) key.destroy()
    this.transaction.destroy()
  }

  /** A radio that does not hear again can still have led to a tunnel. */
  #failed(error: HybridError, now: number): void {
    const isOfRescan = error instanceof ProximityError && this.position.stage === 'rescan'
    if (isOfRescan) this.#useTunnel(error, now)
    else this.stop(error)
  }

  #start(now: number): void {
    const { firstDial } = this.transaction
    this.moveByCaller(firstDial === undefined ? 'start-ble-scan' : 'start-ble-scan-and-dial', now)
    this.emit({ type: 'start-ble-scan' })
    if (firstDial !== undefined) this.dial(firstDial)
  }

  #hear({ serviceData, from }: AdvertInput, now: number): void {
    if (!this.position.expects('advert') || this.#channels.isLiar(from)) return
    const heard = this.transaction.readAdvert(serviceData)
    if (heard === undefined) return
    const { psm, dial } = heard
    const channel = from !== undefined && psm !== undefined ? this.#channels.dial(from, psm) : undefined
    // After one lie, an advert that leads nowhere may be another.
    if ((channel ?? dial) === undefined && this.position.stage === 'rescan') return
    this.position.move(channel === undefined ? 'advert' : 'advert-with-channel', now)
    this.#heard = heard
    this.emit({ type: 'stop-ble-scan' }, { type: 'progress', event: 'advert-seen' })
    if (channel !== undefined) this.#dialChannel(channel)
    else if (dial !== undefined) this.dial(dial)
    else if (this.transaction.dataChannel === 'ble')
      throw noChannel(psm === undefined ? 'its advert names none' : 'its sender is unknown')
    const handshake = this.#begin(heard)
    if (this.position.expects('message-2')) this.#sendMessage1(handshake)
  }

  #dialChannel(output: Extract<ClientOutput, { type: 'dial-channel' }>): void {
    this.channel = output.channel
    this.emit({ type: 'progress', event: 'channel-connecting' }, output)
  }

  /** A handshake that nobody has heard of yet is as good as new. */
  #begin({ eid }: MatchedAdvert): ClientHandshake {
    const ephemeral = this.#handshake === undefined ? this.#ephemerals[this.#handshakes++] : undefined
    if (ephemeral !== undefined) this.#handshake = this.transaction.startHandshake(eid, ephemeral)
    if (this.#handshake !== undefined) return this.#handshake
    throw this.#reason
  }

  #open(carrier: 'tunnel' | 'channel', now: number): void {
    this.position.move(`${carrier}-open`, now)
    this.emit({ type: 'progress', event: `${carrier}-connected` })
    if (this.#handshake !== undefined) this.#sendMessage1(this.#handshake)
  }

  #sendMessage1(handshake: ClientHandshake): void {
    this.send(handshake.message1)
    this.emit({ type: 'progress', event: 'handshake' })
  }

  #takeFromChannel(input: ChannelInput, now: number): void {
    switch (input.type) {
      case 'channel-open':
        return this.#open('channel', now)
      case 'channel-message':
        return this.#receive(input.bytes, now)
      case 'channel-closed':
        if (this.position.expects('channel-open')) return this.#notOpened(noChannel('it was closed'), now)
        return this.hungUp(undefined, now)
      case 'channel-failed':
        return this.#channelFailed(input.error, now)
    }
  }

  /** After it has opened, the loss of a channel is the loss of the connection. */
  #channelFailed(error: HybridError, now: number): void {
    if (this.position.expects('channel-open')) return this.#notOpened(error, now)
    const isNonsense = error instanceof DecodeError && this.position.expects('message-2')
    if (isNonsense) this.#leaveLiar(error, now)
    else this.end(now, () => error)
  }

  #receive(bytes: Uint8Array, now: number): void {
    const handshake = this.position.expects('message-2') ? this.#handshake : undefined
    if (handshake === undefined) this.receive(bytes, now)
    else this.#finish(handshake, bytes, now)
  }

  #finish(handshake: ClientHandshake, message2: Uint8Array, now: number): void {
    try {
      this.sealWith(handshake.finish(message2))
    } catch (error) {
      if (this.channel === undefined || !(error instanceof HandshakeError)) throw error
      return this.#leaveLiar(error, now)
    }
    this.position.move('message-2', now)
  }

  /** Without a tunnel to turn to, the advert may have been sent again by a device that takes no channel. */
  #notOpened(error: HybridError, now: number): void {
    if (error.code === 'channel-unreachable' && this.#heard?.dial === undefined) this.#leaveLiar(error, now)
    else this.#useTunnel(error, now)
  }

  /** The phone that has read the QR code would have answered otherwise: another sender is listened for, in vain only for a while. */
  #leaveLiar(error: HybridError, now: number): void {
    this.#wrong = error
    this.#handshake?.destroy()
    this.#handshake = undefined
    this.#channels.remember()
    if (!this.#channels.isOneLeft) return this.#useTunnel(error, now)
    this.#closeChannel()
    this.position.move('wrong-device', now)
    this.emit({ type: 'start-ble-scan' })
  }

  /** What was wrong with the last device that was no phone. */
  get #reason(): HybridError {
    return this.#wrong ?? noChannel('it did not open in time')
  }

  /** @param error for a client that has no tunnel to turn to. */
  #useTunnel(error: HybridError, now: number): void {
    this.#closeChannel()
    const heard = this.#heard
    if (heard?.dial === undefined || this.position.isOver(now)) return this.stop(error)
    this.position.move('no-channel', now)
    this.#begin(heard)
    this.dial(heard.dial)
  }

  #closeChannel(): void {
    if (this.channel !== undefined) this.emit({ type: 'close-channel', channel: this.channel })
    this.channel = undefined
  }

  #expire(now: number): void {
    switch (this.position.stage) {
      case 'channel':
        return this.#useTunnel(noChannel('it did not open in time'), now)
      case 'rescan':
        this.emit({ type: 'stop-ble-scan' })
        return this.#useTunnel(this.#reason, now)
      default:
        return this.expire()
    }
  }
}

function noChannel(why: string): ProximityError {
  return new ProximityError('channel-unreachable', `there is no data channel to the phone: ${why}`)
}
