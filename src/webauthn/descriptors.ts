import { PUBLIC_KEY } from '../ctap/credential-descriptor.js'
import type { CredentialDescriptor } from '../ctap/credential-descriptor.js'

/** Whether a credential is a passkey; those of other types are ignored (WebAuthn L3 section 5.8.3). */
export function isPublicKey(credential: { readonly type: string }): boolean {
  return credential.type === PUBLIC_KEY
}

/** Those that a passkey can have: of the known type, with an ID that has bytes. Transports do not matter over hybrid. */
export function possiblePasskeys(list: readonly CredentialDescriptor[]): readonly CredentialDescriptor[] {
  return list
    .filter(credential => isPublicKey(credential) && credential.id.length > 0)
    .map(({ id, type }) => ({ id, type }))
}
