import { CREDENTIAL_ID_MAX_BYTES } from '../ctap/authenticator-data.js'
import { PUBLIC_KEY } from '../ctap/credential-descriptor.js'
import type { CredentialDescriptor } from '../ctap/credential-descriptor.js'
import { base64url, dictionary, domString, required, sequence } from './web-idl.js'
import type { Conversion } from './web-idl.js'

/** Longest list of credentials that options may hold. */
export const CREDENTIALS_MAX = 256

/** `PublicKeyCredentialDescriptorJSON`; transports do not matter over hybrid. */
const descriptor = dictionary({
  id: required(base64url({ min: 0, max: CREDENTIAL_ID_MAX_BYTES })),
  type: required(domString),
})

/** A list of credentials as options hold it. */
export const descriptors: Conversion<readonly CredentialDescriptor[]> = sequence(descriptor, CREDENTIALS_MAX)

/** Credentials of other types are passed over (WebAuthn L3 section 5.8.3). */
export function isPublicKey(credential: { readonly type: string }): boolean {
  return credential.type === PUBLIC_KEY
}

/** Those that a passkey can have: of the known type, with an ID that has bytes. */
export function possiblePasskeys(list: readonly CredentialDescriptor[]): readonly CredentialDescriptor[] {
  return list.filter(credential => isPublicKey(credential) && credential.id.length > 0)
}
