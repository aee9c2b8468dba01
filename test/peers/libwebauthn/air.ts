import { MockBluez } from '../../support/mock-bluez.js'
import { startPrivateBus } from '../../support/private-bus.js'
import type { PrivateBus } from '../../support/private-bus.js'

/** As often as phones advertise at most. */
const INTERVAL_MS = 50
const PHONE_ADDRESS = '5A:FE:00:00:00:01'

/** A machine’s Bluetooth: a bus of its own with one adapter. */
export interface Radio {
  readonly bus: PrivateBus
  readonly bluez: MockBluez
}

/** What phones advertise on their Bluetooth is heard on that of laptops, again and again. */
export class AirBetween {
  readonly #laptops = new Set<Radio>()
  readonly phone: Radio
  readonly #timer: NodeJS.Timeout

  private constructor(phone: Radio) {
    this.phone = phone
    this.#timer = setInterval(() => this.#carry(), INTERVAL_MS)
  }

  static async start(): Promise<AirBetween> {
    const phone = await startRadio()
    // Two ways to advertise: an adapter of old, and one with room for a suffix.
    phone.bluez.addAdapter('hci1', { extended: true })
    return new AirBetween(phone)
  }

  /** A laptop’s Bluetooth. */
  async laptop(): Promise<Radio> {
    const radio = await startRadio()
    this.#laptops.add(radio)
    return radio
  }

  async leave(radio: Radio): Promise<void> {
    this.#laptops.delete(radio)
    await stopRadio(radio)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await stopRadio(this.phone)
  }

  #carry(): void {
    for (const { serviceData } of Object.values(this.phone.bluez.adverts))
      for (const [uuid, bytes] of Object.entries(serviceData)) this.#hear(uuid, bytes)
  }

  #hear(uuid: string, bytes: Uint8Array): void {
    for (const laptop of this.#laptops) hear(laptop, uuid, bytes)
  }
}

/** Has a Bluetooth hear a phone once. */
export function hear({ bluez }: Radio, uuid: string, bytes: Uint8Array): void {
  bluez.transmit(uuid, bytes, { address: PHONE_ADDRESS })()
}

/** A Bluetooth that hears nobody yet. */
export async function startRadio(): Promise<Radio> {
  const bus = await startPrivateBus()
  const bluez = await MockBluez.start(bus.address)
  bluez.removeAdapter('hci1')
  return { bus, bluez }
}

async function stopRadio({ bus, bluez }: Radio): Promise<void> {
  await bluez.stop()
  await bus.stop()
}
