import { deferred } from '../../async/deferred.js'
import type { Clock } from '../../ports/clock.js'
import type { DataChannel, DataChannelObserver } from '../../ports/data-channel.js'
import { isEnd, lossFailure } from './failure.js'
import { SendQueue } from './send-queue.js'
import type { SocketKind } from './socket-kind.js'
import { SystemCallError } from './system-calls.js'
import type { SystemCalls } from './system-calls.js'
import type { WatchedDescriptor } from './watched-descriptor.js'

const CLOSE_LIMIT_MS = 2000
const DELIVERY_LOOK_MS = 10
/** Others of this process have their turn after so many reads. */
const READS_PER_TURN = 16
/** Of a peer that reads nothing; a message has at most 1 MiB. */
const MAX_QUEUED_BYTES = 4 * 1024 * 1024
/** What a peer that reads nothing ends with. */
const ENOBUFS = 105
/** What every link of Bluetooth Low Energy can send at once. */
export const LEAST_SEND_LIMIT = 23

/** What channels are made with. */
export interface ChannelMeans {
  readonly calls: SystemCalls
  readonly kind: SocketKind
  readonly clock: Clock
}

/** A socket that is not a channel: one that connects, or one that others connect to. */
export interface WatchedSocket {
  readonly means: ChannelMeans
  readonly descriptor: number
  readonly watch: WatchedDescriptor
}

export function closeSocket({ means, descriptor, watch }: WatchedSocket): void {
  watch.close()
  means.calls.close(descriptor)
}

/**
 * An open channel, and the owner of its socket. All its work is done in turns of its own, so that nobody is called from within
 * `send` or `close`.
 */
export class SocketChannel implements DataChannel {
  readonly #means: ChannelMeans
  readonly #descriptor: number
  /** The side that dialled lets the peer close first; otherwise two who close would both wait. */
  readonly #closesLast: boolean
  readonly #watch: WatchedDescriptor
  readonly #queue = new SendQueue()
  readonly #gone = deferred<undefined>()
  #observer: DataChannelObserver | undefined
  #state: 'open' | 'closing' | 'over' = 'open'
  #sendFailure: SystemCallError | undefined
  #cancelLimit: () => void = () => undefined
  #cancelLook: () => void = () => undefined

  constructor(means: ChannelMeans, descriptor: number, role: 'dialled' | 'accepted') {
    this.#means = means
    this.#descriptor = descriptor
    this.#closesLast = role === 'dialled'
    this.#watch = means.calls.watch(descriptor, () => this.#work())
  }

  /** Settles when nothing of the channel is left. */
  get gone(): Promise<void> {
    return this.#gone.promise
  }

  /** Reads from now on. */
  begin(observer: DataChannelObserver): void {
    this.#observer = observer
    this.#watch.wake()
  }

  send(bytes: Uint8Array): void {
    if (this.#state !== 'open' || bytes.length === 0) return
    this.#queue.add(new Uint8Array(bytes))
    this.#watch.wake()
  }

  close(): Promise<void> {
    if (this.#state !== 'open') return this.gone
    this.#state = 'closing'
    const { clock } = this.#means
    const limit = clock.now() + CLOSE_LIMIT_MS
    this.#cancelLimit = clock.setAlarm(limit, () => this.release())
    this.#watch.wake()
    return this.gone
  }

  /** Closes the socket, whatever waits; the observer hears nothing more. */
  release(): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    this.#cancelLimit()
    this.#cancelLook()
    this.#watch.close()
    this.#means.calls.close(this.#descriptor)
    this.#gone.resolve(undefined)
  }

  #work(): void {
    this.#flush()
    this.#read()
    if (this.#state === 'closing') this.#finish()
    if (this.#queue.size > MAX_QUEUED_BYTES) this.#end(new SystemCallError('send', ENOBUFS))
    this.#watch.wait({ readable: true, writable: this.#queue.size > 0 && this.#sendFailure === undefined })
  }

  /** One send is one packet of the channel, and at most so long. What the kernel takes no more is read out before the end is told. */
  #flush(): void {
    const { calls } = this.#means
    while (this.#sendFailure === undefined) {
      const piece = this.#queue.next(Math.max(LEAST_SEND_LIMIT, sendLimit(this.#means, this.#descriptor)))
      const sent = piece === undefined ? undefined : calls.send(this.#descriptor, piece)
      if (sent === undefined) return
      if (sent instanceof SystemCallError) this.#sendFailure = sent
      else this.#queue.drop(sent)
    }
  }

  #read(): void {
    for (let read = 0; read < READS_PER_TURN && !this.#isOver(); read++) {
      const received = this.#means.calls.receive(this.#descriptor) ?? this.#sendFailure
      if (received === undefined) return
      if (received instanceof SystemCallError) this.#end(received)
      else if (received.length === 0) this.#end(undefined)
      else if (this.#state === 'open') this.#observer?.bytes(received)
    }
  }

  #end(error: SystemCallError | undefined): void {
    const observer = this.#state === 'open' ? this.#observer : undefined
    const isWhole = this.#queue.size === 0 && (error === undefined || isEnd(error))
    this.release()
    if (isWhole) observer?.closed()
    else observer?.failed(lossFailure(error))
  }

  /** Closes as soon as everything has been delivered; or waits for the peer to close, which tells the same. */
  #finish(): void {
    if (this.#closesLast) return
    const { calls, kind, clock } = this.#means
    if (this.#queue.size === 0 && kind.isDelivered(calls, this.#descriptor)) {
      this.release()
      return
    }
    this.#cancelLook()
    this.#cancelLook = clock.setAlarm(clock.now() + DELIVERY_LOOK_MS, () => this.#watch.wake())
  }

  // A function, because the state changes behind the type checker’s back.
  #isOver(): boolean {
    return this.#state === 'over'
  }
}

/** 0 while the limit is unknown, also because the peer has gone: then the next call tells. */
export function sendLimit({ calls, kind }: ChannelMeans, descriptor: number): number {
  try {
    return kind.sendLimit(calls, descriptor)
  } catch {
    return 0
  }
}
