import { ProximityError } from '../errors.js'
import type { UnsupportedError } from '../errors.js'
import type { Framing } from '../framing/stream-framer.js'
import type { DataChannelListener } from '../ports/data-channel.js'
import { offersBle, offersTunnel } from '../qr/data-channel.js'
import type { DataChannelChoice } from '../qr/data-channel.js'
import type { QrPayload } from '../qr/payload.js'

/** How a phone is reached without a tunnel (protocol.md 16). */
export interface PhoneDataChannelOptions {
  /** Takes BLE data channels. Undefined, or the reason, where this machine cannot. */
  readonly dataChannelListener?: DataChannelListener | UnsupportedError | undefined
  /**
   * What is offered to a client whose QR code has the BLE data channel: `tunnel` (default) ignores that; `auto` takes
   * data channels beside its tunnel, or without one where the tunnel service cannot be reached; `ble` dials no tunnel,
   * and fails with `channel-unreachable` for a code that does not offer the channel. Where this machine cannot listen,
   * `auto` means `tunnel`. Linked clients are always met in the tunnel.
   */
  readonly dataChannel?: DataChannelChoice | undefined
  /** How messages are told apart on BLE data channels; `crlf` for clients of early 2026, `length` unless given. */
  readonly framing?: Framing | undefined
}

/**
 * What the phone offers to the client of a QR code: of its own choice, what that client can take.
 * @throws ProximityError `channel-unreachable` where `ble` is chosen and the code does not have it.
 */
export function channelsFor(payload: QrPayload, choice: DataChannelChoice): DataChannelChoice {
  if (offersBle(payload)) return choice === 'auto' && !offersTunnel(payload) ? 'ble' : choice
  if (choice !== 'ble') return 'tunnel'
  throw new ProximityError('channel-unreachable', 'the QR code does not offer the BLE data channel')
}
