import type { Message } from '@jellybrick/dbus-next'
import { encodeHex } from '../../bytes/hex.js'
import type { CodeOf } from '../../errors.js'
import { ADVERT_SERVICE_UUIDS } from '../../ports/ble.js'
import type { AdvertReport, AdvertServiceUuid, BleScanListener } from '../../ports/ble.js'
import type { AdapterLink } from './adapter-link.js'
import type { Reach } from './engagement.js'
import { ADAPTER, BLUEZ, DEVICE, OBJECT_MANAGER, PROPERTIES } from './names.js'
import type { BluezOptions } from './options.js'
import { RadioUse } from './radio-use.js'
import { Senders } from './senders.js'
import { dbusDictionary, member as memberOf, unwrappedVariant } from './values.js'

/** How BlueZ writes a 16-bit UUID. */
const LONG_UUID = /^0000([0-9a-f]{4})-0000-1000-8000-00805f9b34fb$/
/** A crowd of phones; past it, an advert may be told twice. */
const MAX_REMEMBERED = 4096

/** A scan: adverts as bluetoothd tells them, each payload of a sender once. */
export class Discovery extends RadioUse {
  public override readonly needs: string = ADAPTER
  public override readonly failure: CodeOf<'proximity'> = 'ble-scan-failed'
  readonly #listener: BleScanListener
  readonly #heard = new Set<string>()
  /** Another program may be scanning already: what comes before our own start waits for it. */
  #early: AdvertReport[] | undefined
  #senders: Senders | undefined

  constructor(options: BluezOptions, listener: BleScanListener) {
    super(options, listener)
    this.#listener = listener
  }

  public override async prepare({ link, bus }: Reach): Promise<void> {
    this.#early = []
    this.#senders = new Senders(link)
    await Promise.all([
      bus.addMatch(
        `type='signal',sender='${BLUEZ}',interface='${OBJECT_MANAGER}',member='InterfacesAdded',arg0path='${link.path}/'`,
      ),
      bus.addMatch(
        `type='signal',sender='${BLUEZ}',interface='${PROPERTIES}',member='PropertiesChanged',path_namespace='${link.path}',arg0='${DEVICE}'`,
      ),
    ])
  }

  /**
   * The filter has no UUIDs: BlueZ would look for them in the list of UUIDs, and hide adverts with service data only.
   * Duplicates are wanted: without them, what an address sends is told once (protocol.md 5.6).
   */
  public override async begin({ link, library: { Variant } }: Reach): Promise<void> {
    const filter = { Transport: new Variant('s', 'le'), DuplicateData: new Variant('b', true) }
    await link.call(ADAPTER, 'SetDiscoveryFilter', 'a{sv}', [filter])
    await link.call(ADAPTER, 'StartDiscovery')
  }

  /**
   * bluetoothd 5.66 also stops the one discovery that is left when a client with a filter disconnects after its own
   * stop; a client without a filter does not cause that.
   */
  public override async end(link: AdapterLink): Promise<void> {
    await link.call(ADAPTER, 'StopDiscovery')
    await link.call(ADAPTER, 'SetDiscoveryFilter', 'a{sv}', [{}])
  }

  protected override begun(): void {
    const early = this.#early ?? []
    this.#early = undefined
    for (const report of early) this.#tell(report)
  }

  public override hear(signal: Message): void {
    const properties = devicePropertiesIn(signal)
    if (properties === undefined) return
    const from = this.#senders?.of(devicePathIn(signal), properties)
    for (const report of reportsIn(properties)) {
      const key = `${report.uuid} ${encodeHex(report.serviceData)} ${from?.address}`
      if (this.#heard.has(key)) continue
      if (this.#heard.size >= MAX_REMEMBERED) this.#heard.clear()
      this.#heard.add(key)
      if (this.#early === undefined) this.#tell({ ...report, from })
      else this.#early.push({ ...report, from })
    }
  }

  #tell(report: AdvertReport): void {
    if (!this.isOver()) this.#listener.advert(report)
  }
}

/** Service data under our UUIDs. */
function reportsIn(properties: unknown): readonly AdvertReport[] {
  const serviceData = dbusDictionary(memberOf(properties, 'ServiceData'))
  return Object.entries(serviceData).flatMap(([name, value]) => {
    const uuid = advertUuid(name)
    const bytes = unwrappedVariant(value)
    if (uuid === undefined || !(bytes instanceof Uint8Array) || bytes.length === 0) return []
    return [{ uuid, serviceData: new Uint8Array(bytes) }]
  })
}

/** What a signal says of a device; the match rules let none through of another adapter. */
function devicePropertiesIn({ member, body: [first, second] }: Message): unknown {
  if (member === 'InterfacesAdded') return dbusDictionary(second)[DEVICE]
  return member === 'PropertiesChanged' && first === DEVICE ? second : undefined
}

function devicePathIn({ member, path, body: [first] }: Message): string {
  return String(member === 'InterfacesAdded' ? first : path)
}

function advertUuid(name: string): AdvertServiceUuid | undefined {
  const short = LONG_UUID.exec(name.toLowerCase())?.[1]
  return ADVERT_SERVICE_UUIDS.find(uuid => uuid === short)
}
