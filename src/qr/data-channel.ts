/** What carries a transaction: a tunnel through a service on the internet, or an L2CAP channel of Bluetooth LE (protocol.md 16). */
export type DataChannelName = 'tunnel' | 'ble'

/**
 * Which data channels a device offers. `auto`: both, and Bluetooth LE first; `ble`: that alone, and no tunnel service is asked for
 * anything.
 */
export type DataChannelChoice = DataChannelName | 'auto'

/** The numbers of QR key 6 (protocol.md 3.2). */
const TUNNEL = 0
const BLE = 1

/** QR key 6 for a client’s choice; undefined for the tunnel alone, because older phones refuse a code that has the key. */
export function writtenChannels(choice: DataChannelChoice): readonly number[] | undefined {
  return choice === 'tunnel' ? undefined : [TUNNEL, BLE]
}

/** What a QR code says in its key 6, as far as it concerns data channels. */
interface Offer {
  readonly dataChannels?: readonly number[] | undefined
}

/** Whether a QR code offers the BLE data channel. */
export function offersBle({ dataChannels }: Offer): boolean {
  return dataChannels?.includes(BLE) === true
}

/** Whether a QR code offers the tunnel, as all do that do not say otherwise. */
export function offersTunnel({ dataChannels }: Offer): boolean {
  return dataChannels?.includes(TUNNEL) !== false
}
