import type { AirDevice } from '../../adapters/air/air.js'
import { EID_NONCE_BYTES, encodeEid } from '../../advert/eid.js'
import { sealAdvert } from '../../advert/sealed-advert.js'
import { encodeSuffix } from '../../advert/suffix.js'
import { eid as makeEid, ROUTING_ID_BYTES, routingId, tunnelServiceId } from '../../bytes/brands.js'
import type { Eid, EidKey, RoutingId } from '../../bytes/brands.js'
import { concatBytes, wipeBytes } from '../../bytes/bytes.js'
import { deriveEidKey, derivePsk, deriveTunnelId } from '../../crypto/derive.js'
import { decodeJson, encodeJson } from '../../message/json.js'
import { decodeMessage, encodeMessage } from '../../message/message.js'
import type { Message } from '../../message/message.js'
import { encodePostHandshake } from '../../message/post-handshake.js'
import type { Advertisement } from '../../ports/ble.js'
import type { CtapContext, PhoneHandler } from '../../ports/ctap-handler.js'
import type { DataChannelName } from '../../qr/data-channel.js'
import { decodeQrUrl } from '../../qr/url.js'
import type { QrPayload } from '../../qr/payload.js'
import { tunnelDomain } from '../../tunnel/domain.js'
import { decodeRoutingId, ROUTING_ID_HEADER } from '../../tunnel/headers.js'
import { tunnelRequest } from '../../tunnel/request.js'
import type { TunnelHeaders } from '../../tunnel/request.js'
import { newTunnelUrl } from '../../tunnel/url.js'
import type { LabSurroundings } from '../lab.js'
import { overTaken, overTunnel } from './carrier.js'
import type { Acts } from './turn.js'
import { Player } from './player.js'
import type { PlayWatch } from './player.js'
import { forgeMessage1, RawHandshake } from './raw-traffic.js'

/** When it is a phone’s turn. `introduced`: the client may speak next. `answered`: the client has its answer. */
export type PhoneMoment = 'advert' | 'message-2' | 'introduction' | 'introduced' | 'answer' | 'answered'

const SERVICE = tunnelServiceId(0)
/** Of a phone that has no tunnel. */
const NOWHERE = routingId(new Uint8Array(ROUTING_ID_BYTES))

/** What a phone does otherwise than a decent one. */
export interface PhoneBehaviour {
  readonly acts: Acts<PhoneMoment>
  /** What it advertises instead of its 16 bytes. */
  readonly eid?: ((eid: Uint8Array) => Uint8Array) | undefined
  /** It goes on with a PSK that is not that of the QR code. */
  readonly wrongPsk?: boolean | undefined
  /** It takes a data channel of Bluetooth, and has no tunnel; `tunnel` unless given. */
  readonly dataChannel?: DataChannelName | undefined
}

/** Plays a phone for one QR code; without acts a decent one, but without limits of time. */
export class PlayedPhone extends Player<PhoneMoment> {
  readonly #behaviour: PhoneBehaviour
  readonly #payload: QrPayload
  readonly #handler: PhoneHandler
  readonly #advertKey: EidKey
  readonly #gone = new AbortController()
  readonly #device: AirDevice
  #eid: Eid | undefined
  #advertisement: Advertisement | undefined

  constructor(
    lab: LabSurroundings,
    behaviour: PhoneBehaviour,
    handler: PhoneHandler,
    text: string,
    watch?: PlayWatch,
  ) {
    super(lab, behaviour.acts, watch)
    this.#behaviour = behaviour
    this.#handler = handler
    this.#payload = decodeQrUrl(text)
    this.#advertKey = deriveEidKey(lab.crypto, this.#payload.secret)
    this.#device = lab.air.device()
    if (behaviour.dataChannel === 'ble') this.#listen()
    else this.#dial()
  }

  protected override opened(headers?: TunnelHeaders): void {
    if (headers !== undefined) this.#advertise(decodeRoutingId(headers.get(ROUTING_ID_HEADER.toLowerCase())))
  }

  #dial(): void {
    const { crypto, dialer } = this.lab
    const base = `wss://${tunnelDomain(crypto, SERVICE)}`
    const request = tunnelRequest(newTunnelUrl(base, deriveTunnelId(crypto, this.#payload.secret)))
    this.meet(listener => overTunnel(dialer, request, listener))
  }

  #listen(): void {
    const advertise = (psm: number): void => this.#advertise(NOWHERE, psm)
    this.meet(listener => overTaken(this.#device, advertise, listener))
  }

  #advertise(routingId: RoutingId, psm?: number): void {
    const nonce = this.lab.random.bytes(EID_NONCE_BYTES)
    const proper = encodeEid({ nonce, routingId, tunnelServiceId: SERVICE })
    const eid = (this.#eid = makeEid(this.#behaviour.eid?.(proper) ?? proper))
    const advert = concatBytes(sealAdvert(this.lab.crypto, this.#advertKey, eid), encodeSuffix({ psm }))
    this.take('advert', advert, serviceData => {
      const listener = { started: () => undefined, failed: () => undefined }
      this.#advertisement = this.#device.advertiser.advertise(serviceData, listener)
    })
  }

  protected override heard(frame: Uint8Array): void {
    if (this.traffic === undefined) this.#meet(frame)
    else this.#serve(this.open(frame)).catch(this.end)
  }

  protected override release(): void {
    void this.#advertisement?.stop()
    this.#gone.abort()
  }

  #meet(message1: Uint8Array): void {
    const { crypto } = this.lab
    if (this.#eid === undefined) return
    const { publicKey, secret } = this.#payload
    const psk = derivePsk(crypto, secret, this.#eid)
    if (this.#behaviour.wrongPsk === true) wipeBytes(psk)
    const keys = { crypto, psk }
    const handshake = RawHandshake.ofPhone(keys, publicKey)
    handshake.read(this.#behaviour.wrongPsk === true ? forgeMessage1(keys, publicKey, message1) : message1)
    const message2 = handshake.write()
    const answered: Uint8Array[] = []
    this.take('message-2', message2, frame => {
      answered.push(frame)
      this.transmit(frame)
    })
    this.begin(handshake.finish(), message1)
    void this.#advertisement?.stop()
    // Also after a wrong message 2: a client that takes it shows that now.
    if (answered.length > 0) this.#introduce()
  }

  #introduce(): void {
    const getInfo = this.#handler.getInfo?.()
    const features = getInfo === undefined ? [] : ['ctap']
    if (this.#handler.handleJson !== undefined) features.push('dc')
    this.take('introduction', encodePostHandshake({ getInfo, features }))
    this.take('introduced')
  }

  async #serve(plaintext: Uint8Array | undefined): Promise<void> {
    const message = plaintext && decodeMessage(plaintext)
    if (message?.type !== 'ctap' && message?.type !== 'json') {
      this.end()
      return
    }
    const answer = await this.#answerTo(message, { signal: this.#gone.signal, awaitingUser: () => undefined })
    if (answer === undefined || this.#gone.signal.aborted) return
    this.take('answer', encodeMessage(answer))
    this.take('answered')
  }

  async #answerTo(request: Message, context: CtapContext): Promise<Message | undefined> {
    const handler = this.#handler
    if (request.type === 'json') {
      const answer = await handler.handleJson?.(decodeJson(request.text), context)
      return answer === undefined ? undefined : { type: 'json', text: encodeJson(answer) }
    }
    const payload = request.type === 'ctap' ? await handler.handle?.(request.payload, context) : undefined
    return payload && { type: 'ctap', payload }
  }
}
