import { Variant } from '@jellybrick/dbus-next'
import { dbusDictionary, member } from '../../src/adapters/bluez/values.js'
import { advertLength, longUuid } from './mock-bluez-air.js'
import type { Emission } from './mock-bluez-air.js'

const LEGACY_BYTES = 31
const EXTENDED_BYTES = 251

export interface MockAdapterOptions {
  readonly powered?: boolean
  /** Extended advertising: adverts of up to 251 bytes. */
  readonly extended?: boolean
  /** Whether it can advertise at all. */
  readonly advertising?: boolean
}

/** A D-Bus error that the mock answers. */
export class MockRefusal extends Error {
  readonly type: string
  constructor(type: string, text: string) {
    super(text)
    this.type = type
  }
}

/** What a client has asked to discover. */
export type DiscoveryFilter = Readonly<Record<string, unknown>>

/** An adapter of the mock: who discovers on it, and what it advertises. */
export class MockAdapter {
  readonly path: string
  readonly address: string
  powered: boolean
  readonly sessions: Map<string, DiscoveryFilter> = new Map()
  readonly filters: Map<string, DiscoveryFilter> = new Map()
  /** By `SENDER PATH`. */
  readonly adverts: Map<string, Emission> = new Map()
  readonly #extended: boolean
  readonly #advertising: boolean

  constructor(name: string, options: MockAdapterOptions = {}) {
    this.path = `/org/bluez/${name}`
    this.address = `00:AA:01:00:00:0${name.at(-1) ?? '0'}`
    this.powered = options.powered ?? true
    this.#extended = options.extended ?? false
    this.#advertising = options.advertising ?? true
  }

  /** As in `GetManagedObjects`. */
  interfaces(): Record<string, Record<string, Variant>> {
    const adapter = {
      Address: new Variant('s', this.address),
      AddressType: new Variant('s', 'public'),
      Name: new Variant('s', 'mock'),
      Alias: new Variant('s', 'mock'),
      Modalias: new Variant('s', 'usb:v1D6Bp0246d0537'),
      Powered: new Variant('b', this.powered),
      Discovering: new Variant('b', this.sessions.size > 0),
    }
    return {
      'org.bluez.Adapter1': adapter,
      ...(this.#advertising ? { 'org.bluez.LEAdvertisingManager1': this.#manager() } : {}),
    }
  }

  startDiscovery(client: string): void {
    if (!this.powered) throw new MockRefusal('org.bluez.Error.NotReady', 'Resource Not Ready')
    if (this.sessions.has(client))
      throw new MockRefusal('org.bluez.Error.InProgress', 'Operation already in progress')
    this.sessions.set(client, this.filters.get(client) ?? {})
  }

  stopDiscovery(client: string): void {
    if (!this.sessions.delete(client)) throw new MockRefusal('org.bluez.Error.Failed', 'No discovery started')
  }

  /** Whether somebody who discovers wants to hear of this. */
  reports(emission: Emission, isNew: boolean): boolean {
    return [...this.sessions.values()].some(filter => {
      const wanted = filter['UUIDs']
      const isWanted = !Array.isArray(wanted) || emission.uuids.some(uuid => wanted.includes(longUuid(uuid)))
      return isWanted && (isNew || filter['DuplicateData'] === true)
    })
  }

  /** What an advert object says, as bluetoothd reads it. */
  emissionOf(properties: unknown): Emission {
    const uuids = member(properties, 'ServiceUUIDs')
    const emission: Emission = {
      address: this.address,
      connectable: member(properties, 'Type') === 'peripheral',
      uuids: Array.isArray(uuids) ? uuids.map(String) : [],
      serviceData: Object.fromEntries(
        Object.keys(dbusDictionary(member(properties, 'ServiceData'))).map(uuid => [
          uuid,
          bytesOf(member(member(properties, 'ServiceData'), uuid)),
        ]),
      ),
    }
    const min = member(properties, 'MinInterval') ?? 0
    const max = member(properties, 'MaxInterval') ?? 0
    const isSound =
      ['broadcast', 'peripheral'].includes(String(member(properties, 'Type'))) && Number(min) <= Number(max)
    if (!isSound || advertLength(emission) > this.#limit(properties))
      throw new MockRefusal('org.bluez.Error.Failed', 'Failed to parse advertisement.')
    return emission
  }

  /** Versions before 5.66 keep to legacy adverts unless asked for a secondary channel. */
  #limit(properties: unknown): number {
    const channel = member(properties, 'SecondaryChannel')
    if (channel === undefined) return LEGACY_BYTES
    if (!this.#extended || channel !== '1M') return 0
    return EXTENDED_BYTES
  }

  #manager(): Record<string, Variant> {
    const most = this.#extended ? EXTENDED_BYTES : LEGACY_BYTES
    return {
      ActiveInstances: new Variant('y', this.adverts.size),
      SupportedInstances: new Variant('y', MAX_ADVERTS - this.adverts.size),
      SupportedCapabilities: new Variant('a{sv}', { MaxAdvLen: new Variant('y', most) }),
      ...(this.#extended ? { SupportedSecondaryChannels: new Variant('as', ['1M', '2M']) } : {}),
    }
  }
}

export const MAX_ADVERTS = 5

function bytesOf(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return value
  throw new MockRefusal('org.bluez.Error.Failed', 'Failed to parse advertisement.')
}
