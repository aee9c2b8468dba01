import type { CredentialDescriptor } from '../ctap/credential-descriptor.js'
import { PUBLIC_KEY } from '../ctap/credential-descriptor.js'
import { UsageError } from '../errors.js'
import type { PublicKeyCredentialHint, UserVerificationRequirement } from './credential-json.js'
import { isPublicKey, possiblePasskeys } from './descriptors.js'
import { parseAuthenticationExtensions } from './asked-extensions.js'
import type { AuthenticationExtensions } from './asked-extensions.js'
import { jsonOptions } from './option-dictionaries.js'
import { knownHints, requirement, unwrapped } from './options-json.js'

/** PublicKeyCredentialRequestOptions, checked, with every default in place. */
export interface RequestOptions {
  readonly challenge: Uint8Array
  /** Milliseconds. */
  readonly timeout: number | undefined
  readonly rpId: string | undefined
  /** Empty: any discoverable credential of the relying party. */
  readonly allowCredentials: readonly CredentialDescriptor[]
  readonly userVerification: UserVerificationRequirement
  readonly hints: readonly PublicKeyCredentialHint[]
  readonly extensions: AuthenticationExtensions
}

/**
 * Reads PublicKeyCredentialRequestOptionsJSON from a stranger as `PublicKeyCredential.parseRequestOptionsFromJSON()`
 * and then `navigator.credentials.get()` do: the conversions of Web IDL, unknown members and unknown words are ignored.
 * @throws UsageError that names the member: `options-invalid`; `options-unsupported` for a list of credentials of unknown
 * types only, and for extension inputs that do not fit; `options-unsatisfiable` for a list of empty IDs; `prf-key-invalid`.
 */
export function parseRequestOptions(json: unknown): RequestOptions {
  const options = jsonOptions.request(unwrapped(json), 'options')
  const allowCredentials = parseAllowed(options.allowCredentials)
  return {
    ...options,
    allowCredentials,
    hints: knownHints(options.hints),
    userVerification: requirement(options.userVerification) ?? 'preferred',
    extensions: parseAuthenticationExtensions(options.extensions, allowCredentials),
  }
}

/** A list without a possible passkey must not turn into no list, which would allow every passkey. */
function parseAllowed(given: readonly CredentialDescriptor[]): readonly CredentialDescriptor[] {
  const allowed = possiblePasskeys(given)
  if (allowed.length > 0 || given.length === 0) return allowed
  if (given.some(isPublicKey))
    throw new UsageError('options-unsatisfiable', 'options.allowCredentials has only IDs that are empty')
  throw new UsageError('options-unsupported', `options.allowCredentials has no element of type ${PUBLIC_KEY}`)
}
