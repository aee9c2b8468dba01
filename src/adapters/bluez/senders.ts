import type { AdvertSender } from '../../ports/data-channel.js'
import type { AdapterLink } from './adapter-link.js'
import { ADAPTER } from './names.js'
import { member } from './values.js'

/** Devices in the vicinity of a long scan; past it, an advert may come without its sender. */
const MAX_REMEMBERED = 4096

/**
 * The senders behind the device paths of an adapter. A device says its address when it is new to bluetoothd; afterwards
 * its signals bring what has changed only.
 */
export class Senders {
  readonly #adapter: string | undefined
  readonly #known = new Map<string, AdvertSender>()

  constructor(link: AdapterLink) {
    const address = link.property(ADAPTER, 'Address')
    this.#adapter = typeof address === 'string' ? address : undefined
    for (const [path, properties] of link.devices()) this.of(path, properties)
  }

  /** @param properties those that a signal brings. @returns undefined for a device that has not said who it is. */
  of(path: string, properties: unknown): AdvertSender | undefined {
    const [address, addressType] = [member(properties, 'Address'), member(properties, 'AddressType')]
    if (typeof address !== 'string' || !isAddressType(addressType)) return this.#known.get(path)
    const sender = { address, addressType, adapter: this.#adapter }
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear()
    this.#known.set(path, sender)
    return sender
  }
}

function isAddressType(value: unknown): value is AdvertSender['addressType'] {
  return value === 'public' || value === 'random'
}
