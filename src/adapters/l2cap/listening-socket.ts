import type { HybridError } from '../../errors.js'
import type { Clock } from '../../ports/clock.js'
import type { DataChannelListening, ListeningDataChannel } from '../../ports/data-channel.js'
import { listenFailure } from './failure.js'
import { closeSocket, SocketChannel } from './socket-channel.js'
import type { ChannelMeans, WatchedSocket } from './socket-channel.js'
import type { SocketKind } from './socket-kind.js'
import { loadSystemCalls, SystemCallError } from './system-calls.js'

/** Strangers may dial, too; what is more than this is closed at once. */
const MAX_CHANNELS = 8

/** A socket that clients dial. */
export class ListeningSocket implements ListeningDataChannel {
  readonly #kind: SocketKind
  readonly #clock: Clock
  readonly #listening: DataChannelListening
  #isOver = false
  #channels = 0
  #socket: WatchedSocket | undefined

  constructor(kind: SocketKind, clock: Clock, listening: DataChannelListening) {
    this.#kind = kind
    this.#clock = clock
    this.#listening = listening
  }

  listen(): this {
    void this.#listen()
    return this
  }

  stop(): Promise<void> {
    this.#isOver = true
    if (this.#socket !== undefined) closeSocket(this.#socket)
    this.#socket = undefined
    return Promise.resolve()
  }

  async #listen(): Promise<void> {
    const psm = await this.#open().catch((cause: unknown): undefined => {
      this.#fail(listenFailure(cause))
    })
    if (psm !== undefined && !this.#isOver) this.#listening.started(psm)
  }

  async #open(): Promise<number | undefined> {
    const calls = await loadSystemCalls()
    if (this.#isOver) return undefined
    const means = { calls, kind: this.#kind, clock: this.#clock }
    const { descriptor, psm } = this.#kind.listen(calls)
    const watch = calls.watch(descriptor, () => this.#accept())
    this.#socket = { means, descriptor, watch }
    watch.wait({ readable: true, writable: false })
    return psm
  }

  #accept(): void {
    while (this.#socket !== undefined) {
      const { descriptor, watch, means } = this.#socket
      const accepted = means.calls.accept(descriptor)
      if (accepted instanceof SystemCallError) this.#fail(listenFailure(accepted))
      else if (accepted !== undefined) this.#take(means, accepted)
      else {
        watch.wait({ readable: true, writable: false })
        return
      }
    }
  }

  #take(means: ChannelMeans, descriptor: number): void {
    const channel = new SocketChannel(means, descriptor, 'accepted')
    this.#channels++
    void channel.gone.then(() => this.#channels--)
    const observer = this.#channels > MAX_CHANNELS ? undefined : this.#listening.accepted(channel)
    if (observer === undefined) channel.release()
    else channel.begin(observer)
  }

  #fail(error: HybridError): void {
    if (this.#isOver) return
    void this.stop()
    this.#listening.failed(error)
  }
}
