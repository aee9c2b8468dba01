import { ProximityError } from '../../errors.js'
import type { HybridError } from '../../errors.js'
import { streamFramer } from '../../framing/stream-framer.js'
import type {
  DataChannel,
  DataChannelDialer,
  DataChannelListener,
  DataChannelObserver,
} from '../../ports/data-channel.js'
import type { LabChannels } from '../lab.js'
import type { DataChannelMisbehaviour } from './catalogue.js'
import { flipped } from './frames.js'

/** What the channel does to the party that it misbehaves towards. */
type Act = (observer: DataChannelObserver) => void

/** What a data channel does between its two parties. */
interface Between {
  /** Instead of the opening. */
  readonly opens?: Act
  /** Instead of the message of that index, which comes with its length before it; undefined lets it through. */
  message?(framed: Uint8Array, index: number): Act | undefined
}

const HUGE_LENGTH = Uint8Array.of(0xff, 0xff, 0xff, 0xff)
/** One more than a message may have. */
const LENGTH_BEYOND_LIMIT = Uint8Array.of(0x00, 0x10, 0x00, 0x01)
const LENGTH_BYTES = 4

const says =
  (...pieces: readonly Uint8Array[]): Act =>
  observer => {
    for (const piece of pieces) observer.bytes(piece)
  }
const holds: Act = () => undefined
const closes: Act = observer => observer.closed()
const fails =
  (code: 'channel-lost' | 'channel-unreachable'): Act =>
  observer =>
    observer.failed(new ProximityError(code, 'the data channel misbehaves'))

const at = (place: number, act: (framed: Uint8Array) => Act): Between => ({
  message: (framed, index) => (index === place ? act(framed) : undefined),
})
/** The first message is another one. */
const rewrites = (change: (message: Uint8Array) => Uint8Array): Between =>
  at(0, framed => says(streamFramer().frame(change(framed.slice(LENGTH_BYTES)))))

const BETWEEN: Readonly<Record<DataChannelMisbehaviour, Between>> = {
  refuses: { opens: fails('channel-unreachable') },
  'never-opens': { opens: holds },
  'opens-and-holds': { message: () => holds },
  'message-lost': at(0, () => holds),
  'message-repeated': at(0, framed => says(framed, framed)),
  'message-flipped-bit': rewrites(flipped),
  'message-cut': rewrites(message => message.slice(0, -1)),
  'message-emptied': rewrites(() => new Uint8Array()),
  'length-huge': at(0, () => says(HUGE_LENGTH)),
  'length-huge-later': at(1, () => says(HUGE_LENGTH)),
  'length-beyond-limit-later': at(1, () => says(LENGTH_BEYOND_LIMIT)),
  'closes-at-first-message': at(0, () => closes),
  'closes-within-message': at(0, framed => observer => {
    observer.bytes(framed.slice(0, -1))
    observer.closed()
  }),
  'breaks-at-first-message': at(0, () => fails('channel-lost')),
  'breaks-later': at(1, () => fails('channel-lost')),
}

/**
 * Stands between the devices of a lab and their data channels, and misbehaves towards one of the two parties.
 *
 * @example
 * const channels = misbehavingDataChannel('length-huge', 'client')
 * const lab = createLab({ dataChannel: 'ble', channels })
 */
export function misbehavingDataChannel(
  how: DataChannelMisbehaviour,
  victim: 'client' | 'phone',
): LabChannels {
  const between = BETWEEN[how]
  return victim === 'client'
    ? { dialer: dialer => dialThrough(between, dialer) }
    : { listener: listener => listenThrough(between, listener) }
}

/** The same misbehaviour for a party that is not in this process. @param observer that party. @returns who is told what it is to hear. */
export function misbehavingWay(
  how: DataChannelMisbehaviour,
  observer: DataChannelObserver,
): DataChannelObserver {
  return new Way(BETWEEN[how], observer)
}

function dialThrough(between: Between, dialer: DataChannelDialer): DataChannelDialer {
  return {
    ...dialer,
    dial: (to, psm, observer) => {
      const way = new Way(between, observer)
      return way.of(dialer.dial(to, psm, way))
    },
  }
}

function listenThrough(between: Between, listener: DataChannelListener): DataChannelListener {
  return {
    ...listener,
    listen: listening =>
      listener.listen({
        started: psm => listening.started(psm),
        failed: error => listening.failed(error),
        accepted: channel => {
          const way = new Way(between)
          way.observer = listening.accepted(way.of(channel))
          return way.observer && way
        },
      }),
  }
}

/** One channel, as the party hears it that it misbehaves towards. */
class Way implements DataChannelObserver {
  readonly #between: Between
  readonly #framer = streamFramer()
  #index = 0
  #channel: DataChannel | undefined
  observer: DataChannelObserver | undefined

  constructor(between: Between, observer?: DataChannelObserver) {
    this.#between = between
    this.observer = observer
  }

  /** The party’s end of it. */
  of(channel: DataChannel): DataChannel {
    this.#channel = channel
    return {
      send: bytes => channel.send(bytes),
      close: () => {
        this.observer = undefined
        return channel.close()
      },
    }
  }

  open(): void {
    this.#tell(this.#between.opens ?? (observer => observer.open()))
  }

  bytes(chunk: Uint8Array): void {
    for (const message of this.#framer.read(chunk)) {
      const framed = this.#framer.frame(message)
      this.#tell(this.#between.message?.(framed, this.#index++) ?? says(framed))
    }
  }

  closed(): void {
    this.#tell(closes)
  }

  failed(error: HybridError): void {
    this.#tell(observer => observer.failed(error))
  }

  #tell(act: Act): void {
    const { observer } = this
    if (observer === undefined) return
    act({
      open: () => observer.open(),
      bytes: chunk => this.observer?.bytes(chunk),
      closed: () => this.#end(() => observer.closed()),
      failed: error => this.#end(() => observer.failed(error)),
    })
  }

  #end(tell: () => void): void {
    this.observer = undefined
    tell()
    void this.#channel?.close()
  }
}
