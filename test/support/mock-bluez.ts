import { Message, MessageFlag, Variant } from '@jellybrick/dbus-next'
import type { MessageBus } from '@jellybrick/dbus-next'
import { dbusDictionary, unwrappedVariant } from '../../src/adapters/bluez/values.js'
import { connectTo } from './bus-monitor.js'
import { MAX_ADVERTS, MockAdapter, MockRefusal } from './mock-bluez-adapter.js'
import type { DiscoveryFilter, MockAdapterOptions } from './mock-bluez-adapter.js'
import { longUuid } from './mock-bluez-air.js'
import type { Emission } from './mock-bluez-air.js'

const OBJECT_MANAGER = 'org.freedesktop.DBus.ObjectManager'
const PROPERTIES = 'org.freedesktop.DBus.Properties'
const ADAPTER = 'org.bluez.Adapter1'
const DEVICE = 'org.bluez.Device1'
const ADVERTISEMENT = 'org.bluez.LEAdvertisement1'
const SENDER = 'C0:FF:EE:00:00:00'
const RSSI = -42

/** What is said of a device that was only heard. */
const STRANGER = Object.fromEntries(
  ['Paired', 'Connected', 'ServicesResolved', 'Trusted', 'Blocked', 'LegacyPairing'].map(name => [
    name,
    new Variant('b', false),
  ]),
)

type Properties = Record<string, Variant>
/** Signature and value of an answer; undefined for an empty one. */
type Answer = readonly [signature: string, value: unknown] | undefined

/**
 * As much of `org.bluez` as scanning and advertising need, with two adapters that hear each other. What is said once is
 * kept, as bluetoothd keeps devices; what a client leaves behind goes when the client does.
 */
export class MockBluez {
  readonly #bus: MessageBus
  readonly #adapters = new Map<string, MockAdapter>()
  readonly #transmissions = new Set<Emission>()
  readonly #devices = new Map<string, Properties>()
  readonly #silent = new Set<string>()
  readonly #before = new Map<string, () => void>()
  #refusal: MockRefusal | undefined
  readonly #queued = new Map<string, MockRefusal[]>()
  /** The methods that clients have called, but for reading the tree. */
  readonly calls: string[] = []

  private constructor(bus: MessageBus) {
    this.#bus = bus
    bus.addMethodHandler(call => {
      void this.#answer(call)
      return true
    })
    bus.on('message', ({ member, body: [name, , owner] }) => {
      if (member === 'NameOwnerChanged' && owner === '') this.#forgetClient(String(name))
    })
  }

  /** Comes up on a bus as bluetoothd would. */
  static async start(address: string): Promise<MockBluez> {
    const bus = await connectTo(address)
    const mock = new MockBluez(bus)
    await mock.#call(
      'org.freedesktop.DBus',
      '/org/freedesktop/DBus',
      'org.freedesktop.DBus',
      'AddMatch',
      's',
      ["type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg2=''"],
    )
    await bus.requestName('org.bluez')
    mock.reset()
    return mock
  }

  /** Gives up the name and the connection. */
  async stop(): Promise<void> {
    await this.#bus.releaseName('org.bluez')
    this.#bus.disconnect()
  }

  /** Everything as in the beginning: hci0 and hci1, switched on; nothing on the air, no fault. */
  reset(): void {
    this.#transmissions.clear()
    this.#devices.clear()
    this.#silent.clear()
    this.#before.clear()
    this.#refusal = undefined
    this.#queued.clear()
    this.calls.length = 0
    this.#adapters.clear()
    for (const name of ['hci0', 'hci1']) this.#adapters.set(name, new MockAdapter(name))
  }

  addAdapter(name: string, options: MockAdapterOptions = {}): void {
    const adapter = new MockAdapter(name, options)
    this.#adapters.set(name, adapter)
    this.#signal('/', OBJECT_MANAGER, 'InterfacesAdded', 'oa{sa{sv}}', [adapter.path, adapter.interfaces()])
  }

  removeAdapter(name: string): void {
    const adapter = this.#adapter(name)
    this.#adapters.delete(name)
    for (const key of adapter.adverts.keys()) this.release(key)
    this.#signal('/', OBJECT_MANAGER, 'InterfacesRemoved', 'oas', [
      adapter.path,
      Object.keys(adapter.interfaces()),
    ])
  }

  setPowered(name: string, powered: boolean): void {
    const adapter = this.#adapter(name)
    adapter.powered = powered
    if (!powered) adapter.sessions.clear()
    const changed = { Powered: new Variant('b', powered), Discovering: new Variant('b', false) }
    this.#signal(adapter.path, PROPERTIES, 'PropertiesChanged', 'sa{sv}as', [ADAPTER, changed, []])
  }

  /** Answers everything that would use the radio with this error. */
  refuse(type: string, text = 'refused'): void {
    this.#refusal = new MockRefusal(type, text)
  }

  /** Answers everything again as it should. */
  relent(): void {
    this.#refusal = undefined
  }

  /** Answers the next calls of a method with errors, one after the other. */
  refuseNext(method: string, ...refusals: readonly (readonly [type: string, text?: string])[]): void {
    const queue = refusals.map(([type, text = 'refused']) => new MockRefusal(type, text))
    this.#queued.set(method, queue)
  }

  /** Does something before a method is answered. */
  before(method: string, act: () => void): void {
    this.#before.set(method, act)
  }

  /** Never answers a method. */
  silence(method: string): void {
    this.#silent.add(method)
  }

  /** Tells a client that its advert is off the air: `SENDER PATH`. */
  release(advert: string): void {
    const [destination = '', path = ''] = advert.split(' ')
    for (const { adverts } of this.#adapters.values()) adverts.delete(advert)
    const { NO_REPLY_EXPECTED: flags } = MessageFlag
    const call = { destination, path, interface: ADVERTISEMENT, member: 'Release', flags }
    this.#bus.send(new Message(call))
  }

  /** Puts service data on the air near all adapters; the result takes it off. */
  transmit(
    uuid: string,
    serviceData: Uint8Array,
    given: { address?: string | undefined; uuids?: string[] } = {},
  ): () => void {
    const { address = SENDER, uuids = [uuid] } = given
    const emission = { address, uuids, serviceData: { [uuid]: Buffer.from(serviceData) } }
    this.#transmissions.add(emission)
    this.#spread(emission)
    return () => this.#transmissions.delete(emission)
  }

  /** Sends everything on the air once more, as radios do. */
  repeat(): void {
    for (const emission of this.#transmissions) this.#spread(emission)
    for (const { adverts } of this.#adapters.values())
      for (const emission of adverts.values()) this.#spread(emission)
  }

  /** Who discovers, with what filter, by `ADAPTER CLIENT`. */
  get sessions(): Readonly<Record<string, DiscoveryFilter>> {
    const all = [...this.#adapters].flatMap(([name, { sessions }]) =>
      [...sessions].map(([client, filter]) => [`${name} ${client}`, filter] as const),
    )
    return Object.fromEntries(all)
  }

  /** Adverts that clients have registered, by `CLIENT PATH`. */
  get adverts(): Readonly<Record<string, Emission>> {
    return Object.fromEntries([...this.#adapters.values()].flatMap(({ adverts }) => [...adverts]))
  }

  async #answer(call: Message): Promise<void> {
    if (this.#silent.has(call.member)) return
    try {
      const [signature, value] = (await this.#perform(call)) ?? []
      this.#before.get(call.member)?.()
      const body = signature === undefined ? [] : [value]
      this.#bus.send(Message.newMethodReturn(call, signature ?? '', body))
    } catch (error) {
      if (!(error instanceof MockRefusal)) throw error
      this.#bus.send(Message.newError(call, error.type, error.message))
    }
  }

  async #perform(call: Message): Promise<Answer> {
    const { member, path, sender, body } = call
    if (path === '/' && member === 'GetManagedObjects') return ['a{oa{sa{sv}}}', this.#tree()]
    if (member === 'GetAll') return ['a{sv}', this.#propertiesOf(path, String(body[0]))]
    this.calls.push(member)
    const refusal = this.#refusal ?? this.#queued.get(member)?.shift()
    if (refusal !== undefined) throw refusal
    const adapter = [...this.#adapters.values()].find(each => each.path === path)
    if (adapter === undefined) throw new MockRefusal('org.freedesktop.DBus.Error.UnknownObject', path)
    switch (member) {
      case 'SetDiscoveryFilter':
        adapter.filters.set(sender, filterOf(body[0]))
        return undefined
      case 'Set':
        adapter.powered ||= unwrappedVariant(body[2]) === true
        return undefined
      case 'StartDiscovery':
        adapter.startDiscovery(sender)
        // After the answer, as on a real radio.
        setImmediate(() => {
          this.repeat()
        })
        return undefined
      case 'StopDiscovery':
        adapter.stopDiscovery(sender)
        return undefined
      case 'RegisterAdvertisement':
        await this.#register(adapter, sender, String(body[0]))
        return undefined
      case 'UnregisterAdvertisement':
        if (adapter.adverts.delete(`${sender} ${String(body[0])}`)) return undefined
        throw new MockRefusal('org.bluez.Error.DoesNotExist', 'Does Not Exist')
      default:
        throw new MockRefusal('org.freedesktop.DBus.Error.UnknownMethod', member)
    }
  }

  /** Reads the advert from its owner, in the order of bluetoothd: the tree (it may have none), then the properties. */
  async #register(adapter: MockAdapter, client: string, path: string): Promise<void> {
    const key = `${client} ${path}`
    if (adapter.adverts.has(key)) throw new MockRefusal('org.bluez.Error.AlreadyExists', 'Already Exists')
    if (adapter.adverts.size >= MAX_ADVERTS)
      throw new MockRefusal('org.bluez.Error.NotPermitted', 'Maximum advertisements reached')
    await this.#call(client, path, OBJECT_MANAGER, 'GetManagedObjects').catch(() => undefined)
    const { body } = await this.#call(client, path, PROPERTIES, 'GetAll', 's', [ADVERTISEMENT])
    const emission = adapter.emissionOf(body[0])
    adapter.adverts.set(key, emission)
    const power = [ADVERTISEMENT, 'TxPower', new Variant('n', 7)]
    void this.#call(client, path, PROPERTIES, 'Set', 'ssv', power).catch(() => undefined)
    setImmediate(() => {
      this.#spread(emission)
    })
  }

  #spread(emission: Emission): void {
    for (const adapter of this.#adapters.values())
      if (adapter.address !== emission.address) this.#deliver(adapter, emission)
  }

  #deliver(adapter: MockAdapter, emission: Emission): void {
    const path = `${adapter.path}/dev_${emission.address.replaceAll(':', '_')}`
    const known = this.#devices.get(path)
    const properties = deviceProperties(adapter, emission)
    if (!adapter.reports(emission, !sameServiceData(known, properties))) return
    this.#devices.set(path, properties)
    if (known === undefined) {
      this.#signal('/', OBJECT_MANAGER, 'InterfacesAdded', 'oa{sa{sv}}', [path, { [DEVICE]: properties }])
      return
    }
    const { RSSI: rssi, ServiceData: serviceData } = properties
    const changed = { RSSI: rssi, ServiceData: serviceData }
    this.#signal(path, PROPERTIES, 'PropertiesChanged', 'sa{sv}as', [DEVICE, changed, []])
  }

  #tree(): Record<string, Record<string, Properties>> {
    const adapters = [...this.#adapters.values()].map(each => [each.path, each.interfaces()] as const)
    const devices = [...this.#devices].map(([path, properties]) => [path, { [DEVICE]: properties }] as const)
    return Object.fromEntries([...adapters, ...devices])
  }

  #propertiesOf(path: string, ofInterface: string): Properties {
    const properties = this.#tree()[path]?.[ofInterface]
    if (properties === undefined) throw new MockRefusal('org.freedesktop.DBus.Error.UnknownObject', path)
    return properties
  }

  #forgetClient(client: string): void {
    for (const { sessions, filters, adverts } of this.#adapters.values()) {
      sessions.delete(client)
      filters.delete(client)
      for (const key of adverts.keys()) if (key.startsWith(`${client} `)) adverts.delete(key)
    }
  }

  #adapter(name: string): MockAdapter {
    const adapter = this.#adapters.get(name)
    if (adapter === undefined) throw new Error(`the mock has no ${name}`)
    return adapter
  }

  async #call(
    destination: string,
    path: string,
    ofInterface: string,
    member: string,
    signature = '',
    body: unknown[] = [],
  ): Promise<Message> {
    const call = { destination, path, interface: ofInterface, member, signature, body }
    const reply = await this.#bus.call(new Message(call))
    if (reply === null) throw new Error('a call without reply')
    return reply
  }

  #signal(path: string, ofInterface: string, name: string, signature: string, body: unknown[]): void {
    this.#bus.send(Message.newSignal(path, ofInterface, name, signature, body))
  }
}

function filterOf(given: unknown): DiscoveryFilter {
  return Object.fromEntries(
    Object.entries(dbusDictionary(given)).map(([name, value]) => [name, unwrappedVariant(value)]),
  )
}

function deviceProperties(adapter: MockAdapter, { address, uuids, serviceData }: Emission): Properties {
  const data = Object.entries(serviceData).map(([uuid, bytes]) => [
    longUuid(uuid),
    new Variant('ay', Buffer.from(bytes)),
  ])
  return {
    Address: new Variant('s', address),
    AddressType: new Variant('s', 'random'),
    Adapter: new Variant('o', adapter.path),
    ...STRANGER,
    RSSI: new Variant('n', RSSI),
    UUIDs: new Variant('as', uuids.map(longUuid)),
    ServiceData: new Variant('a{sv}', Object.fromEntries(data)),
  }
}

function sameServiceData(one: Properties | undefined, other: Properties): boolean {
  return JSON.stringify(one?.['ServiceData']) === JSON.stringify(other['ServiceData'])
}
