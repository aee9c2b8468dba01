import type { Link, LinkStore } from '../ports/link-store.js'
import { checkedLink, copyLink, keptLink, withLink, withoutLink } from './stores/link-record.js'

/**
 * Links that live as long as the process; at most 100.
 *
 * @example
 * const client = new HybridClient({ ...(await nodePlatform()), links: new MemoryLinkStore() })
 */
export class MemoryLinkStore implements LinkStore {
  #links: readonly Link[] = []

  list(): Promise<readonly Link[]> {
    return Promise.resolve(this.#links.map(copyLink))
  }

  /** Rejects with UsageError `argument-invalid` for a record outside the limits of `Link`, StoreError when there are too many. */
  // eslint-disable-next-line @typescript-eslint/require-await -- async turns the check’s error into a rejection
  async put(link: Link): Promise<Link> {
    const added = checkedLink(link)
    this.#links = withLink(this.#links, added)
    return keptLink(this.#links, added)
  }

  delete(link: Pick<Link, 'publicKey' | 'linkId'>): Promise<boolean> {
    const before = this.#links
    this.#links = withoutLink(before, link)
    return Promise.resolve(this.#links !== before)
  }
}
