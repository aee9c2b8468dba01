/**
 * Linked phones of a client in a private JSON file.
 * @module
 */
import { KeptLinks } from './kept-links.js'
import { openPrivateJson } from './private-json.js'

/**
 * Links in one JSON file of mode 0600, at most 100; made by `openFileLinkStore`. Several processes may use it at once. Calls
 * reject with StoreError `store-damaged` (the file is left as it is), `store-unavailable` (also when there are too many links)
 * or `store-locked`.
 *
 * @example
 * const links: FileLinkStore = await openFileLinkStore('links.json')
 * for (const link of await links.list()) console.log(link.name)
 */
export class FileLinkStore extends KeptLinks {}

/**
 * Opens the links of a file, or starts with none when the file is missing. Creates the folder (mode 0700) but no file before
 * the first `put`. A file that others may read is tightened to mode 0600. Symbolic links are followed.
 *
 * @throws StoreError `store-damaged` (the file is left as it is) or `store-unavailable`.
 * @example
 * const links = await openFileLinkStore('/home/ada/.local/share/laptop/links.json')
 * const client = new HybridClient({ ...nodePlatform(), links })
 */
export async function openFileLinkStore(path: string): Promise<FileLinkStore> {
  // It checks public keys with noble, too much to load for programs without links.
  const { LINK_FORMAT } = await import('./link-file.js')
  return new FileLinkStore(await openPrivateJson(path, LINK_FORMAT))
}
