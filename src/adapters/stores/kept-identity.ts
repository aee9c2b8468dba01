import { StoreError } from '../../errors.js'
import type { PhoneIdentity, PhoneIdentityStore } from '../../ports/phone-identity-store.js'
import { IDENTITY } from './identity-record.js'
import type { Kept } from './kept.js'

/** A phone’s identity, kept in memory or in a file. */
export class KeptIdentity implements PhoneIdentityStore {
  readonly #kept: Kept<PhoneIdentity | undefined>

  /** @internal */
  constructor(kept: Kept<PhoneIdentity | undefined>) {
    this.#kept = kept
  }

  load(): Promise<PhoneIdentity | undefined> {
    return this.#kept.read()
  }

  /**
   * Rejects with UsageError `argument-invalid` for a record outside the limits of `PhoneIdentity`, StoreError `store-unavailable` where
   * nothing could be kept.
   */
  async update(change: (identity: PhoneIdentity | undefined) => PhoneIdentity): Promise<PhoneIdentity> {
    const kept = await this.#kept.change(before => {
      const after = change(before)
      return after === before ? before : IDENTITY.checked(after, 'phone identity')
    })
    if (kept !== undefined) return kept
    throw new StoreError('store-unavailable', 'the identity was not kept')
  }
}
