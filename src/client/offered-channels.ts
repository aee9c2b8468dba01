import type { CryptoProvider, EcdhKey } from '../crypto/provider.js'
import type { Framing } from '../framing/stream-framer.js'
import type { UnsupportedError } from '../errors.js'
import type { DataChannelDialer } from '../ports/data-channel.js'
import type { DataChannelChoice } from '../qr/data-channel.js'

/** How a client may be reached without a tunnel (protocol.md 16). */
export interface ClientDataChannelOptions {
  /** Opens BLE data channels. Undefined, or the reason, where this machine cannot. */
  readonly dataChannelDialer?: DataChannelDialer | UnsupportedError | undefined
  /**
   * What QR codes offer to the phone: `tunnel` (default), `auto`, or `ble`. With `auto` and `ble` the code says that the phone may take
   * data channels of Bluetooth LE, and older phones refuse such a code. A phone that does is dialled, and no tunnel service is asked for
   * anything. Where it does not, or cannot be reached, `auto` dials the tunnel, and `ble` fails with `channel-unreachable`. `auto` is
   * `tunnel` where this machine cannot dial; linked phones are reached through the tunnel whatever this says.
   */
  readonly dataChannel?: DataChannelChoice | undefined
  /** How messages are told apart on BLE data channels; `crlf` for phones of early 2026, `length` unless given. */
  readonly framing?: Framing | undefined
}

/** What a session needs when channels lead to devices that are not the phone: as many as it dials. */
const SPARE_KEYS = 3

/** Key pairs for the handshakes after the first. */
export function spareKeys(
  crypto: CryptoProvider,
  { dataChannel }: { readonly dataChannel: DataChannelChoice },
): readonly EcdhKey[] {
  return dataChannel === 'tunnel' ? [] : Array.from({ length: SPARE_KEYS }, () => crypto.generateEcdhKey())
}
