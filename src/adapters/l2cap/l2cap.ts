/**
 * BLE data channels by sockets of the Linux kernel, without root. Needs the package `koffi`.
 * @module
 */
import type { Clock } from '../../ports/clock.js'
import type { DataChannelDialer, DataChannelListener } from '../../ports/data-channel.js'
import { systemClock } from '../system/system.js'
import { DialledChannel } from './dialled-channel.js'
import { L2CAP_SOCKETS } from './l2cap-sockets.js'
import { ListeningSocket } from './listening-socket.js'
import { notLinux } from './readiness.js'

/** How data channels are made. */
export interface L2capOptions {
  /** For tests. */
  readonly clock?: Clock | undefined
  /** For tests: on which system; this machine’s unless given. */
  readonly platform?: string | undefined
}

/**
 * Dials data channels over Bluetooth Low Energy, on Linux, without root: L2CAP sockets of the kernel, called through the package
 * `koffi`, an optional peer that is loaded on first use. Goes with `bluezScanner`, whose adverts say who sent them and which adapter
 * heard them.
 *
 * A channel fails with ProximityError `channel-unreachable`, `channel-lost` or `bluetooth-unauthorised`, or with UnsupportedError
 * `package-missing`, `package-unfit` or `capability-missing` (no Bluetooth in the kernel, or a container without `--network host`).
 *
 * @throws UnsupportedError `capability-missing` elsewhere than on Linux.
 *
 * @example
 * const dialer = l2capDialer()
 */
export function l2capDialer(options: L2capOptions = {}): DataChannelDialer {
  const clock = clockFor(options)
  return {
    proximity: 'bluetooth',
    dial: (to, psm, observer) => new DialledChannel(L2CAP_SOCKETS, clock, observer).dial(to, psm),
  }
}

/**
 * Takes data channels over Bluetooth Low Energy, as `l2capDialer` dials them; goes with `bluezAdvertiser`. A test bench, not a product:
 * the kernel may mix a channel that it takes with those of bluetoothd, unless `Channels = 1` stands under `[GATT]` in
 * /etc/bluetooth/main.conf.
 *
 * Fails with ProximityError `advertise-failed` or `bluetooth-unauthorised`, or with UnsupportedError `package-missing`, `package-unfit`
 * or `capability-missing`; a channel with ProximityError `channel-lost`.
 *
 * @throws UnsupportedError `capability-missing` elsewhere than on Linux.
 *
 * @example
 * const listener = l2capListener()
 */
export function l2capListener(options: L2capOptions = {}): DataChannelListener {
  const clock = clockFor(options)
  return {
    proximity: 'bluetooth',
    listen: listening => new ListeningSocket(L2CAP_SOCKETS, clock, listening).listen(),
  }
}

function clockFor({ clock = systemClock, platform = process.platform }: L2capOptions): Clock {
  if (platform !== 'linux') throw notLinux(platform)
  return clock
}
