import { encodeBase64url } from '../bytes/base64url.js'
import { equalBytes } from '../bytes/bytes.js'
import type { CredentialStore, StoredCredential } from '../ports/credential-store.js'
import {
  acceptedId,
  allAcceptedCredentials,
  currentUserDetails,
  unknownCredential,
} from '../webauthn/signal-dictionaries.js'
import { confirmPasskey } from './replaced-passkeys.js'
import { shortName } from './short-name.js'

/** A passkey that its relying party may not know: its registration was cut off. */
export interface UnconfirmedPasskey {
  /** The RP ID that it was made for. */
  readonly rpId: string
  /** base64url. */
  readonly credentialId: string
  /** Such as an e-mail address; may be empty. */
  readonly userName: string
  /** Wall-clock milliseconds since 1970. */
  readonly createdAt: number
}

/** The unconfirmed passkeys, oldest first. */
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
  const found = await store.find(acceptedId(credentialId))
  return found !== undefined && !found.confirmed && (await store.delete(found.credentialId))
}

/** Confirms a passkey, which removes the passkeys that it replaces. @returns whether it was there. */
export async function acceptPasskey(store: CredentialStore, credentialId: unknown): Promise<boolean> {
  return (await confirmPasskey(store, acceptedId(credentialId))) !== undefined
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
