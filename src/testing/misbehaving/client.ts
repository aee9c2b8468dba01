import type { AirDevice } from '../../adapters/air/air.js'
import { decodeEid } from '../../advert/eid.js'
import type { EidFields } from '../../advert/eid.js'
import { openAdvert } from '../../advert/sealed-advert.js'
import { ADVERT_BYTES } from '../../advert/service-data.js'
import { decodeSuffix } from '../../advert/suffix.js'
import { ASSIGNED_TUNNEL_SERVICES, QR_SECRET_BYTES, qrSecret } from '../../bytes/brands.js'
import type { Eid, EidKey, QrSecret } from '../../bytes/brands.js'
import { wipeBytes } from '../../bytes/bytes.js'
import { decodedOrUndefined } from '../../bytes/decoded.js'
import { deriveEidKey, derivePsk, deriveTunnelId } from '../../crypto/derive.js'
import type { EcdhKey } from '../../crypto/provider.js'
import { COSE_ALGORITHM } from '../../ctap/cose-key.js'
import { PUBLIC_KEY } from '../../ctap/credential-descriptor.js'
import { CLIENT_DATA_HASH_BYTES, encodeMakeCredentialRequest } from '../../ctap/make-credential.js'
import { writeDigitalRequest } from '../../digital/digital-request.js'
import { encodeJson } from '../../message/json.js'
import { encodeMessage, isUpdate } from '../../message/message.js'
import type { AdvertReport, BleScan } from '../../ports/ble.js'
import { writtenChannels } from '../../qr/data-channel.js'
import type { DataChannelName } from '../../qr/data-channel.js'
import { encodeQrUrl } from '../../qr/url.js'
import { tunnelDomain } from '../../tunnel/domain.js'
import { tunnelRequest } from '../../tunnel/request.js'
import { connectTunnelUrl } from '../../tunnel/url.js'
import type { LabSurroundings } from '../lab.js'
import { overDialled, overTunnel } from './carrier.js'
import type { Acts } from './turn.js'
import { Player } from './player.js'
import type { PlayWatch } from './player.js'
import { RawHandshake } from './raw-traffic.js'

/** When it is a client’s turn. `dial`: it has heard the advert. `goodbye`: it has the answer. */
export type ClientMoment = 'dial' | 'message-1' | 'request' | 'goodbye'

/** What a client does otherwise than a decent one. */
export interface ClientBehaviour {
  readonly acts: Acts<ClientMoment>
  /** It begins the handshake with a PSK that is not that of its QR code. */
  readonly wrongPsk?: boolean | undefined
  /** It comes for a digital credential, not to register a passkey. */
  readonly digital?: boolean | undefined
  /** It offers and dials a data channel of Bluetooth, and no tunnel; `tunnel` unless given. */
  readonly dataChannel?: DataChannelName | undefined
}

/** A registration that every phone can do. */
const REGISTRATION = encodeMakeCredentialRequest({
  clientDataHash: new Uint8Array(CLIENT_DATA_HASH_BYTES),
  rp: { id: 'example.com', name: 'Example' },
  user: { id: Uint8Array.of(1), name: 'ada@example.com', displayName: 'Ada' },
  pubKeyCredParams: [{ alg: COSE_ALGORITHM.es256, type: PUBLIC_KEY }],
  rk: true,
  uv: true,
})

/** The registration as a message. */
export const REGISTRATION_MESSAGE: Uint8Array = encodeMessage({ type: 'ctap', payload: REGISTRATION })

/** A request for a digital credential as a message. */
const DIGITAL_MESSAGE = encodeMessage({
  type: 'json',
  text: encodeJson(
    writeDigitalRequest({
      kind: 'presentation',
      origin: 'https://verifier.example',
      requests: [{ protocol: 'openid4vp-v1-unsigned', data: {} }],
    }),
  ),
})

/** Plays a laptop that registers one passkey, or comes for a digital credential; without acts a decent one, but without limits of time. */
export class PlayedClient extends Player<ClientMoment> {
  /** What its QR code says. */
  readonly qrText: string
  readonly #behaviour: ClientBehaviour
  readonly #identity: EcdhKey
  readonly #secret: QrSecret
  readonly #advertKey: EidKey
  readonly #device: AirDevice
  readonly #scan: BleScan
  #handshake: RawHandshake | undefined
  #eid: Eid | undefined
  #isIntroduced = false

  constructor(lab: LabSurroundings, behaviour: ClientBehaviour, watch?: PlayWatch) {
    super(lab, behaviour.acts, watch)
    const { crypto, random, clock, air } = lab
    this.#behaviour = behaviour
    this.#identity = crypto.generateEcdhKey()
    this.#secret = qrSecret(random.bytes(QR_SECRET_BYTES))
    this.#advertKey = deriveEidKey(crypto, this.#secret)
    this.qrText = encodeQrUrl({
      publicKey: this.#identity.publicKey,
      secret: this.#secret,
      knownTunnelServices: ASSIGNED_TUNNEL_SERVICES,
      time: clock.epochSeconds(),
      supportsLinking: false,
      requestType: behaviour.digital === true ? 'dcp' : 'mc',
      dataChannels: writtenChannels(behaviour.dataChannel ?? 'tunnel'),
    })
    this.#device = air.device()
    this.#scan = this.#device.scanner.scan({
      started: () => undefined,
      advert: report => this.#hear(report),
      failed: () => undefined,
    })
  }

  protected override opened(): void {
    if (this.#eid === undefined) return
    const { crypto } = this.lab
    const psk = derivePsk(crypto, this.#secret, this.#eid)
    if (this.#behaviour.wrongPsk === true) wipeBytes(psk)
    this.#handshake = RawHandshake.ofClient({ crypto, psk }, this.#identity)
    this.take('message-1', this.#handshake.write())
  }

  /** Message 2, the introduction, the answer; updates come when they like. */
  protected override heard(frame: Uint8Array): void {
    if (this.traffic === undefined) {
      this.#read(frame)
      return
    }
    const plaintext = this.open(frame)
    if (!this.#isIntroduced) {
      this.#isIntroduced = true
      this.take('request', this.#behaviour.digital === true ? DIGITAL_MESSAGE : REGISTRATION_MESSAGE)
    } else if (plaintext === undefined || !isUpdate(plaintext)) {
      this.take('goodbye', encodeMessage({ type: 'shutdown' }))
    }
  }

  #read(message2: Uint8Array): void {
    this.#handshake?.read(message2)
    const traffic = this.#handshake?.finish()
    if (traffic !== undefined) this.begin(traffic, message2)
  }

  protected override release(): void {
    void this.#scan.stop()
  }

  #hear({ serviceData, from }: AdvertReport): void {
    const { crypto } = this.lab
    const eid = openAdvert(crypto, this.#advertKey, serviceData)
    if (eid === undefined || this.#eid !== undefined) return
    const fields = decodedOrUndefined(() => decodeEid(eid))
    if (fields === undefined) return
    this.#eid = eid
    const { psm } = decodeSuffix(serviceData.slice(ADVERT_BYTES))
    this.take('dial', new Uint8Array(), () => {
      if (this.#behaviour.dataChannel !== 'ble') this.#dial(fields)
      else if (from !== undefined && psm !== undefined)
        this.meet(listener => overDialled(this.#device, from, psm, listener))
    })
  }

  #dial({ routingId, tunnelServiceId }: EidFields): void {
    const { crypto, dialer } = this.lab
    const base = `wss://${tunnelDomain(crypto, tunnelServiceId)}`
    const request = tunnelRequest(connectTunnelUrl(base, routingId, deriveTunnelId(crypto, this.#secret)))
    this.meet(listener => overTunnel(dialer, request, listener))
  }
}
