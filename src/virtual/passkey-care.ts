import { decodeBase64url, encodeBase64url } from '../bytes/base64url.js'
import { equalBytes } from '../bytes/bytes.js'
import { UsageError } from '../errors.js'
import type { CredentialStore, StoredCredential } from '../ports/credential-store.js'
import { base64url, dictionary, required, sequence, usvString } from '../webauthn/web-idl.js'
import { confirmPasskey } from './replaced-passkeys.js'
import { shortName } from './short-name.js'

const CREDENTIAL_ID_BYTES = { min: 1, max: 1023 }
const USER_ID_BYTES = { min: 1, max: 64 }
const ACCEPTED_MAX = 4096

// The dictionaries of WebAuthn L3 section 5.1.10.
const userId = required(base64url(USER_ID_BYTES))
const rpId = required(usvString)
const unknownCredential = dictionary({
  rpId,
  credentialId: required(base64url(CREDENTIAL_ID_BYTES)),
})
const allAcceptedCredentials = dictionary({
  rpId,
  userId,
  allAcceptedCredentialIds: required(sequence(idFrom, ACCEPTED_MAX)),
})
const currentUserDetails = dictionary({
  rpId,
  userId,
  name: required(usvString),
  displayName: required(usvString),
})

/** A passkey of which nobody knows whether its relying party ever learned of it. */
export interface UnconfirmedPasskey {
  readonly rpId: string
  /** base64url. */
  readonly credentialId: string
  readonly userName: string
  /** Wall-clock milliseconds since 1970. */
  readonly createdAt: number
}

/** WebAuthn L3 section 5.1.10.1: the relying party does not know this passkey. */
export interface UnknownCredentialOptions {
  readonly rpId: string
  /** base64url. */
  readonly credentialId: string
}

/** WebAuthn L3 section 5.1.10.2: these are all passkeys of a user that the relying party takes. */
export interface AllAcceptedCredentialsOptions {
  readonly rpId: string
  /** base64url. */
  readonly userId: string
  /** base64url. */
  readonly allAcceptedCredentialIds: readonly string[]
}

/** WebAuthn L3 section 5.1.10.3: what a user is called now. */
export interface CurrentUserDetailsOptions {
  readonly rpId: string
  /** base64url. */
  readonly userId: string
  readonly name: string
  readonly displayName: string
}

/** Those that are not confirmed, oldest first. */
export async function listUnconfirmed(store: CredentialStore): Promise<readonly UnconfirmedPasskey[]> {
  const stored = await store.list()
  return stored
    .filter(({ confirmed }) => !confirmed)
    .map(({ rpId, credentialId, userName, createdAt }) => ({
      rpId,
      credentialId: encodeBase64url(credentialId),
      userName,
      createdAt,
    }))
}

/** Removes a passkey, if it is not confirmed. @returns whether there was one. */
export async function discardPasskey(store: CredentialStore, credentialId: unknown): Promise<boolean> {
  const found = await store.find(idFrom(credentialId))
  return found !== undefined && !found.confirmed && (await store.delete(found.credentialId))
}

/** Confirms a passkey: those that it replaces are gone. @returns whether there is one. */
export async function acceptPasskey(store: CredentialStore, credentialId: unknown): Promise<boolean> {
  return (await confirmPasskey(store, idFrom(credentialId))) !== undefined
}

/** @throws UsageError `options-invalid`. */
export async function removeUnknown(store: CredentialStore, options: unknown): Promise<void> {
  const { rpId, credentialId } = unknownCredential(options, 'options')
  const found = await store.find(credentialId)
  if (found?.rpId === rpId) await store.delete(credentialId)
}

/** @throws UsageError `options-invalid`. */
export async function keepAccepted(store: CredentialStore, options: unknown): Promise<void> {
  const { allAcceptedCredentialIds: accepted, ...user } = allAcceptedCredentials(options, 'options')
  for (const { credentialId, confirmed } of await passkeysOf(store, user)) {
    const isAccepted = accepted.some(id => equalBytes(id, credentialId))
    if (!isAccepted) await store.delete(credentialId)
    else if (!confirmed) await confirmPasskey(store, credentialId)
  }
}

/** @throws UsageError `options-invalid`. */
export async function renameUser(store: CredentialStore, options: unknown): Promise<void> {
  const { name, displayName, ...user } = currentUserDetails(options, 'options')
  const names = { userName: shortName(name), userDisplayName: shortName(displayName) }
  for (const { credentialId } of await passkeysOf(store, user))
    await store.update(credentialId, stored => ({ ...stored, ...names }))
}

async function passkeysOf(
  store: CredentialStore,
  { rpId, userId }: { readonly rpId: string; readonly userId: Uint8Array },
): Promise<readonly StoredCredential[]> {
  const stored = await store.list()
  return stored.filter(credential => credential.rpId === rpId && equalBytes(credential.userId, userId))
}

/** Never made out of another type, because passkeys outside the list are deleted. */
function idFrom(credentialId: unknown): Uint8Array {
  try {
    if (typeof credentialId === 'string') return decodeBase64url(credentialId)
  } catch (cause) {
    throw new UsageError('options-invalid', 'a credential ID is not base64url', { cause })
  }
  throw new UsageError('options-invalid', 'a credential ID is not a base64url string')
}
