import type { AeadKey, CryptoProvider } from '../crypto/provider.js'
import { Redacted } from '../crypto/redacted.js'
import { ProtocolError, UsageError } from '../errors.js'

const NONCE_BYTES = 12

/** The last counter that is used (protocol.md 9). Noise itself would allow more. */
export const LAST_NONCE = 0xffffff

/**
 * A key and its nonce (Noise section 5.1). Each use takes the next nonce, so no nonce seals two messages.
 *
 * @example
 * const cipher = new CipherState(nobleProvider, random.bytes(32))
 * const sealed = cipher.encryptWithAd(new Uint8Array(), bytes)
 */
export class CipherState extends Redacted {
  readonly #key: AeadKey
  #nonce: number
  #destroyed = false

  /**
   * @param key 32 bytes; copied, never kept.
   * @param firstNonce default 0; another only in tests of the limit.
   */
  constructor(crypto: CryptoProvider, key: Uint8Array, firstNonce = 0) {
    super()
    this.#key = crypto.aeadKey(key)
    this.#nonce = firstNonce
  }

  /**
   * Seals with the next nonce.
   * @param associatedData what is authenticated beside the plaintext; empty for traffic.
   * @param plaintext of any length.
   * @returns ciphertext ‖ 16-byte tag.
   * @throws ProtocolError `counter-exhausted`; UsageError `session-misused` after `destroy`.
   */
  encryptWithAd(associatedData: Uint8Array, plaintext: Uint8Array): Uint8Array {
    const nonce = this.#nonceBytes()
    this.#nonce += 1
    return this.#key.seal(nonce, associatedData, plaintext)
  }

  /**
   * Opens with the next nonce.
   * @param associatedData what was authenticated beside the plaintext.
   * @param ciphertext ciphertext ‖ 16-byte tag.
   * @returns the plaintext, or undefined when the tag does not fit; the nonce then stays.
   * @throws ProtocolError `counter-exhausted`; UsageError `session-misused` after `destroy`.
   */
  decryptWithAd(associatedData: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined {
    const plaintext = this.#key.open(this.#nonceBytes(), associatedData, ciphertext)
    if (plaintext !== undefined) this.#nonce += 1
    return plaintext
  }

  /** Wipes the key, which cannot be used afterwards. */
  destroy(): void {
    this.#destroyed = true
    this.#key.destroy()
  }

  /** Zeros ‖ counter, big-endian (Noise section 12.4); 3 bytes of it suffice up to `LAST_NONCE`. */
  #nonceBytes(): Uint8Array {
    if (this.#destroyed) throw new UsageError('session-misused', 'the cipher has been destroyed')
    if (this.#nonce > LAST_NONCE) {
      throw new ProtocolError('counter-exhausted', `the key has sealed ${LAST_NONCE + 1} messages`)
    }
    const bytes = new Uint8Array(NONCE_BYTES)
    bytes[NONCE_BYTES - 3] = this.#nonce >> 16
    bytes[NONCE_BYTES - 2] = this.#nonce >> 8
    bytes[NONCE_BYTES - 1] = this.#nonce
    return bytes
  }
}
