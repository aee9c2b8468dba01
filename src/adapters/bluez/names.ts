/** The names of BlueZ’s D-Bus interface: doc/org.bluez.*.rst of BlueZ. */
export const BLUEZ = 'org.bluez'
export const ADAPTER = 'org.bluez.Adapter1'
export const DEVICE = 'org.bluez.Device1'
export const ADVERTISING_MANAGER = 'org.bluez.LEAdvertisingManager1'
export const ADVERTISEMENT = 'org.bluez.LEAdvertisement1'

/** The names of the D-Bus specification. */
export const BUS = 'org.freedesktop.DBus'
export const BUS_PATH = '/org/freedesktop/DBus'
export const PROPERTIES = 'org.freedesktop.DBus.Properties'
export const OBJECT_MANAGER = 'org.freedesktop.DBus.ObjectManager'
export const INTROSPECTABLE = 'org.freedesktop.DBus.Introspectable'
