import { CTAP_STATUS } from '../ctap/status.js'
import { CtapError, DecodeError } from '../errors.js'
import type { ErrorCode, ErrorKind, HybridError } from '../errors.js'

/** Names that `navigator.credentials.create()` and `get()` give to their failures (WebAuthn L3 sections 5.1.3, 5.1.4). */
export type WebAuthnErrorName =
  | 'AbortError'
  | 'ConstraintError'
  | 'EncodingError'
  | 'InvalidStateError'
  | 'NotAllowedError'
  | 'NotSupportedError'
  | 'OperationError'
  | 'SecurityError'
  | 'SyntaxError'
  | 'TypeError'
  | 'UnknownError'

/**
 * A failed ceremony, under the name that a browser would give to it; `cause` tells what happened.
 *
 * @example
 * try { await client.create(creationOptions, ceremony) } catch (error) {
 *   if (error instanceof WebAuthnError && error.name === 'InvalidStateError') console.log('registered before')
 * }
 */
export class WebAuthnError extends Error {
  override readonly name: WebAuthnErrorName
  override readonly cause: HybridError
  /** The code of the cause. */
  readonly code: ErrorCode

  constructor(name: WebAuthnErrorName, cause: HybridError) {
    super(cause.message)
    this.name = name
    this.cause = cause
    this.code = cause.code
  }
}

/** By class of error; browsers tell the page nothing about transports. */
const NAME_OF_KIND: Readonly<Record<ErrorKind, WebAuthnErrorName>> = {
  usage: 'TypeError',
  decode: 'UnknownError',
  protocol: 'UnknownError',
  handshake: 'NotAllowedError',
  tunnel: 'NotAllowedError',
  proximity: 'NotAllowedError',
  deadline: 'NotAllowedError',
  unsupported: 'NotSupportedError',
  ctap: 'UnknownError',
  store: 'UnknownError',
}

/** Where one code differs from its class. */
const NAME_OF_CODE: Readonly<Partial<Record<ErrorCode, WebAuthnErrorName>>> = {
  aborted: 'AbortError',
  'callback-failed': 'OperationError',
  'options-unsupported': 'NotSupportedError',
  'options-unsatisfiable': 'NotAllowedError',
  'prf-key-invalid': 'SyntaxError',
  'origin-invalid': 'SecurityError',
  'rp-id-mismatch': 'SecurityError',
  'session-misused': 'OperationError',
  'feature-missing': 'ConstraintError',
}

/** Statuses that say more than that something went wrong. */
const NAME_OF_STATUS: ReadonlyMap<number, WebAuthnErrorName> = new Map<number, WebAuthnErrorName>([
  [CTAP_STATUS.ERR_CREDENTIAL_EXCLUDED, 'InvalidStateError'],
  [CTAP_STATUS.ERR_UNSUPPORTED_ALGORITHM, 'NotSupportedError'],
  [CTAP_STATUS.ERR_UNSUPPORTED_OPTION, 'ConstraintError'],
  [CTAP_STATUS.ERR_INVALID_OPTION, 'ConstraintError'],
  [CTAP_STATUS.ERR_TIMEOUT, 'NotAllowedError'],
  [CTAP_STATUS.ERR_OPERATION_DENIED, 'NotAllowedError'],
  [CTAP_STATUS.ERR_KEEPALIVE_CANCEL, 'NotAllowedError'],
  [CTAP_STATUS.ERR_NO_CREDENTIALS, 'NotAllowedError'],
  [CTAP_STATUS.ERR_USER_ACTION_TIMEOUT, 'NotAllowedError'],
  [CTAP_STATUS.ERR_NOT_ALLOWED, 'NotAllowedError'],
  [CTAP_STATUS.ERR_PIN_INVALID, 'NotAllowedError'],
  [CTAP_STATUS.ERR_PIN_BLOCKED, 'NotAllowedError'],
  [CTAP_STATUS.ERR_PIN_AUTH_INVALID, 'NotAllowedError'],
  [CTAP_STATUS.ERR_PIN_AUTH_BLOCKED, 'NotAllowedError'],
  [CTAP_STATUS.ERR_PUAT_REQUIRED, 'NotAllowedError'],
  [CTAP_STATUS.ERR_ACTION_TIMEOUT, 'NotAllowedError'],
  [CTAP_STATUS.ERR_UP_REQUIRED, 'NotAllowedError'],
  [CTAP_STATUS.ERR_UV_BLOCKED, 'NotAllowedError'],
  [CTAP_STATUS.ERR_UV_INVALID, 'NotAllowedError'],
])

/** Puts a failure under the name that a browser would give to it. */
export function toWebAuthnError(cause: HybridError): WebAuthnError {
  return new WebAuthnError(nameOf(cause), cause)
}

function nameOf(error: HybridError): WebAuthnErrorName {
  if (error instanceof CtapError) return NAME_OF_STATUS.get(error.status) ?? NAME_OF_KIND.ctap
  // As parseCreationOptionsFromJSON() does with broken base64url (WebAuthn L3 section 5.1.9).
  if (error.code === 'options-invalid' && error.cause instanceof DecodeError) return 'EncodingError'
  return NAME_OF_CODE[error.code] ?? NAME_OF_KIND[error.kind]
}
