import { CTAP_STATUS } from '../ctap/status.js'
import { CtapError, DecodeError } from '../errors.js'
import type { ErrorCode, ErrorKind, Fault, HybridError } from '../errors.js'
import { digitalErrorName } from './digital-error-names.js'
import type { WebAuthnErrorName } from './error-name.js'

export type { WebAuthnErrorName } from './error-name.js'

/** Which of the two calls failed. */
export type CeremonyKind = 'create' | 'get'

/** One of these two calls, or a request for a digital credential. */
export type FailedCeremony = CeremonyKind | 'digital'

/** What a failed ceremony tells beside its message. */
interface Failure {
  readonly name: WebAuthnErrorName
  readonly cause: HybridError
  /** The code of the cause. */
  readonly code: ErrorCode
  /** The side that has to act. */
  readonly fault: Fault
  /** What to do about it, one sentence. */
  readonly cure: string
}

/** `DOMException`, or what stands in for it where the runtime has none. */
interface ExceptionClass {
  new (message: string, name: string): Error
  readonly prototype: Error
}

class NamedError extends Error {
  constructor(message: string, name: string) {
    super(message)
    this.name = name
  }
}

const platform: { readonly DOMException?: ExceptionClass } = globalThis
const Exception: ExceptionClass = platform.DOMException ?? NamedError

const BRAND = Symbol.for('fido-hybrid.webauthn-error')

/**
 * A failed ceremony, under the name that a browser would give to it; `cause` tells what happened. It is a DOMException, or a
 * TypeError under that name, as in a browser; where the runtime has no DOMException, an Error. `instanceof` works for all of
 * them, and across two copies of the package.
 *
 * @example
 * try { await client.create(creationOptions, ceremony) } catch (error) {
 *   if (error instanceof WebAuthnError && error.name === 'InvalidStateError') console.error(error.cure)
 * }
 */
export class WebAuthnError extends Exception implements Failure {
  override readonly name: WebAuthnErrorName
  /** What happened, by its code. Pages are not told it. */
  override readonly cause: HybridError
  /** The code of the cause; not the number that a DOMException has. */
  readonly code: ErrorCode
  readonly fault: Fault
  readonly cure: string

  constructor(name: WebAuthnErrorName, cause: HybridError) {
    super(cause.message, name)
    const { code, fault, cure } = cause
    this.name = name
    this.cause = cause
    this.code = code
    this.fault = fault
    this.cure = cure
    Object.defineProperty(this, BRAND, { value: true })
    if (this.stack === undefined)
      Object.defineProperty(this, 'stack', { value: stackOf(this), writable: true, configurable: true })
  }

  /** @internal */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value
  }
}

/** Where it is made; the DOMException of Bun 1.4 has no stack. */
function stackOf({ name, message }: Error): string {
  const [, ...calls] = (new Error().stack ?? '').split('\n')
  return [`${name}: ${message}`, ...calls].join('\n')
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
  wallet: 'UnknownError',
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
  'account-not-chosen': 'NotAllowedError',
  'session-misused': 'OperationError',
  'feature-missing': 'ConstraintError',
  'extension-missing': 'NotAllowedError',
}

/** Statuses with a WebAuthn name of their own. */
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

/** Names that `get` never gives (WebAuthn L3 section 5.1.4): they are about making a passkey. */
const NAMES_OF_CREATE: ReadonlySet<WebAuthnErrorName> = new Set(['ConstraintError', 'InvalidStateError'])

/**
 * Puts a failure under the name that a browser would give to it.
 * @returns what `instanceof WebAuthnError` holds for.
 */
export function toWebAuthnError(cause: HybridError, ceremony: FailedCeremony): Error & Failure {
  const named = ceremony === 'digital' ? digitalErrorName(cause) : nameOf(cause)
  const name = ceremony === 'get' && NAMES_OF_CREATE.has(named) ? 'NotAllowedError' : named
  return name === 'TypeError' ? typeError(cause) : new WebAuthnError(name, cause)
}

function typeError(cause: HybridError): TypeError & Failure {
  const { code, fault, cure } = cause
  const error = new TypeError(cause.message, { cause })
  Object.defineProperty(error, BRAND, { value: true })
  return Object.assign(error, { name: 'TypeError' as const, cause, code, fault, cure })
}

function nameOf(error: HybridError): WebAuthnErrorName {
  if (error instanceof CtapError) return NAME_OF_STATUS.get(error.status) ?? NAME_OF_KIND.ctap
  // As parseCreationOptionsFromJSON() does with broken base64url (WebAuthn L3 section 5.1.9).
  if (error.code === 'options-invalid' && error.cause instanceof DecodeError) return 'EncodingError'
  return NAME_OF_CODE[error.code] ?? NAME_OF_KIND[error.kind]
}
