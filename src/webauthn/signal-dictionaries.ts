import { decodeBase64url } from '../bytes/base64url.js'
import { UsageError } from '../errors.js'
import { base64url, dictionary, required, sequence, usvString } from './web-idl.js'
import type { Conversion } from './web-idl.js'

const CREDENTIAL_ID_BYTES = { min: 1, max: 1023 }
const USER_ID_BYTES = { min: 1, max: 64 }
const ACCEPTED_MAX = 4096

// The dictionaries of WebAuthn L3 section 5.1.10.
const userId = required(base64url(USER_ID_BYTES))
const rpId = required(usvString)

/** A user of a relying party. */
interface UserMembers {
  readonly rpId: string
  readonly userId: Uint8Array
}

/** `UnknownCredentialOptions`. */
export const unknownCredential: Conversion<{ readonly rpId: string; readonly credentialId: Uint8Array }> =
  dictionary({ rpId, credentialId: required(base64url(CREDENTIAL_ID_BYTES)) })

/** `AllAcceptedCredentialsOptions`. */
export const allAcceptedCredentials: Conversion<
  UserMembers & { readonly allAcceptedCredentialIds: readonly Uint8Array[] }
> = dictionary({ rpId, userId, allAcceptedCredentialIds: required(sequence(acceptedId, ACCEPTED_MAX)) })

/** `CurrentUserDetailsOptions`. */
export const currentUserDetails: Conversion<
  UserMembers & { readonly name: string; readonly displayName: string }
> = dictionary({ rpId, userId, name: required(usvString), displayName: required(usvString) })

/** A credential ID that is never made out of another type, because passkeys outside the list are deleted. */
export function acceptedId(credentialId: unknown): Uint8Array {
  try {
    if (typeof credentialId === 'string') return decodeBase64url(credentialId)
  } catch (cause) {
    throw new UsageError('options-invalid', 'a credential ID is not base64url', { cause })
  }
  throw new UsageError('options-invalid', 'a credential ID is not a base64url string')
}
