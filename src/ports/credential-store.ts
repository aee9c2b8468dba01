/** A passkey as the software authenticator keeps it. Plain data; the holder of the record owns its byte strings. */
export interface StoredCredential {
  /** 16 to 1023 bytes. */
  readonly credentialId: Uint8Array
  /** ES256: 32-byte scalar; EdDSA and ML-DSA: 32-byte seed; RS256: PKCS #8, at most 4096 bytes. Secret. */
  readonly privateKey: Uint8Array
  /** COSE algorithm identifier. */
  readonly algorithm: number
  /** The RP ID that the passkey belongs to. */
  readonly rpId: string
  /** What the relying party called itself; may be empty. */
  readonly rpName: string
  /** The user handle, 1 to 64 bytes. */
  readonly userId: Uint8Array
  /** The user name, such as an e-mail address; may be empty. */
  readonly userName: string
  /** The name that people know; may be empty. */
  readonly userDisplayName: string
  /** Whether a sign-in that names no passkey finds it. */
  readonly discoverable: boolean
  /** Signatures so far, as far as the phone counts them: 0 to 2^32 - 1. */
  readonly signCount: number
  /** Wall-clock milliseconds since 1970. */
  readonly createdAt: number
  /** Whether it is known that the client got it, to hand it to the relying party; if not, only this phone may know of it. */
  readonly confirmed: boolean
  /** Flag BE: may be synced to other devices. */
  readonly backupEligible: boolean
  /** Flag BS: has been synced; only where `backupEligible`. */
  readonly backedUp: boolean
  /** What `prf` computes with, 32 bytes; empty when the passkey has none. Secret. */
  readonly hmacSecret: Uint8Array
  /** 1 (user verification optional), 2 (optional with a list of credentials) or 3 (required). */
  readonly credProtect: number
  /** As the client sent it, compressed, at most 4096 bytes; empty without a large blob. Private to the relying party. */
  readonly largeBlob: Uint8Array
  /** Bytes of the large blob before its client compressed it; 0 without a large blob. */
  readonly largeBlobSize: number
}

/**
 * Where the phone keeps its passkeys. Every write is durable when its promise settles. Other processes may use the store at the
 * same time: what is to happen in one step is one call.
 */
export interface CredentialStore {
  /** Oldest first. */
  list(): Promise<readonly StoredCredential[]>
  /** The passkey of that credential ID; undefined if it is not there. */
  find(credentialId: Uint8Array): Promise<StoredCredential | undefined>
  /** Adds the passkey as the newest. One with the same credential ID is replaced, and keeps its place in the list. */
  put(credential: StoredCredential): Promise<void>
  /**
   * Changes the passkey of that credential ID and removes those of `drops`, in one step. When `change` throws, nothing
   * changes.
   * @returns the passkey as it is kept; undefined when there is none: then `change` is not called.
   */
  update(
    credentialId: Uint8Array,
    change: (credential: StoredCredential) => StoredCredential,
    options?: { readonly drops?: readonly Uint8Array[] | undefined },
  ): Promise<StoredCredential | undefined>
  /** Removes the passkey of that credential ID. @returns whether there was one. */
  delete(credentialId: Uint8Array): Promise<boolean>
}
