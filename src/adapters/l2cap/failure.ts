import { HybridError, ProximityError, UnsupportedError } from '../../errors.js'
import { SystemCallError } from './system-calls.js'

const NO_BLUETOOTH: readonly string[] = ['EAFNOSUPPORT', 'EPROTONOSUPPORT', 'ESOCKTNOSUPPORT']
const FORBIDDEN: readonly string[] = ['EACCES', 'EPERM']
/** Every end of a stream of L2CAP is one of these, a clean one too. */
const ENDS: readonly string[] = ['ECONNRESET', 'EPIPE']

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the phone takes no data channel there',
  EHOSTUNREACH: 'the Bluetooth adapter is off or gone',
  EHOSTDOWN: 'the phone is not there',
  ETIMEDOUT: 'the phone did not answer',
  EACCES: 'the system wants the phone to be paired first',
}

/** Why a channel was not opened. */
export function dialFailure(cause: unknown): HybridError {
  const known = commonFailure(cause)
  if (known !== undefined) return known
  const reason = cause instanceof SystemCallError ? REASONS[cause.code] : undefined
  return new ProximityError(
    'channel-unreachable',
    `${reason ?? 'the data channel could not be opened'}${codeOf(cause)}`,
    { cause },
  )
}

/** Why no channel can be taken. */
export function listenFailure(cause: unknown): HybridError {
  const known = commonFailure(cause)
  if (known !== undefined) return known
  return new ProximityError('advertise-failed', `no data channel can be taken${codeOf(cause)}`, { cause })
}

/** Why an open channel broke. */
export function lossFailure(cause: unknown): ProximityError {
  return new ProximityError('channel-lost', `the data channel broke off${codeOf(cause)}`, { cause })
}

/** Whether a call failed because the peer has closed. */
export function isEnd({ code }: SystemCallError): boolean {
  return ENDS.includes(code)
}

/** What holds for both roles: no package, no Bluetooth sockets, or no leave to make one. */
function commonFailure(cause: unknown): HybridError | undefined {
  if (cause instanceof HybridError) return cause
  if (!(cause instanceof SystemCallError) || cause.call !== 'socket') return undefined
  if (NO_BLUETOOTH.includes(cause.code))
    return new UnsupportedError(
      'capability-missing',
      `this system gives programs no Bluetooth sockets (${cause.code}): its kernel has none, or this is a container, which needs --network host`,
      { cause },
    )
  if (!FORBIDDEN.includes(cause.code)) return undefined
  return new ProximityError(
    'bluetooth-unauthorised',
    `this program may not open Bluetooth sockets (${cause.code})`,
    { cause },
  )
}

function codeOf(cause: unknown): string {
  return cause instanceof SystemCallError ? ` (${cause.call}: ${cause.code})` : ''
}
