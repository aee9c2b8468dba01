import type { AdvertSender } from '../advert/sender.js'
import type { ClientOutput } from './client-io.js'

/** At all of them together a stranger near the phone can keep a client for half a minute. */
const MAX_DIALS = 3

/**
 * The BLE data channels that one client session dials. An advert’s suffix and its sender are not authenticated: anybody near can send
 * the phone’s advert again, and lead the client to a device that cannot answer (protocol.md 5.4).
 */
export class DialledChannels {
  readonly #liars = new Set<string>()
  #count = 0
  #last = ''

  /** Whether one more may be dialled. */
  get isOneLeft(): boolean {
    return this.#count < MAX_DIALS
  }

  dial(to: AdvertSender, psm: number): Extract<ClientOutput, { type: 'dial-channel' }> {
    this.#count += 1
    this.#last = nameOf(to)
    return { type: 'dial-channel', channel: this.#count, to, psm }
  }

  /** The last one led to a device that is not the phone. */
  remember(): void {
    this.#liars.add(this.#last)
  }

  isLiar(from: AdvertSender | undefined): boolean {
    return from !== undefined && this.#liars.has(nameOf(from))
  }
}

function nameOf({ address, addressType }: AdvertSender): string {
  return `${addressType} ${address}`
}
