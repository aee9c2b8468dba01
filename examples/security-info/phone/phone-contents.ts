import type { CredentialStore, HybridAuthenticator } from 'fido-hybrid'
import { harmless } from '../prompt/harmless.js'
import type { LinkedLaptop, PhonePasskey } from '../wire/phone.js'

const SECOND_MS = 1000

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

/** The laptops that remember a phone, oldest first. */
export async function linkedLaptops(role: HybridAuthenticator): Promise<readonly LinkedLaptop[]> {
  const links = await role.links()
  return links.map(({ linkId, linkedAt }) => ({ id: linkId, linkedAt: linkedAt * SECOND_MS }))
}
