/**
 * Sends adverts on Linux without BlueZ. Needs `@stoprocent/bleno`, or `@abandonware/bleno`.
 * @module
 */
import { UnsupportedError } from '../../errors.js'
import type { BleAdvertiser } from '../../ports/ble.js'
import { BlenoRadio } from './bleno-radio.js'
import { hostedBleno } from './bleno-module.js'
import type { BlenoModule } from './bleno-module.js'
import { nativeSettings } from '../native/native-options.js'
import type { NativeOptions } from '../native/native-options.js'
import { givenModule } from '../native/radio-module.js'

export type { NativeOptions } from '../native/native-options.js'
export type { Done, RadioModule } from '../native/radio-module.js'
export type { BlenoModule } from './bleno-module.js'

/** Which bleno to use, and how long to wait for it. */
export interface BlenoAdvertiserOptions extends NativeOptions {
  /**
   * A bleno that you have loaded. It stays yours: it is not shut down after an advert, and keeps the process alive for
   * as long as it does. Unless given, bleno is loaded into a child process on first use, which ends with the advert.
   */
  readonly bleno?: BlenoModule | undefined
}

/**
 * Advertises with bleno: Linux without BlueZ (environment variable `BLENO_HCI_DEVICE_ID` picks the adapter). The
 * package is an optional peer. One advert at a time, of at most 20 bytes.
 *
 * An advert fails with UnsupportedError `package-missing` (not installed, or built for another Node) or
 * `capability-missing` (not for this system, or the advert is to be connectable), or with ProximityError `advert-too-long`, `bluetooth-unavailable`,
 * `bluetooth-off`, `bluetooth-unauthorised`, `bluetooth-lost` or `advertise-failed`.
 *
 * @throws UnsupportedError `capability-missing` on macOS, unless `bleno` is given.
 *
 * @example
 * const phone = new HybridAuthenticator({ ...nodePlatform({ advertiser: blenoAdvertiser() }), handler })
 */
export function blenoAdvertiser(options: BlenoAdvertiserOptions = {}): BleAdvertiser {
  if (options.bleno === undefined && (options.platform ?? process.platform) === 'darwin')
    throw new UnsupportedError('capability-missing', 'macOS lets no program advertise service data')
  const settings = nativeSettings('bleno', options)
  const radio = new BlenoRadio({
    role: { what: 'bleno', failed: 'advertise-failed', gerund: 'advertising' },
    origin: options.bleno === undefined ? hostedBleno(settings) : givenModule(options.bleno),
    clock: settings.clock,
    startTimeoutMs: settings.startTimeoutMs,
    maxInterruptionMs: settings.maxInterruptionMs,
    release: bleno =>
      new Promise(resolve => {
        bleno.stopAdvertising(resolve)
      }),
  })
  return {
    proximity: 'bluetooth',
    advertise: (serviceData, listener, advert) => radio.advertise(serviceData, listener, advert),
  }
}
