import type { CryptoProvider, EcdhKey } from '../crypto/provider.js'
import type { Framing } from '../framing/stream-framer.js'
import type { UnsupportedError } from '../errors.js'
import type { DataChannelDialer } from '../ports/data-channel.js'
import type { DataChannelChoice } from '../qr/data-channel.js'

/** How a client reaches a phone without a tunnel (protocol.md 16). */
export interface ClientDataChannelOptions {
  /** Opens BLE data channels. Undefined, or the reason, where this machine cannot. */
  readonly dataChannelDialer?: DataChannelDialer | UnsupportedError | undefined
  /**
   * What QR codes offer to the phone: `tunnel` (default), `auto`, or `ble`. With `auto` and `ble` the code offers data
   * channels of Bluetooth LE, and older phones refuse such a code. A phone that takes them is dialled, and no tunnel
   * service is asked for anything. With a phone that does not take them, or cannot be reached, `auto` dials the tunnel,
   * and `ble` fails with `channel-unreachable`. Where this machine cannot dial, `auto` means `tunnel`. Linked phones
   * are always reached through the tunnel.
   */
  readonly dataChannel?: DataChannelChoice | undefined
  /** How messages are told apart on BLE data channels; `crlf` for phones of early 2026, `length` unless given. */
  readonly framing?: Framing | undefined
}

/** As many as a session may dial channels that lead to other devices than the phone. */
const SPARE_KEYS = 3

/** Key pairs for the handshakes after the first. */
export function spareKeys(
  crypto: CryptoProvider,
  { dataChannel }: { readonly dataChannel: DataChannelChoice },
): readonly EcdhKey[] {
  return dataChannel === 'tunnel' ? [] : Array.from({ length: SPARE_KEYS }, () => crypto.generateEcdhKey())
}
