import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { airDevice } from '../../adapters/air/air-client.js'
import type { Air, AirDevice } from '../../adapters/air/air.js'
import type { OpenSocket } from '../../adapters/air/connection.js'
import { hubAdvertiser } from '../../adapters/air/hub-radio.js'
import { listenOn } from '../../adapters/sockets/listen.js'
import { deferred } from '../../async/deferred.js'
import type { DataChannelListener, DataChannelListening } from '../../ports/data-channel.js'
import { commandBehind, endOf, onChannel } from '../channel-ends.js'
import type { Delivery } from '../channel-ends.js'
import type { Scene } from '../scene.js'
import { airHubFor } from '../scene-parts.js'

/** What the played phone listens at. */
const PSM = 130

/** What a played phone has for clients with data channels: an air hub to be heard at, and a port to be dialled at. */
export class PhoneRadio {
  readonly hubUrl: string
  /** What it was dialled at, in order. */
  readonly dialled: number[] = []
  readonly #scene: Scene
  readonly #delivery: Delivery
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #port: number | undefined
  #listening: DataChannelListening | undefined
  readonly #met = deferred<undefined>()
  #isLeft = false

  private constructor(scene: Scene, hubUrl: string, delivery: Delivery) {
    this.#scene = scene
    this.hubUrl = hubUrl
    this.#delivery = delivery
    this.#server = createServer({ noDelay: true }, socket => {
      this.#take(socket)
    })
  }

  static async open(scene: Scene, delivery: Delivery): Promise<PhoneRadio> {
    const radio = new PhoneRadio(scene, await airHubFor(scene), delivery)
    radio.#port = await listenOn(radio.#server, '127.0.0.1', 0)
    scene.defer(() => {
      radio.#close()
    })
    return radio
  }

  /** Settles when a client has dialled. */
  get met(): Promise<unknown> {
    return this.#met.promise
  }

  /** Whether a channel that was open has ended. */
  get isLeft(): boolean {
    return this.#isLeft
  }

  get air(): Air {
    const device = (): AirDevice => ({
      ...airDevice(this.hubUrl),
      advertiser: hubAdvertiser(this.hubUrl, withPackage, () => this.#port),
      dataChannelListener: this.#listener,
    })
    return { device, scanner: () => device().scanner, advertiser: () => device().advertiser }
  }

  readonly #listener: DataChannelListener = {
    proximity: 'simulated',
    listen: listening => {
      this.#listening = listening
      queueMicrotask(() => listening.started(PSM))
      return {
        stop: () => {
          this.#listening = undefined
          return Promise.resolve()
        },
      }
    },
  }

  /** It takes whatever PSM is dialled, as the case is to judge that. */
  #take(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => {
      this.#isLeft = true
    })
    onChannel(socket, psm => {
      this.#scene.timeline.note('peer', `is dialled at PSM ${psm}`)
      this.dialled.push(psm)
      this.#met.resolve(undefined)
      const command = this.#delivery(
        commandBehind(socket, () => {
          socket.write(Uint8Array.of(psm))
        }),
      )
      command.open()
      return this.#listening?.accepted(endOf(command))
    })
  }

  #close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }
}

async function withPackage(): Promise<OpenSocket> {
  const { WebSocket } = await import('ws')
  return url => new WebSocket(url)
}
