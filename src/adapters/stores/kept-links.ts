import type { Link, LinkStore } from '../../ports/link-store.js'
import type { Kept } from './kept.js'
import { keptLink, LINK, withLink, withoutLink } from './link-record.js'

/** Links, oldest first, kept in memory or in a file. */
export class KeptLinks implements LinkStore {
  readonly #kept: Kept<readonly Link[]>

  /** @internal */
  constructor(kept: Kept<readonly Link[]>) {
    this.#kept = kept
  }

  list(): Promise<readonly Link[]> {
    return this.#kept.read()
  }

  /**
   * Rejects with UsageError `argument-invalid` for a record outside the limits of `Link`, StoreError
   * `store-unavailable` when there are too many.
   */
  async put(link: Link): Promise<Link> {
    const added = LINK.checked(link, 'link')
    return keptLink(await this.#kept.change(links => withLink(links, added)), added)
  }

  async delete({ publicKey, linkId }: Pick<Link, 'publicKey' | 'linkId'>): Promise<boolean> {
    const unwanted = { publicKey, linkId }
    let was = false
    await this.#kept.change(links => {
      const left = withoutLink(links, unwanted)
      was = left !== links
      return left
    })
    return was
  }
}
