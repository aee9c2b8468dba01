import { ProximityError } from '../../errors.js'
import type { HybridError } from '../../errors.js'
import type { Clock } from '../../ports/clock.js'
import type { AdvertSender, DataChannel, DataChannelObserver } from '../../ports/data-channel.js'
import { dialFailure } from './failure.js'
import { closeSocket, LEAST_SEND_LIMIT, sendLimit, SocketChannel } from './socket-channel.js'
import type { WatchedSocket } from './socket-channel.js'
import type { SocketKind } from './socket-kind.js'
import { loadSystemCalls } from './system-calls.js'

/** The kernel’s own limit is 40 s. */
const DIAL_LIMIT_MS = 8000
/** The link says soon how long a packet may be; before, a message would leave in crumbs. */
const SEND_LIMIT_LOOKS = 40
const SEND_LIMIT_LOOK_MS = 50

/** A channel from its dialling on. */
export class DialledChannel implements DataChannel {
  readonly #kind: SocketKind
  readonly #clock: Clock
  readonly #observer: DataChannelObserver
  #isOver = false
  #socket: WatchedSocket | undefined
  #channel: SocketChannel | undefined
  #cancelLimit: () => void
  #cancelLook: () => void = () => undefined

  constructor(kind: SocketKind, clock: Clock, observer: DataChannelObserver) {
    this.#kind = kind
    this.#clock = clock
    this.#observer = observer
    this.#cancelLimit = clock.setAlarm(clock.now() + DIAL_LIMIT_MS, () => this.#fail(tooLate()))
  }

  dial(to: AdvertSender, psm: number): this {
    void this.#dial(to, psm)
    return this
  }

  send(bytes: Uint8Array): void {
    this.#channel?.send(bytes)
  }

  close(): Promise<void> {
    if (this.#channel !== undefined) return this.#channel.close()
    this.#giveUp()
    return Promise.resolve()
  }

  async #dial(to: AdvertSender, psm: number): Promise<void> {
    try {
      const calls = await loadSystemCalls()
      if (this.#isOver) return
      const means = { calls, kind: this.#kind, clock: this.#clock }
      const descriptor = this.#kind.dial(calls, to, psm)
      const watch = calls.watch(descriptor, () => this.#connected())
      this.#socket = { descriptor, watch, means }
      watch.wait({ readable: false, writable: true })
    } catch (cause) {
      this.#fail(dialFailure(cause))
    }
  }

  #connected(): void {
    if (this.#socket === undefined) return
    const { descriptor, means } = this.#socket
    const failure = means.calls.connectFailure(descriptor)
    if (failure === undefined) this.#open(SEND_LIMIT_LOOKS)
    else this.#fail(dialFailure(failure))
  }

  #open(looks: number): void {
    if (this.#socket === undefined) return
    const { descriptor, watch, means } = this.#socket
    if (looks > 0 && sendLimit(means, descriptor) < LEAST_SEND_LIMIT) {
      watch.wait({ readable: false, writable: false })
      const next = this.#clock.now() + SEND_LIMIT_LOOK_MS
      this.#cancelLook = this.#clock.setAlarm(next, () => this.#open(looks - 1))
      return
    }
    watch.close()
    this.#cancelLimit()
    this.#socket = undefined
    this.#channel = new SocketChannel(means, descriptor, 'dialled')
    this.#observer.open()
    this.#channel.begin(this.#observer)
  }

  #fail(error: HybridError): void {
    if (this.#isOver) return
    this.#giveUp()
    this.#observer.failed(error)
  }

  #giveUp(): void {
    this.#isOver = true
    this.#cancelLimit()
    this.#cancelLook()
    if (this.#socket !== undefined) closeSocket(this.#socket)
    this.#socket = undefined
  }
}

function tooLate(): ProximityError {
  return new ProximityError('channel-unreachable', `the phone did not answer within ${DIAL_LIMIT_MS} ms`)
}
