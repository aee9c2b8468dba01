import type { ErrorCode, ErrorKind, HybridError } from '../errors.js'
import type { WebAuthnErrorName } from './error-name.js'

/**
 * W3C Digital Credentials says: malformed requests and data are a TypeError, refusals by the user or the phone a
 * NotAllowedError, everything else an OperationError. We count a timeout, and a tunnel that the phone ends, as
 * refusals.
 */
const NAME_OF_KIND: Readonly<Partial<Record<ErrorKind, WebAuthnErrorName>>> = {
  usage: 'TypeError',
  deadline: 'NotAllowedError',
  wallet: 'NotAllowedError',
}

/** Where one code differs from its class. */
const NAME_OF_CODE: Readonly<Partial<Record<ErrorCode, WebAuthnErrorName>>> = {
  aborted: 'AbortError',
  'callback-failed': 'OperationError',
  'options-unsatisfiable': 'NotAllowedError',
  'origin-invalid': 'SecurityError',
  'session-misused': 'InvalidStateError',
  'peer-closed': 'NotAllowedError',
  'wallet-error': 'OperationError',
  'wallet-data-invalid': 'TypeError',
}

/** The name that a browser would give to the failure of a request for a digital credential (protocol.md 14.2 and 14.3). */
export function digitalErrorName(error: HybridError): WebAuthnErrorName {
  return NAME_OF_CODE[error.code] ?? NAME_OF_KIND[error.kind] ?? 'OperationError'
}
