import { encodeHex } from '../bytes/hex.js'
import type { CredentialDescriptor } from '../ctap/credential-descriptor.js'
import { PUBLIC_KEY } from '../ctap/credential-descriptor.js'
import { CTAP_STATUS } from '../ctap/status.js'
import type { StoredCredential } from '../ports/credential-store.js'
import type { ConsentAccount } from './consent.js'
import { isVisible } from './cred-protect.js'
import { refusal } from './refusal.js'
import { signatureAlgorithm } from './signature-algorithms.js'

const RP_ID_MAX_LETTERS = 255

/** @throws CtapError ERR_INVALID_LENGTH for an RP ID that no relying party can have. */
export function assertRpId(rpId: string): void {
  if (rpId.length < 1 || rpId.length > RP_ID_MAX_LETTERS) throw refusal(CTAP_STATUS.ERR_INVALID_LENGTH)
}

/** @throws CtapError ERR_INVALID_PARAMETER: this phone has no PIN protocol (CTAP 2.2 sections 6.1.2 and 6.2.2, step 2). */
export function assertNoPin(pinUvAuthParam: Uint8Array | undefined): void {
  if (pinUvAuthParam !== undefined) throw refusal(CTAP_STATUS.ERR_INVALID_PARAMETER)
}

/** Whose credentials are looked for, and whether protected ones may be found (`credProtect`). */
export interface CredentialSearch {
  readonly rpId: string
  readonly userVerification: boolean
}

/** The relying party’s credentials that a list names. */
export function namedCredentials(
  stored: readonly StoredCredential[],
  search: CredentialSearch,
  list: readonly CredentialDescriptor[],
): readonly StoredCredential[] {
  const named = new Set(list.filter(({ type }) => type === PUBLIC_KEY).map(({ id }) => encodeHex(id)))
  const visibility = { ...search, isNamed: true }
  return credentialsOf(stored, search.rpId).filter(
    credential => named.has(encodeHex(credential.credentialId)) && isVisible(credential, visibility),
  )
}

/**
 * The relying party’s credentials that need no list to be found. Confirmed ones come first: an unconfirmed one works
 * only if its registration arrived.
 */
export function discoverableCredentials(
  stored: readonly StoredCredential[],
  search: CredentialSearch,
): readonly StoredCredential[] {
  const visibility = { ...search, isNamed: false }
  return credentialsOf(stored, search.rpId)
    .filter(credential => credential.discoverable && isVisible(credential, visibility))
    .sort((one, other) => Number(other.confirmed) - Number(one.confirmed))
}

/** What the prompt shows of passkeys. */
export function consentAccounts(credentials: readonly StoredCredential[]): readonly ConsentAccount[] {
  return credentials.map(({ credentialId, userName, userDisplayName, createdAt, confirmed }) => ({
    credentialId: Uint8Array.from(credentialId),
    userName,
    userDisplayName,
    createdAt,
    confirmed,
  }))
}

// Newest first (CTAP 2.2 section 6.2.2, step 11), also where the clock stood still.
function credentialsOf(stored: readonly StoredCredential[], rpId: string): readonly StoredCredential[] {
  return stored
    .filter(credential => credential.rpId === rpId && signatureAlgorithm(credential.algorithm) !== undefined)
    .reverse()
    .sort((one, other) => other.createdAt - one.createdAt)
}
