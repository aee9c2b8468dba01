import type { AdvertSender } from '../advert/sender.js'
import type { HybridError } from '../errors.js'

/** Whether nearness was shown by a radio, or only played for a test. Never mixed: every result carries it. */
export type Proximity = 'bluetooth' | 'simulated'

/** 16-bit service UUIDs that carry hybrid adverts: FIDO Alliance (current) and Google (older). */
export const ADVERT_SERVICE_UUIDS = ['fff9', 'fde2'] as const

/** One of the two, 4 hex digits in lower case. */
export type AdvertServiceUuid = (typeof ADVERT_SERVICE_UUIDS)[number]

/** Service data heard under one of the two UUIDs. */
export interface AdvertReport {
  readonly uuid: AdvertServiceUuid
  /** What follows the UUID in the advert: 20 bytes, or more with a suffix. */
  readonly serviceData: Uint8Array
  /** Who sent it; undefined where the radio does not tell, as on macOS. Needed for a data channel only. */
  readonly from?: AdvertSender | undefined
}

/** Hears of a radio in use, synchronously; nothing comes after `failed`. */
export interface RadioListener {
  /** The scanner hears, or the advert is on the air. */
  started(): void
  /** The radio is not to be had, or was lost: ProximityError or UnsupportedError. Nothing comes after it. */
  failed(error: HybridError): void
  /**
   * After `started`: the radio is away for the moment, such as a machine that wakes up, and may come back. Then comes `resumed`
   * or `failed`.
   */
  interrupted?: ((error: HybridError) => void) | undefined
  /** The radio is back: it hears again, or the advert is on the air again. */
  resumed?: (() => void) | undefined
}

/** Hears of a scanner in use, and of the adverts that it hears. */
export interface BleScanListener extends RadioListener {
  /** An advert with service data was heard; the same one may come many times a second. */
  advert(report: AdvertReport): void
}

/** How much a scan has heard, from all senders. */
export interface ScanTally {
  /** Adverts of any kind, repeats included. */
  readonly adverts: number
  /** Those of them with service data, under any UUID. */
  readonly withServiceData: number
}

/** A scan that is running or about to. */
export interface BleScan {
  /** For scanners that may lack service data; what they heard explains why they heard no phone. */
  tally?: (() => ScanTally) | undefined
  /** Settles when the radio is released, and does not reject; safe to call twice and while starting. */
  stop(): Promise<void>
}

/** Hears adverts. Repeats and strangers’ adverts are welcome: the session filters. */
export interface BleScanner {
  readonly proximity: Proximity
  /** Begins to hear; several scans may run at a time. */
  scan(listener: BleScanListener): BleScan
}

/** An advert on the air or about to be. */
export interface Advertisement {
  /** Settles when the advert is off the air, and does not reject; safe to call twice and while starting. */
  stop(): Promise<void>
}

/** How an advert is sent. */
export interface AdvertiseOptions {
  /**
   * Whether others may connect to its sender, as a data channel needs; false unless given. An advertiser that cannot do that fails with
   * UnsupportedError `capability-missing`.
   */
  readonly connectable?: boolean | undefined
}

/** Sends one advert, repeatedly, under UUID FFF9 until stopped. */
export interface BleAdvertiser {
  readonly proximity: Proximity
  /**
   * Puts an advert on the air until it is stopped.
   * @param serviceData 20 bytes, or 24 with the suffix of a data channel.
   */
  advertise(serviceData: Uint8Array, listener: RadioListener, options?: AdvertiseOptions): Advertisement
}
