import { ProximityError } from '../../errors.js'
import type {
  AdvertSender,
  DataChannel,
  DataChannelListening,
  DataChannelObserver,
  ListeningDataChannel,
} from '../../ports/data-channel.js'
import { soon } from './soon.js'

const FIRST_PSM = 0x80
const LAST_PSM = 0xff
/** Streams keep no boundaries of what was sent: pieces of these lengths come, in turn. */
const PIECE_BYTES = [1, 80, 3, 672]

/** The data channels of a simulated radio: each device listens at PSMs of its own. */
export class MemoryChannels {
  readonly #listening = new Map<string, DataChannelListening>()

  listen(address: string, listening: DataChannelListening): ListeningDataChannel {
    const psm = this.#freePsm(address)
    const place = placeOf(address, psm)
    if (psm <= LAST_PSM) this.#listening.set(place, listening)
    const callOff = soon(() => {
      if (psm <= LAST_PSM) listening.started(psm)
      else listening.failed(crowded())
    })
    return {
      stop: () => {
        callOff()
        this.#listening.delete(place)
        return Promise.resolve()
      },
    }
  }

  dial(to: AdvertSender, psm: number, observer: DataChannelObserver): DataChannel {
    const [near, far] = channelPair()
    near.observer = observer
    near.do(() => {
      const listening = this.#listening.get(placeOf(to.address, psm))
      near.isOpen = far.isOpen = true
      far.observer = listening?.accepted(far)
      if (far.observer === undefined) near.fail(refused(psm))
      else observer.open()
    })
    return near
  }

  /** One above the last when all of them are taken. */
  #freePsm(address: string): number {
    let psm = FIRST_PSM
    while (psm <= LAST_PSM && this.#listening.has(placeOf(address, psm))) psm += 1
    return psm
  }
}

/** One end of a channel within this process. */
class MemoryChannel implements DataChannel {
  readonly #peer: () => MemoryChannel
  #turn = 0
  observer: DataChannelObserver | undefined
  isOpen = false
  #isClosed = false

  constructor(peer: () => MemoryChannel) {
    this.#peer = peer
  }

  send(bytes: Uint8Array): void {
    if (!this.isOpen || this.#isClosed) return
    const sent = new Uint8Array(bytes)
    const peer = this.#peer()
    for (let at = 0; at < sent.length;) {
      const piece = sent.slice(at, at + (PIECE_BYTES[this.#turn++ % PIECE_BYTES.length] ?? 1))
      at += piece.length
      peer.do(() => peer.observer?.bytes(piece))
    }
  }

  close(): Promise<void> {
    if (this.#isClosed) return Promise.resolve()
    this.#isClosed = true
    const peer = this.#peer()
    if (this.isOpen)
      peer.do(() => {
        peer.#isClosed = true
        peer.observer?.closed()
      })
    return Promise.resolve()
  }

  fail(error: ProximityError): void {
    this.isOpen = false
    this.#isClosed = true
    this.observer?.failed(error)
  }

  /** Runs a task after the earlier ones, unless this end is closed by then. */
  do(task: () => void): void {
    soon(() => {
      if (!this.#isClosed) task()
    })
  }
}

function channelPair(): readonly [MemoryChannel, MemoryChannel] {
  const near: MemoryChannel = new MemoryChannel(() => far)
  const far: MemoryChannel = new MemoryChannel(() => near)
  return [near, far]
}

function placeOf(address: string, psm: number): string {
  return `${address} ${psm}`
}

function crowded(): ProximityError {
  return new ProximityError('advertise-failed', 'every PSM of this simulated device is taken')
}

function refused(psm: number): ProximityError {
  return new ProximityError('channel-unreachable', `no data channel is taken at PSM ${psm}`)
}
