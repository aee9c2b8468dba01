import type { CredentialStore, StoredCredential } from '../ports/credential-store.js'
import {
  assertCredential,
  copyCredential,
  findCredential,
  withCredential,
  withoutCredential,
} from './stores/credential-record.js'

/**
 * Passkeys that live as long as the process, oldest first.
 *
 * @example
 * const phone = new VirtualAuthenticator({ store: new MemoryCredentialStore(), consent: alwaysApprove(), random })
 */
export class MemoryCredentialStore implements CredentialStore {
  #credentials: readonly StoredCredential[] = []

  list(): Promise<readonly StoredCredential[]> {
    return Promise.resolve(this.#credentials.map(copyCredential))
  }

  find(credentialId: Uint8Array): Promise<StoredCredential | undefined> {
    const found = findCredential(this.#credentials, credentialId)
    return Promise.resolve(found && copyCredential(found))
  }

  /** Rejects with UsageError `argument-invalid` for a record outside the limits of `StoredCredential`. */
  // eslint-disable-next-line @typescript-eslint/require-await -- async turns the check’s error into a rejection
  async put(
    credential: StoredCredential,
    options: { readonly replaces?: readonly Uint8Array[] } = {},
  ): Promise<void> {
    assertCredential(credential)
    this.#credentials = withCredential(this.#credentials, copyCredential(credential), options.replaces)
  }

  /** Rejects with UsageError `argument-invalid` like `put`. */
  async replace(credential: StoredCredential): Promise<boolean> {
    if (findCredential(this.#credentials, credential.credentialId) === undefined) return false
    await this.put(credential)
    return true
  }

  delete(credentialId: Uint8Array): Promise<boolean> {
    const before = this.#credentials.length
    this.#credentials = withoutCredential(this.#credentials, credentialId)
    return Promise.resolve(this.#credentials.length < before)
  }
}
