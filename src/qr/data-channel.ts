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

/** What the QR code of a client says of its choice: that of the tunnel alone says nothing, since older phones refuse the key. */
export function writtenChannels(choice: DataChannelChoice): readonly number[] | undefined {
  return choice === 'tunnel' ? undefined : [TUNNEL, BLE]
}

/** Whether a QR code offers the BLE data channel. */
export function offersBle({
  dataChannels,
}: {
  readonly dataChannels?: readonly number[] | undefined
}): boolean {
  return dataChannels?.includes(BLE) === true
}
