import { ProximityError } from '../errors.js'
import type { Proximity } from '../ports/ble.js'
import { isLoopback } from '../ports/loopback.js'
import type { DataChannelChoice } from '../qr/data-channel.js'
import type { TunnelDialer } from '../ports/tunnel-dialer.js'

/** What a role may do without a radio. */
export interface NearnessOptions {
  /**
   * Lets a simulated radio meet peers through a tunnel service elsewhere. Then nothing shows that the other device is near:
   * a person anywhere who gets hold of the QR code can take part. Default: such a ceremony fails with
   * `proximity-unproven`.
   */
  readonly allowUnprovenProximity?: boolean | undefined
}

/** How a ceremony would reach the other device. */
export interface TunnelReach extends NearnessOptions {
  readonly radio: { readonly proximity: Proximity }
  readonly dialer: TunnelDialer
  /** Base of the tunnel service. */
  readonly url: string
  /** What dials or takes BLE data channels; undefined where none is used. */
  readonly channels?: { readonly proximity: Proximity } | undefined
  /** Whether the tunnel service is used at all. */
  readonly dataChannel: DataChannelChoice
}

/**
 * Refuses to play nearness for devices that may be anywhere, and data channels of another radio than the one that adverts come from.
 * @throws ProximityError `proximity-unproven`.
 */
export function assertNearness({
  radio,
  dialer,
  url,
  channels,
  dataChannel,
  allowUnprovenProximity = false,
}: TunnelReach): void {
  if (channels !== undefined && channels.proximity !== radio.proximity) throw mixed(radio, channels)
  // A simulated radio reaches this machine alone.
  if (dataChannel === 'ble') return
  if (radio.proximity === 'bluetooth' || dialer.staysInProcess === true || allowUnprovenProximity) return
  const { hostname } = new URL(url)
  if (isLoopback(hostname)) return
  throw new ProximityError(
    'proximity-unproven',
    `the radio is simulated, and the tunnel service ${hostname} is not on loopback`,
  )
}

function mixed(radio: TunnelReach['radio'], channels: TunnelReach['radio']): ProximityError {
  return new ProximityError(
    'proximity-unproven',
    `the radio is ${radio.proximity}, and its data channels are ${channels.proximity}`,
  )
}
