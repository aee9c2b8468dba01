import { EID_BYTES } from '../bytes/brands.js'
import type { Eid, EidKey } from '../bytes/brands.js'
import { concatBytes } from '../bytes/bytes.js'
import { requireBytes } from '../bytes/require-bytes.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { AdvertKey, splitEidKey, tryAdvertKeys } from './advert-key.js'

const TAG_BYTES = 4

/**
 * Encrypts and authenticates an advert’s plaintext: 20 bytes of service data (protocol.md 5.1).
 * @throws UsageError `argument-invalid` unless the key has 64 bytes and the plaintext 16.
 *
 * @example
 * const advert = sealAdvert(crypto, deriveEidKey(crypto, secret), eid(bytes))
 */
export function sealAdvert(crypto: CryptoProvider, key: EidKey, plaintext: Eid): Uint8Array {
  const { cipherKey, tagKey } = splitEidKey(key)
  requireBytes('plaintext', plaintext, EID_BYTES)
  const ciphertext = crypto.encryptBlock(cipherKey, plaintext)
  return concatBytes(ciphertext, crypto.hmacSha256(tagKey, ciphertext).subarray(0, TAG_BYTES))
}

/**
 * Tries one advert with one key (protocol.md 5.3); `AdvertKey` is faster for many. The tunnel service identifier is not
 * checked,
 * because it means nothing in state-assisted transactions.
 * @param serviceData 20 bytes, or more with a suffix.
 * @throws UsageError `argument-invalid` unless the key has 64 bytes.
 * @returns the plaintext, or undefined when the advert is not for this key.
 *
 * @example
 * const plaintext = openAdvert(crypto, deriveEidKey(crypto, secret), serviceData)
 * if (plaintext !== undefined) console.log(decodeEid(plaintext).tunnelServiceId)
 */
export function openAdvert(crypto: CryptoProvider, key: EidKey, serviceData: Uint8Array): Eid | undefined {
  const advertKey = new AdvertKey(crypto, key)
  try {
    return tryAdvertKeys([advertKey], serviceData)?.plaintext
  } finally {
    advertKey.destroy()
  }
}
