import type * as DBus from '@jellybrick/dbus-next'
import { UnsupportedError } from '../../errors.js'

export type DBusLibrary = typeof DBus

/** @throws UnsupportedError `package-missing`. */
export async function loadLibrary(): Promise<DBusLibrary> {
  try {
    return await import('@jellybrick/dbus-next')
  } catch (cause) {
    const message = 'Bluetooth through BlueZ needs the package @jellybrick/dbus-next'
    throw new UnsupportedError('package-missing', message, { cause })
  }
}
