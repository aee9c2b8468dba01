import { ProximityError } from '../../errors.js'
import type { CodeOf } from '../../errors.js'
import type { AdvertiseOptions, RadioListener } from '../../ports/ble.js'
import type { AdapterLink } from './adapter-link.js'
import { ADVERT_PATH, AdvertObject } from './advert-object.js'
import type { Reach } from './engagement.js'
import { ADVERTISING_MANAGER } from './names.js'
import type { BluezOptions } from './options.js'
import { RadioUse } from './radio-use.js'
import { dbusDictionary, unwrappedVariant } from './values.js'

/** What every adapter can send in one advert. */
const LEGACY_ADVERT_BYTES = 31
/** Length, type and the 16-bit UUID: once in the list of UUIDs, once before the service data. */
const UUID_LIST_BYTES = 4
const SERVICE_DATA_HEADER_BYTES = 4
/** The length of a part of an advert is one byte and counts its type. */
const MAX_SERVICE_DATA_BYTES = 252
/** Extended adverts continue on a secondary channel; every adapter that has one can do this. */
const SECONDARY_CHANNEL = '1M'

/** An advert without flags: one UUID and its service data, or, where others may connect, the service data alone. */
export class Broadcast extends RadioUse {
  public override readonly needs: string = ADVERTISING_MANAGER
  public override readonly failure: CodeOf<'proximity'> = 'advertise-failed'
  readonly #serviceData: Uint8Array
  readonly #connectable: boolean

  constructor(
    options: BluezOptions,
    serviceData: Uint8Array,
    listener: RadioListener,
    { connectable = false }: AdvertiseOptions = {},
  ) {
    super(options, listener)
    this.#serviceData = new Uint8Array(serviceData)
    this.#connectable = connectable
  }

  /** @throws ProximityError `advert-too-long`. */
  public override prepare({ link, bus, library, lose }: Reach): Promise<void> {
    const { length } = this.#serviceData
    if (this.#connectable) requireLegacy(length)
    const advert = new AdvertObject(library, this.#serviceData, {
      connectable: this.#connectable,
      secondaryChannel: this.#connectable ? undefined : secondaryChannel(link, length),
    })
    bus.serve(call => {
      if (!link.isFromOwner(call)) return undefined
      if (advert.isRelease(call))
        lose(new ProximityError('bluetooth-lost', 'the Bluetooth service took the advert off the air'))
      return advert.answer(call)
    })
    return Promise.resolve()
  }

  public override begin({ link }: Reach): Promise<void> {
    return link.call(ADVERTISING_MANAGER, 'RegisterAdvertisement', 'oa{sv}', [ADVERT_PATH, {}])
  }

  public override end(link: AdapterLink): Promise<void> {
    return link.call(ADVERTISING_MANAGER, 'UnregisterAdvertisement', 'o', [ADVERT_PATH])
  }

  protected override begun(): void {
    // On the air; the listener knows.
  }

  public override hear(): void {
    // An advert hears nothing.
  }
}

/**
 * Checks the length for a legacy advert. BlueZ also refuses longer data in an extended one. @throws ProximityError
 * `advert-too-long`.
 */
function requireLegacy(length: number): void {
  if (length > LEGACY_ADVERT_BYTES - SERVICE_DATA_HEADER_BYTES)
    throw tooLong('a connectable advert', LEGACY_ADVERT_BYTES - SERVICE_DATA_HEADER_BYTES, length)
}

/** The secondary channel that this much service data needs; undefined for a legacy advert. */
function secondaryChannel(link: AdapterLink, length: number): string | undefined {
  const advertLength = UUID_LIST_BYTES + SERVICE_DATA_HEADER_BYTES + length
  if (advertLength <= LEGACY_ADVERT_BYTES) return undefined
  const most = maxServiceDataBytes(link)
  if (length <= most) return SECONDARY_CHANNEL
  throw tooLong('an advert of this adapter', most, length)
}

function tooLong(what: string, most: number, length: number): ProximityError {
  const message = `${what} holds at most ${most} bytes of service data, not ${length}`
  return new ProximityError('advert-too-long', message)
}

function maxServiceDataBytes(link: AdapterLink): number {
  const channels = link.property(ADVERTISING_MANAGER, 'SupportedSecondaryChannels')
  const isExtended = Array.isArray(channels) && channels.includes(SECONDARY_CHANNEL)
  const capabilities = dbusDictionary(link.property(ADVERTISING_MANAGER, 'SupportedCapabilities'))
  const most = unwrappedVariant(capabilities['MaxAdvLen'])
  const bytes = isExtended && typeof most === 'number' ? most : LEGACY_ADVERT_BYTES
  return Math.min(bytes - UUID_LIST_BYTES - SERVICE_DATA_HEADER_BYTES, MAX_SERVICE_DATA_BYTES)
}
