import type { Link, LinkStore } from '../../ports/link-store.js'

/** A store that tells whether the last link was kept. Keeping it may take longer than the ceremony. */
export class LinkKeeper implements LinkStore {
  readonly #store: LinkStore
  #last: Promise<Link | undefined> = Promise.resolve(undefined)

  constructor(store: LinkStore) {
    this.#store = store
  }

  /** The link that was kept since; undefined where the phone gave none. @throws StoreError. */
  get last(): Promise<Link | undefined> {
    return this.#last
  }

  list(): Promise<readonly Link[]> {
    return this.#store.list()
  }

  put(link: Link): Promise<Link> {
    const kept = this.#store.put(link)
    this.#last = kept
    return kept
  }

  delete(link: Pick<Link, 'publicKey' | 'linkId'>): Promise<boolean> {
    return this.#store.delete(link)
  }
}
