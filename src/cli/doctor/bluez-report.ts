import { BusConnection } from '../../adapters/bluez/bus.js'
import { failureOf } from '../../adapters/bluez/failure.js'
import { loadLibrary } from '../../adapters/bluez/library.js'
import { within } from '../../async/within.js'
import { ADAPTER, BLUEZ, BUS, BUS_PATH, OBJECT_MANAGER } from '../../adapters/bluez/names.js'
import { dbusDictionary, member } from '../../adapters/bluez/values.js'
import type { HybridError } from '../../errors.js'
import { ProximityError } from '../../errors.js'

/** How far one gets on the way to a Bluetooth adapter through BlueZ. */
export interface BluezReport {
  /** Why the system bus cannot be reached. */
  readonly bus?: HybridError
  /** Why the Bluetooth service does not answer. */
  readonly service?: HybridError
  readonly adapters: readonly BluezAdapter[]
}

interface BluezAdapter {
  /** Such as `hci0`. */
  readonly name: string
  readonly powered: boolean
}

const LIMIT_MS = 3000

/** Asks the bus that `DBUS_SYSTEM_BUS_ADDRESS` names, or the system’s own, for its adapters. Gives up after 3 s. */
export async function askBluez(): Promise<BluezReport> {
  let connection: BusConnection | undefined
  try {
    const bus = (connection = new BusConnection(await loadLibrary(), undefined, NOBODY))
    await answered(bus.call({ destination: BUS, path: BUS_PATH, interface: BUS, member: 'GetId' }))
    return await askService(bus)
  } catch (cause) {
    return { bus: failureOf(cause, 'bluetooth-unavailable'), adapters: [] }
  } finally {
    await connection?.close()
  }
}

const NOBODY = { signal: (): void => undefined, lost: (): void => undefined }

async function askService(bus: BusConnection): Promise<BluezReport> {
  try {
    const call = { destination: BLUEZ, path: '/', interface: OBJECT_MANAGER, member: 'GetManagedObjects' }
    const reply = await answered(bus.call(call))
    return { adapters: adaptersIn(reply.body[0]) }
  } catch (cause) {
    return { service: failureOf(cause, 'bluetooth-unavailable'), adapters: [] }
  }
}

function answered<Reply>(reply: Promise<Reply>): Promise<Reply> {
  return within(
    LIMIT_MS,
    reply,
    () => new ProximityError('bluetooth-unavailable', `no answer within ${LIMIT_MS} ms`),
  )
}

function adaptersIn(objects: unknown): readonly BluezAdapter[] {
  return Object.entries(dbusDictionary(objects))
    .map(([path, interfaces]) => ({ path, adapter: dbusDictionary(interfaces)[ADAPTER] }))
    .filter(({ adapter }) => adapter !== undefined)
    .map(({ path, adapter }) => ({
      name: path.replace(/^.*\//, ''),
      powered: member(adapter, 'Powered') === true,
    }))
    .sort((one, other) => one.name.localeCompare(other.name))
}
