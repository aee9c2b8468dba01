import type { RequestOptionsInput } from '../webauthn/authentication-json.js'
import { UsageError } from '../errors.js'
import { pageOptions } from '../webauthn/option-dictionaries.js'
import type { CreationMembers, RequestMembers } from '../webauthn/option-dictionaries.js'
import type { CreationOptionsInput } from '../webauthn/registration-json.js'
import { defaulted, dictionary, enumeration, isObject, optional } from '../webauthn/web-idl.js'
import type { Conversion } from '../webauthn/web-idl.js'
import type {
  PublicKeyCredentialCreationOptions,
  PublicKeyCredentialRequestOptions,
} from './page-dictionaries.js'
import { convertedForPage } from './rejections.js'

const MEDIATIONS = ['silent', 'optional', 'conditional', 'required'] as const

/** How much a request may ask of the user (Credential Management Level 1 section 2.3.2). */
export type CredentialMediationRequirement = (typeof MEDIATIONS)[number]

/** What `create` and `get` take beside the options of passkeys. */
export interface RequestManners {
  /** Ends the request, which rejects with the signal’s reason. */
  signal?: AbortSignal | undefined
  /** How much the request may ask of the user. `conditional` shows nothing here, `silent` gives null, the others ask. */
  mediation?: CredentialMediationRequirement | undefined
}

/** What `create` takes. */
export interface CredentialCreationOptions extends RequestManners {
  /** With bytes as they are, or as JSON has them. */
  publicKey?: PublicKeyCredentialCreationOptions | CreationOptionsInput | undefined
}

/** What `get` takes. */
export interface CredentialRequestOptions extends RequestManners {
  /** With bytes as they are, or as JSON has them. */
  publicKey?: PublicKeyCredentialRequestOptions | RequestOptionsInput | undefined
}

/** One request of a page, read. */
export interface PageRequest<Members> {
  readonly publicKey: Members
  readonly signal: AbortSignal | undefined
  readonly mediation: CredentialMediationRequirement
}

const MANNERS = { signal: optional(abortSignal), mediation: defaulted(enumeration(MEDIATIONS), 'optional') }
const mannersOf = dictionary<Omit<PageRequest<never>, 'publicKey'>>(MANNERS)

const creationRequest = requestOf(pageOptions.creation)
const assertionRequest = requestOf(pageOptions.request)

/** @throws the signal’s reason; UsageError `options-invalid`, `options-unsupported` where nothing asks for a passkey. */
export function readCreationRequest(options: unknown): PageRequest<CreationMembers> {
  return accepted(convertedForPage(() => creationRequest(options, 'options')))
}

/** @throws as `readCreationRequest` does. */
export function readAssertionRequest(options: unknown): PageRequest<RequestMembers> {
  return accepted(convertedForPage(() => assertionRequest(options, 'options')))
}

/** What a request for a digital credential has beside it. @throws the signal’s reason; UsageError `options-invalid`. */
export function readManners(options: unknown): Omit<PageRequest<never>, 'publicKey'> {
  const manners = convertedForPage(() => mannersOf(options, 'options'))
  manners.signal?.throwIfAborted()
  return manners
}

type Unaccepted<Members> = PageRequest<Members | undefined>

function requestOf<Members>(publicKey: Conversion<Members>): Conversion<Unaccepted<Members>> {
  return dictionary<Unaccepted<Members>>({ publicKey: optional(publicKey), ...MANNERS })
}

function accepted<Members>({ publicKey, signal, mediation }: Unaccepted<Members>): PageRequest<Members> {
  signal?.throwIfAborted()
  if (publicKey !== undefined) return { publicKey, signal, mediation }
  throw new UsageError('options-unsupported', 'options have no member publicKey')
}

/** An AbortSignal of any realm. */
function abortSignal(value: unknown, path: string): AbortSignal {
  if (isAbortSignal(value)) return value
  throw new UsageError('options-invalid', `${path} is not an AbortSignal`)
}

function isAbortSignal(value: unknown): value is AbortSignal {
  return isObject(value) && 'aborted' in value && 'addEventListener' in value
}
