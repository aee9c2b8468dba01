import type { Message, Variant } from '@jellybrick/dbus-next'
import { BusConnection } from '../../adapters/bluez/bus.js'
import { loadLibrary } from '../../adapters/bluez/library.js'
import type { DBusLibrary } from '../../adapters/bluez/library.js'
import {
  ADAPTER,
  BLUEZ,
  BUS,
  BUS_PATH,
  DEVICE,
  OBJECT_MANAGER,
  PROPERTIES,
} from '../../adapters/bluez/names.js'
import type { BleAdvertiser } from '../../ports/ble.js'

const ADAPTER_PATH = '/org/bluez/hci0'
const ADAPTER_ADDRESS = '00:AA:01:00:00:00'
const FIDO_SERVICE = '0000fff9-0000-1000-8000-00805f9b34fb'
const RSSI_DBM = -42

type Properties = Record<string, Variant>

/**
 * As much of `org.bluez` as a browser needs to hear adverts: one adapter that is switched on, and a device for each advert on the
 * air.
 */
export class BluezStandIn {
  readonly #library: DBusLibrary
  readonly #bus: BusConnection
  readonly #devices = new Map<string, Properties>()
  #lastDevice = 0

  private constructor(library: DBusLibrary, address: string) {
    this.#library = library
    const listener = { signal: () => undefined, lost: () => undefined }
    this.#bus = new BusConnection(library, address, listener)
    this.#bus.serve(call => this.#answer(call))
  }

  /** Comes up on the bus of that address. @throws UnsupportedError `package-missing`, ProximityError. */
  static async start(address: string): Promise<BluezStandIn> {
    const standIn = new BluezStandIn(await loadLibrary(), address)
    const call = { destination: BUS, path: BUS_PATH, interface: BUS, member: 'RequestName' }
    await standIn.#bus.call({ ...call, signature: 'su', body: [BLUEZ, 0] })
    return standIn
  }

  /** Settles when the connection to the bus is closed. */
  stop(): Promise<void> {
    return this.#bus.close()
  }

  /** The radio of a phone near the adapter. */
  advertiser(): BleAdvertiser {
    return {
      proximity: 'simulated',
      advertise: (serviceData, listener) => {
        const path = this.#appear(serviceData)
        listener.started()
        return {
          stop: () => {
            this.#vanish(path)
            return Promise.resolve()
          },
        }
      },
    }
  }

  #appear(serviceData: Uint8Array): string {
    const address = `C0:FF:EE:00:00:${(++this.#lastDevice).toString(16).padStart(2, '0').toUpperCase()}`
    const path = `${ADAPTER_PATH}/dev_${address.replaceAll(':', '_')}`
    const properties = this.#deviceProperties(address, serviceData)
    this.#devices.set(path, properties)
    this.#signal('/', OBJECT_MANAGER, 'InterfacesAdded', 'oa{sa{sv}}', [path, { [DEVICE]: properties }])
    return path
  }

  #vanish(path: string): void {
    if (this.#devices.delete(path))
      this.#signal('/', OBJECT_MANAGER, 'InterfacesRemoved', 'oas', [path, [DEVICE]])
  }

  #answer(call: Message): Message | undefined {
    const { member, path } = call
    if (path === '/' && member === 'GetManagedObjects')
      return this.#reply(call, 'a{oa{sa{sv}}}', this.#tree())
    if (path !== ADAPTER_PATH) return undefined
    // After the answer, as on a radio that hears what is on the air for a while already.
    if (member === 'StartDiscovery') setImmediate(() => this.#repeat())
    return ['SetDiscoveryFilter', 'StartDiscovery', 'StopDiscovery'].includes(member)
      ? this.#reply(call)
      : undefined
  }

  #reply(call: Message, signature = '', ...body: unknown[]): Message {
    return this.#library.Message.newMethodReturn(call, signature, body)
  }

  #repeat(): void {
    for (const [path, { RSSI, ServiceData }] of this.#devices)
      this.#signal(path, PROPERTIES, 'PropertiesChanged', 'sa{sv}as', [DEVICE, { RSSI, ServiceData }, []])
  }

  #tree(): Record<string, unknown> {
    const { Variant } = this.#library
    const adapter = {
      Address: new Variant('s', ADAPTER_ADDRESS),
      Powered: new Variant('b', true),
      Discovering: new Variant('b', false),
    }
    const devices = [...this.#devices].map(([path, properties]) => [path, { [DEVICE]: properties }] as const)
    return { [ADAPTER_PATH]: { [ADAPTER]: adapter }, ...Object.fromEntries(devices) }
  }

  #deviceProperties(address: string, serviceData: Uint8Array): Properties {
    const { Variant } = this.#library
    const data = { [FIDO_SERVICE]: new Variant('ay', Buffer.from(serviceData)) }
    return {
      Address: new Variant('s', address),
      AddressType: new Variant('s', 'random'),
      Adapter: new Variant('o', ADAPTER_PATH),
      RSSI: new Variant('n', RSSI_DBM),
      UUIDs: new Variant('as', [FIDO_SERVICE]),
      ServiceData: new Variant('a{sv}', data),
    }
  }

  #signal(path: string, ofInterface: string, name: string, signature: string, body: unknown[]): void {
    this.#bus.send(this.#library.Message.newSignal(path, ofInterface, name, signature, body))
  }
}
