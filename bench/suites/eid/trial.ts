import { createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { AdvertKey, eid, eidKey, nobleProvider, sealAdvert, tryAdvertKeys } from 'fido-hybrid/wire'
import type { CryptoProvider, EidKey } from 'fido-hybrid/wire'

const [CIPHERTEXT_BYTES, CIPHER_KEY_BYTES, KEY_BYTES] = [16, 32, 64]

/** An advert that is for nobody here. */
const FOREIGN = sealAdvert(nobleProvider, eidKey(new Uint8Array(KEY_BYTES)), eid(new Uint8Array(16)))

const someKeys = (count: number): EidKey[] =>
  Array.from({ length: count }, () => eidKey(new Uint8Array(randomBytes(KEY_BYTES))))

/** Tries one foreign advert with so many keys, prepared once, as a laptop does that many phones are linked to. */
export function eidTrial(crypto: CryptoProvider, count: number): () => void {
  const keys = someKeys(count).map(key => new AdvertKey(crypto, key))
  return () => {
    if (tryAdvertKeys(keys, FOREIGN) !== undefined) throw new Error('it opens')
  }
}

/** The same in plain calls: HMAC for every key, and AES only for the key that fits, which none does. */
export function plainTrial(count: number): () => void {
  const keys = someKeys(count)
  const [ciphertext, tag] = [FOREIGN.subarray(0, CIPHERTEXT_BYTES), FOREIGN.subarray(CIPHERTEXT_BYTES)]
  return () => {
    for (const key of keys) {
      const mac = createHmac('sha256', key.subarray(CIPHER_KEY_BYTES)).update(ciphertext).digest()
      if (mac.compare(tag, 0, tag.length, 0, tag.length) !== 0) continue
      createDecipheriv('aes-256-ecb', key.subarray(0, CIPHER_KEY_BYTES), null).update(ciphertext)
      throw new Error('it opens')
    }
  }
}
