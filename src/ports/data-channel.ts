import type { AdvertSender } from '../advert/sender.js'
import type { HybridError } from '../errors.js'
import type { Proximity } from './ble.js'

export type { AdvertSender } from '../advert/sender.js'

/**
 * Hears of a data channel, synchronously, in order: `open` once, then bytes, then one of `closed` or `failed`; nothing after that.
 * A channel that was accepted is open from the start: its observer does not hear `open`.
 */
export interface DataChannelObserver {
  /** The channel that was dialled is open. */
  open(): void
  /** What came next of the peer’s stream, cut anywhere; the receiver may keep the bytes. */
  bytes(chunk: Uint8Array): void
  /** The peer’s stream has ended. Whether that cut a message, the framing says (protocol.md 16.4). */
  closed(): void
  /**
   * Not opened, or broken while open: ProximityError `channel-unreachable`, `channel-lost` or `bluetooth-unauthorised`, UnsupportedError
   * `capability-missing`, `package-missing` or `package-unfit`.
   */
  failed(error: HybridError): void
}

/** A channel being dialled or open: a stream of bytes each way. */
export interface DataChannel {
  /** Sends bytes behind those before; ignored once closed. */
  send(bytes: Uint8Array): void
  /**
   * Gives what was sent to the peer, waits until the peer has closed, 2,000 ms at most, and settles when nothing of the channel is left.
   * A channel that is not open is given up at once. Does not reject, and is safe to call twice; the observer hears nothing more.
   */
  close(): Promise<void>
}

/** Opens data channels to phones (protocol.md 16.3). */
export interface DataChannelDialer {
  /** As that of the radio that heard the advert. */
  readonly proximity: Proximity
  /**
   * Dials at once; the scan is over by then. An address at which no device answers is `channel-unreachable` after 8,000
   * ms at most.
   * @param psm 1 to 255.
   */
  dial(to: AdvertSender, psm: number, observer: DataChannelObserver): DataChannel
}

/** Hears of a listener for data channels, synchronously; nothing comes after `failed`. */
export interface DataChannelListening {
  /** It can be dialled. @param psm 1 to 255: what the advert’s suffix says. */
  started(psm: number): void
  /**
   * A client has dialled. More than one may: a stranger, and then the phone’s own client.
   * @returns who hears of the channel from now on; undefined refuses it.
   */
  accepted(channel: DataChannel): DataChannelObserver | undefined
  /** Channels are not taken, or not any more: ProximityError or UnsupportedError. */
  failed(error: HybridError): void
}

/** A listener in use. */
export interface ListeningDataChannel {
  /** Takes no more clients, and leaves those that it has; settles when that is done, and does not reject. Safe to call twice. */
  stop(): Promise<void>
}

/** Takes data channels of clients (protocol.md 16.1). */
export interface DataChannelListener {
  /** As that of the radio that advertises. */
  readonly proximity: Proximity
  /** Begins to take channels; `started` tells by which PSM. */
  listen(listening: DataChannelListening): ListeningDataChannel
}
