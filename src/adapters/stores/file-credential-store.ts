/**
 * Passkeys of a software phone in a private JSON file.
 * @module
 */
import type { StoredCredential } from '../../ports/credential-store.js'
import { CREDENTIAL_FORMAT } from './credential-file.js'
import { KeptCredentials } from './kept-credentials.js'
import { openPrivateJson } from './private-json.js'
import type { PrivateJson } from './private-json.js'

/**
 * Passkeys in one JSON file of mode 0600, oldest first; made by `openFileCredentialStore`. Several processes may use it at once:
 * it is locked for the moment of a change only.
 *
 * Nothing is cached: each call reads the file anew, so damage that comes later is reported and never overwritten, and no
 * private key stays in memory. Calls run one after another. Each rejects with StoreError `store-damaged` (the file is left as it
 * is), `store-unavailable` (also after `close`) or `store-locked`.
 *
 * @example
 * const store: FileCredentialStore = await openFileCredentialStore('passkeys.json')
 * const handler = new VirtualAuthenticator({ store, consent, random })
 */
export class FileCredentialStore extends KeptCredentials {
  readonly #file: PrivateJson<readonly StoredCredential[]>

  /** @internal */
  constructor(file: PrivateJson<readonly StoredCredential[]>) {
    super(file)
    this.#file = file
  }

  /** Waits for the calls under way; later ones reject with StoreError `store-unavailable`. Safe to call twice. */
  close(): Promise<void> {
    return this.#file.close()
  }
}

/**
 * Opens the passkeys of a file, or starts with none when the file is missing. Creates the folder (mode 0700) but no file before
 * the first `put`. A file that others may read is tightened to mode 0600. Symbolic links are followed.
 *
 * @throws StoreError `store-damaged` (the file is left as it is) or `store-unavailable`.
 * @example
 * const store = await openFileCredentialStore('/home/alice/.config/phone/passkeys.json')
 * console.log((await store.list()).length)
 */
export async function openFileCredentialStore(path: string): Promise<FileCredentialStore> {
  return new FileCredentialStore(await openPrivateJson(path, CREDENTIAL_FORMAT))
}
