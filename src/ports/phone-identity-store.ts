import type { LinkId, LineKey, RootSecret } from '../bytes/brands.js'

/** A link that a phone gave away. Its secret is nowhere: the phone derives it anew (protocol.md 12.3). */
export interface IssuedLink {
  /** 8 random bytes. */
  readonly linkId: LinkId
  /** When the link was made, in wall-clock seconds since 1970. */
  readonly linkedAt: number
  /** When its client last called, in wall-clock seconds since 1970; absent until then. */
  readonly lastUsedAt?: number | undefined
  /** True while it is not known whether the client kept it. */
  readonly unconfirmed?: boolean | undefined
}

/** What a phone keeps so that linked clients find and recognise it. */
export interface PhoneIdentity {
  /** 32 random bytes: the long-term key and all link secrets derive from them. Secret. */
  readonly rootSecret: RootSecret
  /** 32 random bytes: shows the tunnel service that the contact ID is the phone’s own. Secret. */
  readonly lineKey: LineKey
  /** Earlier line keys, oldest first, at most 256: links under them are gone. */
  readonly revoked: readonly LineKey[]
  /** The links that are good, oldest first, at most 272; all others are gone. */
  readonly links: readonly IssuedLink[]
}

/** Where a phone keeps its identity. Other processes may use it at the same time. */
export interface PhoneIdentityStore {
  /** The identity; undefined before the first `update`. */
  load(): Promise<PhoneIdentity | undefined>
  /**
   * Changes the identity in one step, durably. When `change` throws, nothing changes.
   * @returns the identity as it is kept.
   */
  update(change: (identity: PhoneIdentity | undefined) => PhoneIdentity): Promise<PhoneIdentity>
}
