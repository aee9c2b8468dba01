import { UnsupportedError } from '../errors.js'
import type { DataChannelChoice } from '../qr/data-channel.js'

/** The port for BLE data channels that a role is given; undefined, or the reason, where this machine has none. */
type MaybePort<Port> = Port | UnsupportedError | undefined

/** The port, if it is wanted and this machine has it. */
export function wantedPort<Port>(
  port: MaybePort<Port>,
  choice: DataChannelChoice = 'tunnel',
): Port | undefined {
  return choice === 'tunnel' || port instanceof UnsupportedError ? undefined : port
}

/**
 * The part of a role’s choice that it can do: without a port, `auto` becomes `tunnel`.
 * @param name of the port’s option.
 * @throws UnsupportedError: the reason why `ble` cannot be.
 */
export function possibleChoice(
  port: MaybePort<object>,
  choice: DataChannelChoice | undefined,
  name: string,
): DataChannelChoice {
  if (choice !== undefined && wantedPort(port, choice) !== undefined) return choice
  if (choice !== 'ble') return 'tunnel'
  if (port instanceof UnsupportedError) throw port
  throw new UnsupportedError('capability-missing', `dataChannel is ble, and this platform has no ${name}`)
}
