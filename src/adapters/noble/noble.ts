/**
 * Hears adverts on macOS, Windows and Linux without BlueZ. Needs `@stoprocent/noble`, or (not on Windows) `@abandonware/noble`.
 * @module
 */
import type { BleScanner } from '../../ports/ble.js'
import { unfitError } from '../native/failure.js'
import { nativeSettings } from '../native/native-options.js'
import type { NativeOptions } from '../native/native-options.js'
import { givenModule } from '../native/radio-module.js'
import { NobleRadio } from './noble-radio.js'
import { hostedNoble } from './noble-module.js'
import type { NobleModule } from './noble-module.js'

export type { NativeOptions } from '../native/native-options.js'
export type { Done, RadioModule } from '../native/radio-module.js'
export type { NobleModule } from './noble-module.js'

/** Which noble to use, and how long to wait for it. */
export interface NobleScannerOptions extends NativeOptions {
  /**
   * A noble that you have loaded. It stays yours: it is not shut down after a scan, and keeps the process alive for as
   * long as it does. Unless given, noble is loaded into a child process on first use, which ends with the last scan.
   */
  readonly noble?: NobleModule | undefined
}

/**
 * Scans with noble: macOS, Windows, and Linux without BlueZ (environment variable `NOBLE_HCI_DEVICE_ID` picks the
 * adapter). The package is an optional peer. Scans at a time share one noble.
 *
 * A scan fails with UnsupportedError `package-missing` (not installed, or built for another Node), `package-unfit` (on Windows only
 * `@abandonware/noble` is installed) or `capability-missing` (not for this system), or with ProximityError `bluetooth-unavailable`, `bluetooth-off`,
 * `bluetooth-unauthorised`, `bluetooth-lost` or `ble-scan-failed`.
 *
 * @throws UnsupportedError `package-unfit` on Windows for the family `@abandonware`, unless `noble` is given.
 *
 * @example
 * const client = new HybridClient(nodePlatform({ scanner: nobleScanner() }))
 */
export function nobleScanner(options: NobleScannerOptions = {}): BleScanner {
  const settings = nativeSettings('noble', options)
  const [unfit] = settings.unfit
  if (options.noble === undefined && options.family !== undefined && unfit !== undefined)
    throw unfitError(unfit)
  const radio = new NobleRadio({
    role: { what: 'noble', failed: 'ble-scan-failed', gerund: 'scanning' },
    origin: options.noble === undefined ? hostedNoble(settings) : givenModule(options.noble),
    clock: settings.clock,
    startTimeoutMs: settings.startTimeoutMs,
    maxInterruptionMs: settings.maxInterruptionMs,
    release: noble =>
      new Promise(resolve => {
        noble.stopScanning(resolve)
      }),
  })
  return { proximity: 'bluetooth', scan: listener => radio.scan(listener) }
}
