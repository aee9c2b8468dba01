import type { P256Point } from '../bytes/brands.js'

/** A P-256 private key that never leaves its provider. Prints as `[redacted]`. */
export interface EcdhKey {
  /** The public half, 65 bytes. */
  readonly publicKey: P256Point
  /** The raw 32-byte X coordinate of the shared point. Wipe it after use. */
  sharedSecret(peer: P256Point): Uint8Array
  /** Wipes the private key; the key cannot be used afterwards. */
  destroy(): void
}

/** An AES-256-GCM key, prepared once. Prints as `[redacted]`. */
export interface AeadKey {
  /**
   * Encrypts and authenticates.
   * @param nonce 12 bytes that this key has not sealed with before.
   * @param associatedData what is authenticated beside the plaintext, and not encrypted.
   * @param plaintext of any length.
   * @returns ciphertext ‖ 16-byte tag, fresh.
   */
  seal(nonce: Uint8Array, associatedData: Uint8Array, plaintext: Uint8Array): Uint8Array
  /**
   * Checks and decrypts what `seal` made.
   * @param nonce 12 bytes, those that it was sealed with.
   * @param associatedData what was authenticated beside the plaintext.
   * @param sealed ciphertext ‖ 16-byte tag.
   * @returns the plaintext, fresh; undefined when the tag does not fit.
   */
  open(nonce: Uint8Array, associatedData: Uint8Array, sealed: Uint8Array): Uint8Array | undefined
  /** Wipes the key, which cannot be used afterwards. */
  destroy(): void
}

/** An HMAC-SHA256 key that checks many tags, prepared once. Prints as `[redacted]`. */
export interface HmacKey {
  /**
   * Whether the HMAC of the message begins with these bytes; compared in constant time.
   * @param tag 1 to 32 bytes; the caller checks that it has the right length.
   */
  verify(message: Uint8Array, tag: Uint8Array): boolean
  /** Wipes the key, which cannot be used afterwards. */
  destroy(): void
}

/** The parameter sets of ML-DSA (FIPS 204). */
export type MlDsaParameterSet = 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87'

/** An ML-DSA key pair that was made of a seed. */
export interface MlDsaKey {
  /** 1312, 1952 or 2592 bytes. */
  readonly publicKey: Uint8Array
  /** Pure ML-DSA with an empty context: 2420, 3309 or 4627 bytes, which may differ from call to call. */
  sign(message: Uint8Array): Uint8Array
}

/**
 * The primitives of the hybrid transport, synchronous. Providers are interchangeable byte for byte;
 * only `generateEcdhKey` makes randomness, from the platform’s CSPRNG.
 */
export interface CryptoProvider {
  /** Where the primitives come from, such as `noble`. */
  readonly name: string
  /** SHA-256 of the parts, joined: 32 bytes. */
  sha256(...parts: readonly Uint8Array[]): Uint8Array
  /** HMAC-SHA256 of the parts, joined: 32 bytes. */
  hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array
  /**
   * Prepares a key for many tags.
   * @param key of any length; copied, never kept.
   */
  hmacKey(key: Uint8Array): HmacKey
  /** A fresh P-256 key pair. */
  generateEcdhKey(): EcdhKey
  /**
   * The key pair of a P-256 private key.
   * @param privateKey 32 bytes, big-endian.
   * @throws DecodeError `length-wrong` or `point-invalid` unless 32 bytes in 1 to n - 1.
   */
  importEcdhKey(privateKey: Uint8Array): EcdhKey
  /**
   * Reads a point of 33 (compressed) or 65 (uncompressed) bytes.
   * @throws DecodeError `point-invalid` for any other length or first byte, or off the curve.
   */
  decodePoint(bytes: Uint8Array): P256Point
  /**
   * Prepares an AES-256-GCM key.
   * @param key 32 bytes; copied or imported, never kept.
   */
  aeadKey(key: Uint8Array): AeadKey
  /**
   * AES-256 of one block, without a mode.
   * @param key 32 bytes.
   * @param block 16 bytes; so has the result.
   */
  encryptBlock(key: Uint8Array, block: Uint8Array): Uint8Array
  /**
   * The inverse of `encryptBlock`.
   * @param key 32 bytes.
   * @param block 16 bytes; so has the result.
   */
  decryptBlock(key: Uint8Array, block: Uint8Array): Uint8Array
  /**
   * The DER ECDSA signature over SHA-256 of the message (COSE algorithm -7); it may differ from call to call. Optional: only
   * the
   * software authenticator signs, and without this it uses noble, which is slower on Node.
   * @param privateKey 32-byte scalar.
   * @throws DecodeError as `importEcdhKey` does.
   */
  signEs256?(privateKey: Uint8Array, message: Uint8Array): Uint8Array
  /**
   * The ML-DSA key pair of a seed. Optional: only the software authenticator signs, and without this it uses noble.
   * @param seed 32 bytes.
   * @returns undefined where the platform has no ML-DSA.
   */
  mlDsaKey?(parameterSet: MlDsaParameterSet, seed: Uint8Array): MlDsaKey | undefined
}
