import { eid, EID_BYTES, EID_KEY_BYTES } from '../bytes/brands.js'
import type { Eid, EidKey } from '../bytes/brands.js'
import { requireBytes } from '../bytes/require-bytes.js'
import type { CryptoProvider, HmacKey } from '../crypto/provider.js'
import { Redacted } from '../crypto/redacted.js'
import { SecretBytes } from '../crypto/secret-bytes.js'
import { hasReservedByte } from './eid.js'
import { ADVERT_BYTES, splitServiceData } from './service-data.js'

const CIPHER_KEY_BYTES = 32
const TAG_BYTES: number = ADVERT_BYTES - EID_BYTES

/**
 * The AES key and the HMAC key inside an EID key: views, not copies (protocol.md 4.2).
 * @throws UsageError `argument-invalid` unless the key has 64 bytes.
 *
 * @example
 * const { cipherKey, tagKey } = splitEidKey(deriveEidKey(crypto, secret)) // 32 bytes each
 */
export function splitEidKey(key: EidKey): { cipherKey: Uint8Array; tagKey: Uint8Array } {
  requireBytes('key', key, EID_KEY_BYTES)
  return { cipherKey: key.subarray(0, CIPHER_KEY_BYTES), tagKey: key.subarray(CIPHER_KEY_BYTES) }
}

/**
 * The key of an advert, prepared once to be tried on many adverts: a trial takes two short hashes, and AES only when the
 * tag fits. Prints as `[redacted]`.
 *
 * @example
 * const advertKey = new AdvertKey(crypto, deriveEidKey(crypto, secret))
 * const found = tryAdvertKeys([advertKey], serviceData)
 * advertKey.destroy()
 */
export class AdvertKey extends Redacted {
  readonly #crypto: CryptoProvider
  readonly #cipherKey: SecretBytes
  readonly #tagKey: HmacKey

  /** Copies the key. @throws UsageError `argument-invalid` unless it has 64 bytes. */
  constructor(crypto: CryptoProvider, key: EidKey) {
    super()
    this.#crypto = crypto
    const { cipherKey, tagKey } = splitEidKey(key)
    this.#cipherKey = new SecretBytes(cipherKey)
    this.#tagKey = crypto.hmacKey(tagKey)
  }

  /**
   * The plaintext of an advert; undefined when it is not for this key. All adverts that are not for this key take the same
   * time.
   * @param ciphertext the first 16 bytes of the advert.
   * @param tag the 4 bytes behind them.
   * @throws UsageError `session-misused` after `destroy`, `argument-invalid` for other lengths.
   */
  open(ciphertext: Uint8Array, tag: Uint8Array): Eid | undefined {
    requireBytes('tag', tag, TAG_BYTES)
    if (!this.#tagKey.verify(ciphertext, tag)) return undefined
    const plaintext = this.#crypto.decryptBlock(this.#cipherKey.bytes, ciphertext)
    return hasReservedByte(plaintext) ? eid(plaintext) : undefined
  }

  /** Wipes the key, which cannot be used afterwards. */
  destroy(): void {
    this.#cipherKey.destroy()
    this.#tagKey.destroy()
  }
}

/** An advert that one of several keys opened. */
export interface OpenedAdvert<Key extends AdvertKey> {
  readonly key: Key
  /** What `decodeEid` reads, and what the PSK is salted with. */
  readonly plaintext: Eid
}

/**
 * Tries one advert with several keys (protocol.md 5.3), one for each linked device. The result is the first key that fits,
 * with the plaintext.
 * The tunnel service identifier is not looked at.
 * @param serviceData 20 bytes, and perhaps a suffix.
 * @throws UsageError `session-misused` for a key that was destroyed.
 *
 * @example
 * const keys = links.map(link => new AdvertKey(crypto, deriveEidKey(crypto, link.linkSecret, nonce)))
 * const found = tryAdvertKeys(keys, serviceData)
 */
export function tryAdvertKeys<Key extends AdvertKey>(
  keys: Iterable<Key>,
  serviceData: Uint8Array,
): OpenedAdvert<Key> | undefined {
  const advert = splitServiceData(serviceData)?.advert
  if (advert === undefined) return undefined
  const ciphertext = advert.subarray(0, EID_BYTES)
  const tag = advert.subarray(EID_BYTES)
  for (const key of keys) {
    const plaintext = key.open(ciphertext, tag)
    if (plaintext !== undefined) return { key, plaintext }
  }
  return undefined
}
