/** A passkey as the software authenticator keeps it. Plain data; byte strings are owned by whoever holds the record. */
export interface StoredCredential {
  /** 16 to 1023 bytes. */
  readonly credentialId: Uint8Array
  /** 32-byte scalar. Secret. */
  readonly privateKey: Uint8Array
  /** COSE algorithm identifier. */
  readonly algorithm: number
  readonly rpId: string
  readonly rpName: string
  readonly userId: Uint8Array
  readonly userName: string
  readonly userDisplayName: string
  readonly discoverable: boolean
  readonly signCount: number
  /** Wall-clock milliseconds since 1970. */
  readonly createdAt: number
}

/** Where the phone keeps its passkeys. Every write is durable when its promise settles. */
export interface CredentialStore {
  list(): Promise<readonly StoredCredential[]>
  find(credentialId: Uint8Array): Promise<StoredCredential | undefined>
  /** Adds, or replaces the one of the same credentialId, and drops `replaces` in the same step. */
  put(credential: StoredCredential, options?: { readonly replaces?: readonly Uint8Array[] }): Promise<void>
  /** Replaces the one of the same credentialId, in one step. @returns false, and keeps nothing, when it is gone. */
  replace(credential: StoredCredential): Promise<boolean>
  /** @returns whether there was one. */
  delete(credentialId: Uint8Array): Promise<boolean>
}
