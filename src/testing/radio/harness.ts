import type { BleAdvertiser, BleScanner } from '../../ports/ble.js'

/** What a harness may be able to do; a case names those that it needs. */
export interface RadioPowers {
  /** A scanner that hears what the advertiser and `transmit` send. */
  readonly makeScanner: () => BleScanner
  /** An advertiser whose adverts the scanner can hear; on a real radio that takes another adapter. */
  readonly makeAdvertiser: () => BleAdvertiser
  /**
   * Sends service data by other means than the advertiser; settles when it is on the air.
   * @param uuid such as `fff9`.
   * @param serviceData at most `maxServiceDataBytes`.
   */
  readonly transmit: (
    uuid: string,
    serviceData: Uint8Array,
    options?: TransmitOptions,
  ) => Promise<Transmission>
  /** `transmit` takes an address into account. */
  readonly addresses: true
  /** The longest service data that fits into an advert; one byte more must be refused. */
  readonly maxServiceDataBytes: number
  /** From now on the machine has no adapter. */
  readonly noAdapter: () => Promise<void>
  /** The adapter is switched off; also while a scan or an advert runs. */
  readonly powerOff: () => Promise<void>
  /** From now on this program may not use the adapter. */
  readonly unauthorise: () => Promise<void>
  /** Takes the adapter away while a scan or an advert runs. */
  readonly removeAdapter: () => Promise<void>
}

/** How service data is sent. */
export interface TransmitOptions {
  /** The sender’s device address, `AA:BB:CC:DD:EE:FF`; the same one for all unless given. */
  readonly address?: string | undefined
}

/** Service data on the air. */
export interface Transmission {
  /** Settles when it is off the air. */
  stop(): Promise<void>
}

/** The name of one power. */
export type RadioPower = keyof RadioPowers

/** The switches of a harness that break something. */
export type RadioFault = 'noAdapter' | 'powerOff' | 'unauthorise' | 'removeAdapter'

/** A radio under test: its powers, and how to begin and end a case. */
export interface RadioHarness extends Partial<RadioPowers> {
  /** Runs before each case: nothing on the air, no fault. */
  readonly prepare?: (() => Promise<void>) | undefined
  /** Runs after each case, also after one that failed. */
  readonly restore?: (() => Promise<void>) | undefined
  /** Why a power is absent, for the report. */
  readonly reasons?: Readonly<Partial<Record<RadioPower, string>>> | undefined
  /** The codes that faults have to give where they differ from the `bluetooth-…` ones. */
  readonly codes?: Readonly<Partial<Record<RadioFault, FaultCodes>>> | undefined
  /** How long anything expected may take, ms; default 10 000. Reached by failures only. */
  readonly patienceMs?: number | undefined
}

/** What `failed` has to say, by role. */
export interface FaultCodes {
  /** The code that a scan fails with, such as `bluetooth-off`. */
  readonly scan: string
  /** The code that an advert fails with. */
  readonly advertise: string
}
