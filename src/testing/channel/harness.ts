import type { AdvertSender, DataChannelDialer, DataChannelListener } from '../../ports/data-channel.js'

/** Data channels under test, both ends of them. */
export interface DataChannelHarness {
  /** A dialer that reaches the listener. */
  readonly makeDialer: () => DataChannelDialer
  /** A listener; one at a time is in use. */
  readonly makeListener: () => DataChannelListener
  /** The address at which the last listener of `makeListener` is dialled; asked for once that has started. */
  readonly listenerAddress: () => AdvertSender | Promise<AdvertSender>
  /** A PSM at that address at which no channel is taken. */
  readonly refusedPsm?: number | undefined
  /** An address at which no device answers; its case lasts as long as a dialer waits, 8,000 ms. */
  readonly absentAddress?: AdvertSender | undefined
  /** Runs before each case, and leaves no listener. */
  readonly prepare?: (() => Promise<void>) | undefined
  /** Runs after each case, also after one that failed. */
  readonly restore?: (() => Promise<void>) | undefined
  /** Why a case is left out, by the member that it lacks. */
  readonly reasons?: Readonly<Partial<Record<DataChannelNeed, string>>> | undefined
  /** How long anything expected may take, ms; default 15 000. Reached by failures only. */
  readonly patienceMs?: number | undefined
}

/** What a harness may lack. */
export type DataChannelNeed = 'refusedPsm' | 'absentAddress'
