/**
 * A phone’s identity and its links in a private JSON file.
 * @module
 */
import { IDENTITY_FORMAT } from './identity-file.js'
import { KeptIdentity } from './kept-identity.js'
import { openPrivateJson } from './private-json.js'

/**
 * A phone’s identity in one JSON file of mode 0600; made by `openFilePhoneIdentityStore`. Several processes may use it at once:
 * one that serves linked clients sees at their next call what another has unlinked. Calls reject with StoreError
 * `store-damaged` (the file is left as it is), `store-unavailable` or `store-locked`.
 *
 * @example
 * const store: FilePhoneIdentityStore = await openFilePhoneIdentityStore('identity.json')
 * console.log((await store.load())?.links.length)
 */
export class FilePhoneIdentityStore extends KeptIdentity {}

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
  return new FilePhoneIdentityStore(await openPrivateJson(path, IDENTITY_FORMAT))
}
