import type { Eid, EidKey } from '../bytes/brands.js'
import { concatBytes } from '../bytes/bytes.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { AdvertKey, tryAdvertKeys } from './advert-key.js'

const TAG_BYTES = 4
const CIPHER_KEY_BYTES = 32

/** Encrypts and authenticates an advert’s plaintext: 20 bytes of service data (protocol.md 5.1). */
export function sealAdvert(crypto: CryptoProvider, key: EidKey, plaintext: Eid): Uint8Array {
  const ciphertext = crypto.encryptBlock(cipherKey(key), plaintext)
  return concatBytes(ciphertext, tag(crypto, key, ciphertext))
}

/**
 * Tries an advert with a key (protocol.md 5.3), for once. The tunnel service identifier is not looked at: it means nothing in
 * state-assisted transactions.
 * @param serviceData 20 bytes, and perhaps a suffix.
 * @returns the plaintext, or undefined when the advert is not for this key.
 */
export function openAdvert(crypto: CryptoProvider, key: EidKey, serviceData: Uint8Array): Eid | undefined {
  const advertKey = new AdvertKey(crypto, key)
  try {
    return tryAdvertKeys([advertKey], serviceData)?.plaintext
  } finally {
    advertKey.destroy()
  }
}

function cipherKey(key: EidKey): Uint8Array {
  return key.subarray(0, CIPHER_KEY_BYTES)
}

function tag(crypto: CryptoProvider, key: EidKey, ciphertext: Uint8Array): Uint8Array {
  return crypto.hmacSha256(key.subarray(CIPHER_KEY_BYTES), ciphertext).subarray(0, TAG_BYTES)
}
