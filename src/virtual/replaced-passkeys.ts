import { equalBytes } from '../bytes/bytes.js'
import type { CredentialStore, StoredCredential } from '../ports/credential-store.js'

/** Of which account a passkey is, and whether it is found without a list. */
type Place = Pick<StoredCredential, 'discoverable' | 'rpId' | 'userId'>

/**
 * The passkeys whose place a new one takes: one discoverable passkey an account (CTAP 2.2 section 6.1.2, step 16). They work until
 * the new one is confirmed, because a registration that does not arrive must not cost the passkey that the relying party knows.
 */
export function replacedBy(
  { discoverable, rpId, userId }: Place,
  stored: readonly StoredCredential[],
): readonly StoredCredential[] {
  return stored.filter(
    other => discoverable && other.discoverable && other.rpId === rpId && equalBytes(other.userId, userId),
  )
}

/**
 * Confirms a passkey and drops the earlier ones that it replaces, in one step.
 * @param change what else is to be noted of it.
 * @returns the passkey as it is kept; undefined when it is gone.
 */
export async function confirmPasskey(
  store: CredentialStore,
  credentialId: Uint8Array,
  change: (credential: StoredCredential) => StoredCredential = credential => credential,
): Promise<StoredCredential | undefined> {
  const stored = await store.list()
  const at = stored.findIndex(each => equalBytes(each.credentialId, credentialId))
  const [passkey] = stored.slice(at)
  if (at < 0 || passkey === undefined) return undefined
  const drops = replacedBy(passkey, stored.slice(0, at)).map(each => each.credentialId)
  return await store.update(credentialId, each => ({ ...change(each), confirmed: true }), { drops })
}
