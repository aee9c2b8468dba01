import type { Message } from '@jellybrick/dbus-next'
import { ProximityError, UnsupportedError } from '../../errors.js'
import type { BusConnection } from './bus.js'
import { ADAPTER, BLUEZ, BUS, BUS_PATH, DEVICE, OBJECT_MANAGER, PROPERTIES } from './names.js'
import { dbusDictionary, member } from './values.js'
import type { Dictionary } from './values.js'

const OWNER_RULE = `type='signal',sender='${BUS}',path='${BUS_PATH}',interface='${BUS}',member='NameOwnerChanged',arg0='${BLUEZ}'`

/** A Bluetooth adapter, and the way to it. */
export class AdapterLink {
  /** Such as `/org/bluez/hci0`. */
  readonly path: string
  readonly #bus: BusConnection
  /** The unique name of bluetoothd; signals of other senders are ignored. */
  readonly #owner: string
  readonly #interfaces: Dictionary
  /** Everything that bluetoothd has, as it was when the link was made. */
  readonly #tree: Dictionary

  constructor(bus: BusConnection, owner: string, path: string, tree: Dictionary) {
    this.path = path
    this.#bus = bus
    this.#owner = owner
    this.#interfaces = dbusDictionary(tree[path])
    this.#tree = tree
  }

  /** What bluetoothd knew of the devices of this adapter, by their paths. */
  devices(): readonly (readonly [path: string, properties: unknown])[] {
    return Object.entries(this.#tree)
      .filter(([path]) => path.startsWith(`${this.path}/`))
      .map(([path, interfaces]) => [path, dbusDictionary(interfaces)[DEVICE]])
  }

  has(anInterface: string): boolean {
    return anInterface in this.#interfaces
  }

  /** A property of the adapter, as it was when the link was made. */
  property(ofInterface: string, name: string): unknown {
    return member(this.#interfaces[ofInterface], name)
  }

  async call(
    ofInterface: string,
    method: string,
    signature = '',
    body: readonly unknown[] = [],
  ): Promise<void> {
    const call = { destination: BLUEZ, path: this.path, interface: ofInterface, member: method }
    await this.#bus.call({ ...call, signature, body })
  }

  /** Asks for the signals that `lossIn` understands. */
  async watch(): Promise<void> {
    await Promise.all([
      this.#bus.addMatch(
        `type='signal',sender='${BLUEZ}',interface='${OBJECT_MANAGER}',member='InterfacesRemoved',arg0path='${this.path}'`,
      ),
      this.#bus.addMatch(
        `type='signal',sender='${BLUEZ}',interface='${PROPERTIES}',member='PropertiesChanged',path='${this.path}',arg0='${ADAPTER}'`,
      ),
    ])
  }

  isFromOwner(message: Message): boolean {
    return message.sender === this.#owner
  }

  /** What a signal says about the loss of the adapter or of the whole service. */
  lossIn(signal: Message): ProximityError | undefined {
    const [first, second, third] = signal.body
    if (signal.sender === BUS && signal.member === 'NameOwnerChanged' && first === BLUEZ)
      return third === this.#owner ? undefined : lost('the Bluetooth service went away')
    if (!this.isFromOwner(signal)) return undefined
    if (signal.member === 'InterfacesRemoved' && first === this.path)
      return namesAdapter(second) ? lost('the Bluetooth adapter was removed') : undefined
    const isAboutPower =
      signal.member === 'PropertiesChanged' && signal.path === this.path && first === ADAPTER
    return isAboutPower && member(second, 'Powered') === false ? off(this.path) : undefined
  }
}

/** Which adapter is wanted, and which interface it must have beside `Adapter1`. */
export interface AdapterWish {
  readonly name: string | undefined
  readonly needs: string
}

/**
 * Finds the adapter: the one of that name, or the first that is switched on. Of the devices that BlueZ knows only the addresses
 * are read: what they sent was on the air some time ago.
 * @returns `bluetooth-unavailable` or `bluetooth-off` when it is not there, or not on. @throws UnsupportedError `capability-missing`.
 */
export async function linkAdapter(
  bus: BusConnection,
  wish: AdapterWish,
): Promise<AdapterLink | ProximityError> {
  const [reply] = await Promise.all([
    bus.call({ destination: BLUEZ, path: '/', interface: OBJECT_MANAGER, member: 'GetManagedObjects' }),
    bus.addMatch(OWNER_RULE),
  ])
  const tree = dbusDictionary(reply.body[0])
  const candidates = Object.keys(tree)
    .map(path => new AdapterLink(bus, reply.sender, path, tree))
    .filter(link => link.has(ADAPTER))
    .filter(({ path }) => wish.name === undefined || path.endsWith(`/${wish.name}`))
    .sort((one, other) => one.path.localeCompare(other.path))
  return choose(candidates, wish)
}

function choose(candidates: readonly AdapterLink[], wish: AdapterWish): AdapterLink | ProximityError {
  const [first] = candidates
  if (first === undefined)
    return new ProximityError('bluetooth-unavailable', `BlueZ has no Bluetooth adapter${named(wish)}`)
  const powered = candidates.filter(link => link.property(ADAPTER, 'Powered') === true)
  if (powered.length === 0) return off(first.path)
  const able = powered.find(link => link.has(wish.needs))
  if (able === undefined)
    throw new UnsupportedError(
      'capability-missing',
      `the Bluetooth adapter${named(wish)} has no ${wish.needs}`,
    )
  return able
}

function named({ name }: AdapterWish): string {
  return name === undefined ? '' : ` ${name}`
}

function namesAdapter(interfaces: unknown): boolean {
  return Array.isArray(interfaces) && interfaces.includes(ADAPTER)
}

function lost(message: string): ProximityError {
  return new ProximityError('bluetooth-lost', message)
}

function off(path: string): ProximityError {
  return new ProximityError(
    'bluetooth-off',
    `the Bluetooth adapter ${path.replace(/^.*\//, '')} is switched off`,
  )
}
