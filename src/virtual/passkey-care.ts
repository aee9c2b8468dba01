import { decodeBase64url, encodeBase64url } from '../bytes/base64url.js'
import { equalBytes } from '../bytes/bytes.js'
import { UsageError } from '../errors.js'
import type { CredentialStore, StoredCredential } from '../ports/credential-store.js'
import { readJson } from '../webauthn/json-reader.js'
import { shortName } from './short-name.js'

const CREDENTIAL_ID_BYTES = { min: 1, max: 1023 }
const USER_ID_BYTES = { min: 1, max: 64 }
const ACCEPTED_MAX = 4096

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

/** Marks a passkey as confirmed. @returns whether there is one. */
export async function acceptPasskey(store: CredentialStore, credentialId: unknown): Promise<boolean> {
  const accepted = await store.update(idFrom(credentialId), stored => ({ ...stored, confirmed: true }))
  return accepted !== undefined
}

/** @throws UsageError `options-invalid`. */
export async function removeUnknown(store: CredentialStore, options: unknown): Promise<void> {
  const json = readJson(options, 'options')
  const rpId = json.required('rpId', json.text('rpId'))
  const credentialId = json.required('credentialId', json.bytes('credentialId', CREDENTIAL_ID_BYTES))
  const found = await store.find(credentialId)
  if (found?.rpId === rpId) await store.delete(credentialId)
}

/** @throws UsageError `options-invalid`. */
export async function keepAccepted(store: CredentialStore, options: unknown): Promise<void> {
  const json = readJson(options, 'options')
  const isOfUser = ofUser(json)
  json.required('allAcceptedCredentialIds', json.has('allAcceptedCredentialIds') || undefined)
  const accepted = json.texts('allAcceptedCredentialIds', ACCEPTED_MAX).map(idFrom)
  for (const { credentialId, confirmed } of (await store.list()).filter(isOfUser)) {
    const isAccepted = accepted.some(id => equalBytes(id, credentialId))
    if (!isAccepted) await store.delete(credentialId)
    else if (!confirmed) await store.update(credentialId, stored => ({ ...stored, confirmed: true }))
  }
}

/** @throws UsageError `options-invalid`. */
export async function renameUser(store: CredentialStore, options: unknown): Promise<void> {
  const json = readJson(options, 'options')
  const isOfUser = ofUser(json)
  const userName = shortName(json.required('name', json.text('name')))
  const userDisplayName = shortName(json.required('displayName', json.text('displayName')))
  for (const { credentialId } of (await store.list()).filter(isOfUser))
    await store.update(credentialId, stored => ({ ...stored, userName, userDisplayName }))
}

function ofUser(json: ReturnType<typeof readJson>): (credential: StoredCredential) => boolean {
  const rpId = json.required('rpId', json.text('rpId'))
  const userId = json.required('userId', json.bytes('userId', USER_ID_BYTES))
  return credential => credential.rpId === rpId && equalBytes(credential.userId, userId)
}

function idFrom(credentialId: unknown): Uint8Array {
  try {
    if (typeof credentialId === 'string') return decodeBase64url(credentialId)
  } catch (cause) {
    throw new UsageError('options-invalid', 'a credential ID is not base64url', { cause })
  }
  throw new UsageError('options-invalid', 'a credential ID is not a base64url string')
}
