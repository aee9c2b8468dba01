/**
 * Linked phones of a client in memory.
 * @module
 */
import type { Link } from '../../ports/link-store.js'
import { listCodec } from './codec.js'
import { KeptLinks } from './kept-links.js'
import { KeptInMemory } from './kept.js'
import { LINK } from './link-record.js'

/**
 * Links that live as long as the process; at most 100.
 *
 * @example
 * const client = new HybridClient({ ...nodePlatform(), links: new MemoryLinkStore() })
 */
export class MemoryLinkStore extends KeptLinks {
  constructor() {
    super(new KeptInMemory<readonly Link[]>([], listCodec(LINK, 'link')))
  }
}
