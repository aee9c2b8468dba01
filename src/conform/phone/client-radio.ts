import { connect } from 'node:net'
import { airDevice } from '../../adapters/air/air-client.js'
import type { Air, AirDevice } from '../../adapters/air/air.js'
import { loopbackPort } from '../../adapters/air/loopback-sender.js'
import { deferred } from '../../async/deferred.js'
import { encodeHex } from '../../bytes/hex.js'
import { streamFramer } from '../../framing/stream-framer.js'
import { HANDSHAKE_MESSAGE_BYTES } from '../../handshake/handshake-message.js'
import type {
  AdvertSender,
  DataChannel,
  DataChannelDialer,
  DataChannelObserver,
} from '../../ports/data-channel.js'
import { commandBehind, endOf, inOrder, onChannel } from '../channel-ends.js'
import type { Delivery } from '../channel-ends.js'
import type { Scene } from '../scene.js'
import { airHubFor } from '../scene-parts.js'

/** How the played client comes to a data channel of the phone. */
export interface WayToPhone {
  readonly delivery?: Delivery | undefined
  /** What happens where it dials. */
  readonly dialing?: ((dialer: DataChannelDialer) => DataChannelDialer) | undefined
}

const same = (dialer: DataChannelDialer): DataChannelDialer => dialer

/** What a played client has for phones with data channels: an air hub to hear them at, and a way to dial them. */
export class ClientRadio {
  readonly hubUrl: string
  /** What is on the air, in hex. */
  readonly adverts: string[] = []
  readonly #scene: Scene
  readonly #way: WayToPhone
  readonly #met = deferred<undefined>()
  #isMet = false
  #isLeft = false

  private constructor(scene: Scene, hubUrl: string, way: WayToPhone) {
    this.#scene = scene
    this.hubUrl = hubUrl
    this.#way = way
  }

  static async open(scene: Scene, way: WayToPhone): Promise<ClientRadio> {
    const radio = new ClientRadio(scene, await airHubFor(scene), way)
    const scan = airDevice(radio.hubUrl).scanner.scan({
      started: () => undefined,
      advert: ({ serviceData }) => {
        scene.timeline.note('command', `advertises ${encodeHex(serviceData)}`)
        radio.adverts.push(encodeHex(serviceData))
      },
      failed: () => undefined,
    })
    scene.defer(() => scan.stop())
    return radio
  }

  /** Whether a phone has taken a channel. */
  get isMet(): boolean {
    return this.#isMet
  }

  /** Settles then. */
  get met(): Promise<unknown> {
    return this.#met.promise
  }

  /** Whether a channel has ended. */
  get isLeft(): boolean {
    return this.#isLeft
  }

  get air(): Air {
    const { dialing = same } = this.#way
    const dialer = dialing(this.#dialer)
    const device = (): AirDevice => ({ ...airDevice(this.hubUrl), dataChannelDialer: dialer })
    return { device, scanner: () => device().scanner, advertiser: () => device().advertiser }
  }

  readonly #dialer: DataChannelDialer = {
    proximity: 'simulated',
    dial: (to, psm, observer) => this.#dial(to, psm, observer),
  }

  #dial(to: AdvertSender, psm: number, observer: DataChannelObserver): DataChannel {
    const { timeline } = this.#scene
    timeline.note('peer', `dials ${to.address} at PSM ${psm}`)
    const socket = connect({ host: '127.0.0.1', port: loopbackPort(to) ?? 0, noDelay: true })
    this.#scene.defer(() => {
      socket.destroy()
    })
    socket.once('connect', () => socket.write(Uint8Array.of(psm)))
    socket.once('close', () => {
      this.#isLeft = true
      timeline.note('peer', 'its channel has ended')
    })
    onChannel(socket, () => {
      this.#isMet = true
      this.#met.resolve(undefined)
      observer.open()
      return observer
    })
    return endOf((this.#way.delivery ?? inOrder)(commandBehind(socket, () => undefined)))
  }
}

/** How long a phone may take to see that it was not its client, ms. */
const STRANGER_MS = 1000

/** A stranger dials before, with a message 1 of zeros, and the client once the stranger is left or not. */
export function afterStranger(dialer: DataChannelDialer): DataChannelDialer {
  return {
    proximity: dialer.proximity,
    dial: (to, psm, observer) => {
      let channel: DataChannel | undefined
      const dial = (): void => {
        channel ??= dialer.dial(to, psm, observer)
      }
      const stranger = dialer.dial(to, psm, {
        open: () => stranger.send(streamFramer().frame(new Uint8Array(HANDSHAKE_MESSAGE_BYTES))),
        bytes: () => undefined,
        closed: dial,
        failed: dial,
      })
      setTimeout(dial, STRANGER_MS).unref()
      return {
        send: bytes => channel?.send(bytes),
        close: () => channel?.close() ?? Promise.resolve(),
      }
    },
  }
}
