import type { Message, Variant } from '@jellybrick/dbus-next'
import type { DBusLibrary } from './library.js'
import { ADVERTISEMENT, INTROSPECTABLE, PROPERTIES } from './names.js'

/** Each advert has a connection of its own, so the name need not differ. */
export const ADVERT_PATH = '/org/fido_hybrid/advert'

/**
 * BlueZ’s own default is an advert every 1.28 s. Versions before 5.57 take these numbers for units of 0.625 ms; both
 * readings give 100 ms or more, the least that every adapter accepts.
 */
const MIN_INTERVAL_MS = 160
const MAX_INTERVAL_MS = 240

const INVALID_ARGUMENTS = 'org.freedesktop.DBus.Error.InvalidArgs'
const INTROSPECTION = `<node><interface name="${ADVERTISEMENT}"><method name="Release"/><property name="Type" type="s" access="read"/><property name="ServiceUUIDs" type="as" access="read"/><property name="ServiceData" type="a{sv}" access="read"/></interface></node>`

/** What an advert is beside its service data. */
export interface AdvertForm {
  readonly connectable: boolean
  /** That of an extended advert. */
  readonly secondaryChannel: string | undefined
}

/** The object that bluetoothd reads an advert from: doc/org.bluez.LEAdvertisement.rst of BlueZ. */
export class AdvertObject {
  readonly #library: DBusLibrary
  readonly #properties: Readonly<Record<string, Variant>>

  constructor(library: DBusLibrary, serviceData: Uint8Array, { connectable, secondaryChannel }: AdvertForm) {
    const { Variant } = library
    this.#library = library
    this.#properties = {
      Type: new Variant('s', connectable ? 'peripheral' : 'broadcast'),
      // There is no room for it beside the suffix of a data channel.
      ...(connectable ? {} : { ServiceUUIDs: new Variant('as', ['fff9']) }),
      ServiceData: new Variant('a{sv}', { fff9: new Variant('ay', Buffer.from(serviceData)) }),
      MinInterval: new Variant('u', MIN_INTERVAL_MS),
      MaxInterval: new Variant('u', MAX_INTERVAL_MS),
      ...(secondaryChannel === undefined ? {} : { SecondaryChannel: new Variant('s', secondaryChannel) }),
    }
  }

  /** Says that the advert is off the air already. */
  isRelease(call: Message): boolean {
    return call.path === ADVERT_PATH && call.interface === ADVERTISEMENT && call.member === 'Release'
  }

  /** Undefined for calls that are not for this object, or unknown to it. */
  answer(call: Message): Message | undefined {
    if (call.path !== ADVERT_PATH) return undefined
    switch (`${call.interface}.${call.member}`) {
      case `${PROPERTIES}.GetAll`:
        return this.#reply(call, 'a{sv}', this.#all(call.body[0]))
      case `${PROPERTIES}.Get`:
        return this.#get(call)
      case `${INTROSPECTABLE}.Introspect`:
        return this.#reply(call, 's', INTROSPECTION)
      case `${ADVERTISEMENT}.Release`:
        return this.#library.Message.newMethodReturn(call)
      default:
        return undefined
    }
  }

  #get(call: Message): Message {
    const [ofInterface, name] = call.body
    const value = typeof name === 'string' ? this.#all(ofInterface)[name] : undefined
    return value === undefined
      ? this.#library.Message.newError(call, INVALID_ARGUMENTS, 'no such property')
      : this.#reply(call, 'v', value)
  }

  #all(ofInterface: unknown): Readonly<Record<string, Variant>> {
    return ofInterface === ADVERTISEMENT ? this.#properties : {}
  }

  #reply(call: Message, signature: string, value: unknown): Message {
    return this.#library.Message.newMethodReturn(call, signature, [value])
  }
}
