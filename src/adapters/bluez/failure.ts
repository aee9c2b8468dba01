import { HybridError, ProximityError } from '../../errors.js'
import type { CodeOf } from '../../errors.js'

type ProximityCode = CodeOf<'proximity'>

/**
 * What kept an adapter from being used. `busy`: it answers, and does something else for the moment. `away`: it is off,
 * or not there. `refused`: another try will not help.
 */
export interface Setback {
  readonly kind: 'busy' | 'away' | 'refused'
  readonly error: HybridError
}

/** D-Bus error names, or how they begin, and what they mean here. The first that fits counts. */
const MEANINGS: readonly (readonly [start: string, code: ProximityCode])[] = [
  ['org.freedesktop.DBus.Error.ServiceUnknown', 'bluetooth-unavailable'],
  ['org.freedesktop.DBus.Error.NameHasNoOwner', 'bluetooth-unavailable'],
  ['org.freedesktop.DBus.Error.Spawn.', 'bluetooth-unavailable'],
  ['org.freedesktop.DBus.Error.NoReply', 'bluetooth-unavailable'],
  ['org.freedesktop.DBus.Error.TimedOut', 'bluetooth-unavailable'],
  ['org.freedesktop.systemd1.', 'bluetooth-unavailable'],
  ['org.freedesktop.DBus.Error.AccessDenied', 'bluetooth-unauthorised'],
  ['org.freedesktop.DBus.Error.AuthFailed', 'bluetooth-unauthorised'],
  ['org.freedesktop.DBus.Error.InteractiveAuthorizationRequired', 'bluetooth-unauthorised'],
  ['org.bluez.Error.NotAuthorized', 'bluetooth-unauthorised'],
  ['org.bluez.Error.NotReady', 'bluetooth-off'],
  ['org.bluez.Error.Blocked', 'bluetooth-off'],
  ['org.bluez.Error.InvalidLength', 'advert-too-long'],
  // The adapter was there a moment ago.
  ['org.freedesktop.DBus.Error.UnknownObject', 'bluetooth-lost'],
  ['org.freedesktop.DBus.Error.UnknownInterface', 'bluetooth-lost'],
  ['org.freedesktop.DBus.Error.UnknownMethod', 'bluetooth-lost'],
]

/** What went wrong with a scan or an advert; `otherwise` where nothing more is known. */
export function failureOf(cause: unknown, otherwise: ProximityCode): HybridError {
  if (cause instanceof HybridError) return cause
  const name = errorName(cause)
  const code = MEANINGS.find(([start]) => name.startsWith(start))?.[1] ?? otherwise
  return new ProximityError(code, `the Bluetooth service answered ${name}`, { cause })
}

/** Names of answers after which another try may succeed. Of `Failed` only the text tells that. */
const BUSY = /^org\.bluez\.Error\.(?:InProgress|NotReady|Busy)$/
const BUSY_TEXT = /\b(?:busy|in progress|not ready)\b/i

const AWAY: readonly string[] = ['bluetooth-off', 'bluetooth-lost']

/** Why a try did not succeed, and whether another may. */
export function setbackOf(cause: unknown, otherwise: ProximityCode): Setback {
  const error = failureOf(cause, otherwise)
  if (isBusy(cause)) return { kind: 'busy', error }
  return { kind: AWAY.includes(error.code) ? 'away' : 'refused', error }
}

function isBusy(cause: unknown): boolean {
  const name = errorName(cause)
  if (BUSY.test(name)) return true
  return name === 'org.bluez.Error.Failed' && cause instanceof Error && BUSY_TEXT.test(cause.message)
}

/** Why the connection to the bus failed, or was lost. */
export function busFailure(cause: unknown, wasConnected: boolean): ProximityError {
  if (wasConnected)
    return new ProximityError('bluetooth-lost', 'the connection to the system bus is lost', { cause })
  return isRefusal(cause)
    ? new ProximityError('bluetooth-unauthorised', 'the system bus refuses this program', { cause })
    : new ProximityError('bluetooth-unavailable', 'this machine has no system bus for Bluetooth', {
        cause,
      })
}

function errorName(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  return 'type' in cause && typeof cause.type === 'string' ? cause.type : cause.name
}

/** The kernel’s words, or those of the bus: `authentication failed: REJECTED …`. */
function isRefusal(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  if (cause.message.startsWith('authentication failed')) return true
  return 'code' in cause && (cause.code === 'EACCES' || cause.code === 'EPERM')
}
