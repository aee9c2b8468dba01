import { equalBytes } from '../../bytes/bytes.js'
import { UsageError } from '../../errors.js'
import type { CredentialStore, StoredCredential } from '../../ports/credential-store.js'
import { CREDENTIAL, findCredential, withCredential, withoutCredential } from './credential-record.js'
import type { Kept } from './kept.js'

/** Passkeys, oldest first, kept in memory or in a file. */
export class KeptCredentials implements CredentialStore {
  readonly #kept: Kept<readonly StoredCredential[]>

  /** @internal */
  constructor(kept: Kept<readonly StoredCredential[]>) {
    this.#kept = kept
  }

  list(): Promise<readonly StoredCredential[]> {
    return this.#kept.read()
  }

  /** The passkey of that credential ID; undefined if it is not there. */
  async find(credentialId: Uint8Array): Promise<StoredCredential | undefined> {
    const wanted = Uint8Array.from(credentialId)
    return findCredential(await this.#kept.read(), wanted)
  }

  /** Rejects with UsageError `argument-invalid` for a record outside the limits of `StoredCredential`. */
  async put(credential: StoredCredential): Promise<void> {
    const added = CREDENTIAL.checked(credential, 'credential')
    await this.#kept.change(credentials => withCredential(credentials, added))
  }

  /** Rejects with UsageError `argument-invalid` like `put`, also for a change of the credentialId. */
  async update(
    credentialId: Uint8Array,
    change: (credential: StoredCredential) => StoredCredential,
    options: { readonly drops?: readonly Uint8Array[] | undefined } = {},
  ): Promise<StoredCredential | undefined> {
    const wanted = Uint8Array.from(credentialId)
    const drops = options.drops?.map(id => Uint8Array.from(id))
    const kept = await this.#kept.change(credentials => {
      const stored = findCredential(credentials, wanted)
      return stored ? withCredential(credentials, changed(stored, change), drops) : credentials
    })
    return findCredential(kept, wanted)
  }

  /** Removes the passkey of that credential ID. @returns whether there was one. */
  async delete(credentialId: Uint8Array): Promise<boolean> {
    const unwanted = Uint8Array.from(credentialId)
    let was = false
    await this.#kept.change(before => {
      const left = withoutCredential(before, unwanted)
      was = left !== before
      return left
    })
    return was
  }
}

function changed(
  stored: StoredCredential,
  change: (credential: StoredCredential) => StoredCredential,
): StoredCredential {
  const credential = CREDENTIAL.checked(change(CREDENTIAL.copy(stored)), 'credential')
  if (equalBytes(credential.credentialId, stored.credentialId)) return credential
  throw new UsageError('argument-invalid', 'credential: credentialId must stay the same')
}
