import type { CredentialDescriptor } from '../ctap/credential-descriptor.js'
import { CHALLENGE_BYTES, parseHints, parseUserVerification } from './creation-options.js'
import type { PublicKeyCredentialHint, UserVerificationRequirement } from './credential-json.js'
import { parseDescriptors } from './descriptors.js'
import { parseAuthenticationExtensions } from './extensions.js'
import type { AuthenticationExtensions } from './extensions.js'
import { readJson } from './json-reader.js'
import type { JsonReader } from './json-reader.js'

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
 * Reads PublicKeyCredentialRequestOptionsJSON from a stranger. Unknown members and unknown words are passed over, as
 * WebAuthn demands; wrong types, missing members and sizes out of bounds are not.
 * @throws UsageError that names the member: `options-invalid`; `options-unsupported` for a list of credentials of unknown
 * types only, and for extension inputs that do not fit; `prf-key-invalid`.
 */
export function parseRequestOptions(json: unknown): RequestOptions {
  const options = readJson(json, 'options')
  const allowCredentials = parseAllowed(options)
  return {
    challenge: options.required('challenge', options.bytes('challenge', CHALLENGE_BYTES)),
    timeout: options.uint('timeout'),
    rpId: options.text('rpId'),
    allowCredentials,
    userVerification: parseUserVerification(options),
    hints: parseHints(options),
    extensions: parseAuthenticationExtensions(options.object('extensions'), allowCredentials),
  }
}

/** A list of strangers only must not turn into no list, which would allow every credential. */
function parseAllowed(options: JsonReader): readonly CredentialDescriptor[] {
  const name = 'allowCredentials'
  const allowed = parseDescriptors(options, name)
  if (allowed.length === 0 && options.length(name) > 0)
    throw options.refusal('options-unsupported', name, 'has no element of a known type')
  return allowed
}
