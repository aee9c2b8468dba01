import type { CredentialStore } from 'fido-hybrid'
import { harmless } from '../prompt/harmless.js'
import type { PhonePasskey } from '../wire/phone.js'

/** What a phone shows of its passkeys, newest first. */
export async function phonePasskeys(store: CredentialStore): Promise<readonly PhonePasskey[]> {
  const stored = await store.list()
  return stored.toReversed().map(credential => ({
    credentialId: Buffer.from(credential.credentialId).toString('base64url'),
    rpId: harmless(credential.rpId),
    rpName: harmless(credential.rpName),
    userName: harmless(credential.userName),
    displayName: harmless(credential.userDisplayName),
    createdAt: credential.createdAt,
    isConfirmed: credential.confirmed,
    isSynced: credential.backedUp,
  }))
}
