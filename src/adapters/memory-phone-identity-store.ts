import type { PhoneIdentity, PhoneIdentityStore } from '../ports/phone-identity-store.js'
import { checkedIdentity, copyIdentity } from './stores/identity-record.js'

/**
 * An identity that lives as long as the process.
 *
 * @example
 * const linking = { store: new MemoryPhoneIdentityStore(), name: 'Ada’s phone' }
 * const phone = new HybridAuthenticator({ ...platform, handler, linking })
 */
export class MemoryPhoneIdentityStore implements PhoneIdentityStore {
  #identity: PhoneIdentity | undefined

  load(): Promise<PhoneIdentity | undefined> {
    return Promise.resolve(this.#identity && copyIdentity(this.#identity))
  }

  /** Rejects with UsageError `argument-invalid` for a record outside the limits of `PhoneIdentity`. */
  // eslint-disable-next-line @typescript-eslint/require-await -- async turns errors into rejections
  async update(change: (identity: PhoneIdentity | undefined) => PhoneIdentity): Promise<PhoneIdentity> {
    this.#identity = checkedIdentity(change(this.#identity && copyIdentity(this.#identity)))
    return copyIdentity(this.#identity)
  }
}
