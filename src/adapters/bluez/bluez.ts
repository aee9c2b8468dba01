/**
 * Bluetooth on Linux over D-Bus, for both roles, without root. Needs the package `@jellybrick/dbus-next`.
 * @module
 */
import type { BleAdvertiser, BleScanner } from '../../ports/ble.js'
import { Broadcast } from './broadcast.js'
import { Discovery } from './discovery.js'
import type { BluezOptions } from './options.js'

export type { BluezOptions } from './options.js'

/**
 * Hears adverts through BlueZ, side by side with everything else that uses Bluetooth and without root.
 * Needs the package `@jellybrick/dbus-next`, loaded on first use. Each scan has a D-Bus connection of its own: when it
 * goes, also because the process ends, bluetoothd drops the discovery. Each advert says who sent it and which adapter heard it.
 *
 * Fails with ProximityError `bluetooth-unavailable`, `bluetooth-off`, `bluetooth-unauthorised`, `bluetooth-lost` or
 * `ble-scan-failed`, UnsupportedError `package-missing`.
 *
 * @example
 * const client = new HybridClient({ ...nodePlatform(), scanner: bluezScanner({ adapter: 'hci1' }) })
 */
export function bluezScanner(options: BluezOptions = {}): BleScanner {
  return { proximity: 'bluetooth', scan: listener => new Discovery(options, listener).start() }
}

/**
 * Sends an advert through BlueZ, without root. Service data of up to 23 bytes fits into every adapter’s adverts, more
 * into those with extended advertising; a connectable advert, as a data channel needs, holds up to 27 bytes and no list of UUIDs. Needs the package `@jellybrick/dbus-next`, loaded on first use. Each advert has
 * a D-Bus connection of its own: when it goes, also because the process ends, bluetoothd takes the advert off the air.
 *
 * Fails with ProximityError `advert-too-long`, `bluetooth-unavailable`, `bluetooth-off`, `bluetooth-unauthorised`,
 * `bluetooth-lost` or `advertise-failed`, UnsupportedError `package-missing` or `capability-missing`.
 *
 * @example
 * const phone = new HybridAuthenticator({ ...nodePlatform(), advertiser: bluezAdvertiser({ adapter: 'hci1' }), handler })
 */
export function bluezAdvertiser(options: BluezOptions = {}): BleAdvertiser {
  return {
    proximity: 'bluetooth',
    advertise: (serviceData, listener, advert) =>
      new Broadcast(options, serviceData, listener, advert).start(),
  }
}
