/**
 * A phone’s identity and its links in memory.
 * @module
 */
import type { PhoneIdentity } from '../../ports/phone-identity-store.js'
import { optionalCodec } from './codec.js'
import { IDENTITY } from './identity-record.js'
import { KeptIdentity } from './kept-identity.js'
import { KeptInMemory } from './kept.js'

/**
 * An identity that lives as long as the process.
 *
 * @example
 * const linking = { store: new MemoryPhoneIdentityStore(), name: 'Ada’s phone' }
 * const phone = new HybridAuthenticator({ ...platform, handler, linking })
 */
export class MemoryPhoneIdentityStore extends KeptIdentity {
  constructor() {
    super(new KeptInMemory<PhoneIdentity | undefined>(undefined, optionalCodec(IDENTITY)))
  }
}
