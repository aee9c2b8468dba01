import { StoreError } from '../errors.js'
import type { PhoneIdentity, PhoneIdentityStore } from '../ports/phone-identity-store.js'
import { IDENTITY_FORMAT } from './stores/identity-file.js'
import { checkedIdentity } from './stores/identity-record.js'
import { openSharedFile } from './stores/shared-file.js'
import type { SharedFile } from './stores/shared-file.js'

/**
 * A phone’s identity in one JSON file of mode 0600; made by `openFilePhoneIdentityStore`. Several processes may use it at once:
 * one that serves linked clients sees at their next call what another has unlinked. Calls reject with StoreError
 * `store-damaged` (the file is left as it is), `store-unavailable` or `store-locked`.
 */
export class FilePhoneIdentityStore implements PhoneIdentityStore {
  readonly #file: SharedFile<PhoneIdentity | undefined>

  constructor(file: SharedFile<PhoneIdentity | undefined>) {
    this.#file = file
  }

  load(): Promise<PhoneIdentity | undefined> {
    return this.#file.read()
  }

  /** Rejects with UsageError `argument-invalid` for a record outside the limits of `PhoneIdentity`. */
  async update(change: (identity: PhoneIdentity | undefined) => PhoneIdentity): Promise<PhoneIdentity> {
    const kept = await this.#file.change(before => {
      const after = change(before)
      return after === before ? before : checkedIdentity(after)
    })
    if (kept !== undefined) return kept
    throw new StoreError('store-unavailable', 'the identity was not kept')
  }
}

/**
 * Opens the identity in a file. Creates the folder (mode 0700) but no file before the first `update`. A file that others may
 * read is tightened to mode 0600. Symbolic links are followed.
 *
 * @throws StoreError `store-damaged` (the file is left as it is) or `store-unavailable`.
 * @example
 * const store = await openFilePhoneIdentityStore('/home/ada/.local/share/phone/identity.json')
 * const phone = new HybridAuthenticator({ ...platform, handler, linking: { store, name: 'Ada’s phone' } })
 */
export async function openFilePhoneIdentityStore(path: string): Promise<FilePhoneIdentityStore> {
  return new FilePhoneIdentityStore(await openSharedFile(path, IDENTITY_FORMAT))
}
