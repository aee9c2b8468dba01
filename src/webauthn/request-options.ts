import type { CredentialDescriptor } from '../ctap/credential-descriptor.js'
import { CHALLENGE_BYTES, parseHints, parseUserVerification } from './creation-options.js'
import type { PublicKeyCredentialHint, UserVerificationRequirement } from './credential-json.js'
import { parseDescriptors } from './descriptors.js'
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
}

/**
 * Reads PublicKeyCredentialRequestOptionsJSON from a stranger. Unknown members and unknown words are passed over, as
 * WebAuthn demands; wrong types, missing members and sizes out of bounds are not.
 * @throws UsageError `options-invalid`, naming the member.
 */
export function parseRequestOptions(json: unknown): RequestOptions {
  const options = readJson(json, 'options')
  // Nothing is asked for yet, but what is no object is refused.
  options.object('extensions')
  return {
    challenge: options.required('challenge', options.bytes('challenge', CHALLENGE_BYTES)),
    timeout: options.uint('timeout'),
    rpId: options.text('rpId'),
    allowCredentials: parseAllowed(options),
    userVerification: parseUserVerification(options),
    hints: parseHints(options),
  }
}

/** A list of strangers only must not turn into no list, which would allow every credential. */
function parseAllowed(options: JsonReader): readonly CredentialDescriptor[] {
  const name = 'allowCredentials'
  const allowed = parseDescriptors(options, name)
  if (allowed.length === 0 && options.length(name) > 0)
    throw options.error(name, 'has no element of a known type')
  return allowed
}
