import { systemRandom } from '../../adapters/system/system.js'
import { deferred } from '../../async/deferred.js'
import { within } from '../../async/within.js'
import type { HybridError } from '../../errors.js'
import type {
  AdvertSender,
  DataChannel,
  DataChannelListening,
  DataChannelObserver,
  ListeningDataChannel,
} from '../../ports/data-channel.js'
import { RadioAssertion } from '../radio/assertion.js'
import type { DataChannelHarness } from './harness.js'
import { ChannelProbe } from './probe.js'

const DEFAULT_PATIENCE_MS = 15_000

/** One end of a channel, and what its observer hears. */
export interface ChannelEnd {
  readonly channel: DataChannel
  readonly probe: ChannelProbe
}

/** Both ends of a channel. */
export interface ChannelPair {
  readonly near: ChannelEnd
  readonly far: ChannelEnd
}

/** Where a channel is dialled. */
export interface ChannelPlace {
  readonly address: AdvertSender
  readonly psm: number
}

/** What a listener does with those that dial it; `closes`: it takes the channel, and closes it meanwhile. */
type ListenerManner = 'takes' | 'refuses' | 'closes'

/** What a case has running; all of it is closed in the end. */
export class ChannelBench {
  readonly #harness: DataChannelHarness
  readonly #ends: ChannelEnd[] = []
  readonly #listeners: BenchListener[] = []

  constructor(harness: DataChannelHarness) {
    this.#harness = harness
  }

  payload(length: number): Uint8Array {
    return systemRandom.bytes(length)
  }

  /** A listener that can be dialled. */
  async listen(manner: ListenerManner = 'takes'): Promise<BenchListener> {
    const listener = new BenchListener(manner, () => this.#probe())
    this.#listeners.push(listener)
    listener.use = this.#harness.makeListener().listen(listener)
    const psm = await this.settled(listener.ready, 'started()')
    listener.place = { psm, address: await this.#harness.listenerAddress() }
    return listener
  }

  dial({ address, psm }: ChannelPlace): ChannelEnd {
    const probe = this.#probe()
    const end = { channel: this.#harness.makeDialer().dial(address, psm, probe), probe }
    this.#ends.push(end)
    return end
  }

  /** A channel that is open at both ends. */
  async connect(listener: BenchListener): Promise<ChannelPair> {
    const before = listener.ends.length
    const near = this.dial(placeOf(listener))
    await near.probe.until('open')
    await this.settled(listener.untilEnds(before + 1), 'accepted()')
    const far = listener.ends[before]
    if (far === undefined) throw new RadioAssertion('the listener took a channel', true, false)
    return { near, far }
  }

  /** Waits for a promise that has to settle in time. */
  settled<Result>(promise: Promise<Result>, what: string): Promise<Result> {
    return within(
      this.#harness.patienceMs ?? DEFAULT_PATIENCE_MS,
      promise,
      () => new RadioAssertion(`${what} did not settle`, 'settled', 'pending'),
    )
  }

  async clear(): Promise<void> {
    const ends = [...this.#ends, ...this.#listeners.flatMap(listener => listener.ends)]
    const closing = ends.map(({ channel }) => channel.close())
    const stopping = this.#listeners.map(async ({ use }) => use?.stop())
    await this.settled(Promise.all([...closing, ...stopping]), 'close() or stop()')
  }

  #probe(): ChannelProbe {
    return new ChannelProbe(this.#harness.patienceMs ?? DEFAULT_PATIENCE_MS)
  }
}

/** A listener of a case, and the channels that it has taken. */
export class BenchListener implements DataChannelListening {
  readonly ends: ChannelEnd[] = []
  readonly #manner: ListenerManner
  readonly #probe: () => ChannelProbe
  readonly #started = deferred<number>()
  #wake: () => void = () => undefined
  use: ListeningDataChannel | undefined
  place: ChannelPlace | undefined

  constructor(manner: ListenerManner, probe: () => ChannelProbe) {
    this.#manner = manner
    this.#probe = probe
  }

  /** Gives its PSM. */
  get ready(): Promise<number> {
    return this.#started.promise
  }

  started(psm: number): void {
    this.#started.resolve(psm)
  }

  accepted(channel: DataChannel): DataChannelObserver | undefined {
    if (this.#manner === 'refuses') return undefined
    if (this.#manner === 'closes') void channel.close()
    const probe = this.#probe()
    this.ends.push({ channel, probe })
    this.#wake()
    return probe
  }

  failed(error: HybridError): void {
    this.#started.reject(error)
  }

  async untilEnds(count: number): Promise<void> {
    while (this.ends.length < count) await new Promise<void>(resolve => (this.#wake = resolve))
  }
}

/** Where a listener that has started is dialled. */
export function placeOf({ place }: BenchListener): ChannelPlace {
  if (place === undefined) throw new RadioAssertion('the listener has started', true, false)
  return place
}
