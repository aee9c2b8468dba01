import { CREDENTIAL_ID_MAX_BYTES } from '../ctap/authenticator-data.js'
import { PUBLIC_KEY } from '../ctap/credential-descriptor.js'
import type { CredentialDescriptor } from '../ctap/credential-descriptor.js'
import type { JsonReader } from './json-reader.js'

/** Longest list of credentials that options may hold. */
const CREDENTIALS_MAX = 256

/**
 * The credentials of a list whose type is known; transports do not matter over hybrid.
 * @throws UsageError `options-invalid`.
 */
export function parseDescriptors(options: JsonReader, name: string): readonly CredentialDescriptor[] {
  return options.objects(name, CREDENTIALS_MAX).map(parseDescriptor).filter(isPublicKey)
}

function parseDescriptor(json: JsonReader): CredentialDescriptor {
  const id = json.bytes('id', { min: 1, max: CREDENTIAL_ID_MAX_BYTES })
  return { id: json.required('id', id), type: json.required('type', json.text('type')) }
}

/** Credentials of other types are passed over (WebAuthn L3 section 5.8.3). */
export function isPublicKey(credential: { readonly type: string }): boolean {
  return credential.type === PUBLIC_KEY
}
