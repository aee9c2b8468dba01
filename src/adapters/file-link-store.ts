import type { Link, LinkStore } from '../ports/link-store.js'
import { checkedLink, keptLink, withLink, withoutLink } from './stores/link-record.js'
import { openSharedFile } from './stores/shared-file.js'
import type { SharedFile } from './stores/shared-file.js'

/**
 * Links in one JSON file of mode 0600, at most 100; made by `openFileLinkStore`. Several processes may use it at once. Calls
 * reject with StoreError `store-damaged` (the file is left as it is), `store-unavailable` (also when there are too many links)
 * or `store-locked`.
 */
export class FileLinkStore implements LinkStore {
  readonly #file: SharedFile<readonly Link[]>

  constructor(file: SharedFile<readonly Link[]>) {
    this.#file = file
  }

  list(): Promise<readonly Link[]> {
    return this.#file.read()
  }

  /** Rejects with UsageError `argument-invalid` for a record outside the limits of `Link`. */
  async put(link: Link): Promise<Link> {
    const added = checkedLink(link)
    return keptLink(await this.#file.change(links => withLink(links, added)), added)
  }

  async delete({ publicKey, linkId }: Pick<Link, 'publicKey' | 'linkId'>): Promise<boolean> {
    const unwanted = { publicKey, linkId }
    let was = false
    await this.#file.change(links => {
      const left = withoutLink(links, unwanted)
      was = left !== links
      return left
    })
    return was
  }
}

/**
 * Opens the links of a file, or starts with none when the file is missing or empty. Creates the folder (mode 0700) but no
 * file before the first `put`. A file that others may read is tightened to mode 0600. Symbolic links are followed.
 *
 * @throws StoreError `store-damaged` (the file is left as it is) or `store-unavailable`.
 * @example
 * const links = await openFileLinkStore('/home/ada/.local/share/laptop/links.json')
 * const client = new HybridClient({ ...(await nodePlatform()), links })
 */
export async function openFileLinkStore(path: string): Promise<FileLinkStore> {
  // It checks public keys with noble, too much to load for those who keep no links.
  const { LINK_FORMAT } = await import('./stores/link-file.js')
  return new FileLinkStore(await openSharedFile(path, LINK_FORMAT))
}
