import type { CryptoProvider } from '../crypto/provider.js'
import type { Random } from '../ports/clock.js'

/** A fresh credential key pair. */
export interface CredentialKey {
  /** As `StoredCredential` keeps it. */
  readonly privateKey: Uint8Array
  /** A COSE key. */
  readonly publicKey: Uint8Array
}

/** What credentials sign with. */
export interface SignatureAlgorithm {
  /** COSE algorithm identifier. */
  readonly id: number
  generate(random: Random, crypto: CryptoProvider): Promise<CredentialKey>
  /** The signature in the form of WebAuthn L3 section 6.5.5. */
  sign(privateKey: Uint8Array, message: Uint8Array, crypto: CryptoProvider): Promise<Uint8Array>
}
