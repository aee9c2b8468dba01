import type { AeadKey, CryptoProvider, EcdhKey } from '../../src/crypto/provider.js'
import { reusedKey } from './reused-key.js'

/** HMAC keys of this length are secrets here: pseudorandom keys, chaining keys and the second half of an advert’s key. */
const SECRET_HMAC_KEY_BYTES = 32

/** A provider that knows which of its secrets are still there. */
export interface WatchedSecrets {
  readonly crypto: CryptoProvider
  /** Watches another byte string, too. */
  remember(secret: Uint8Array): void
  /** Key pairs and ciphers that were not destroyed. */
  living(): readonly string[]
  /** How many byte strings that passed as keys, or came out as shared secrets, were not wiped. */
  unwiped(): number
}

export function watchSecrets(inner: CryptoProvider): WatchedSecrets {
  const objects = new Map<object, string>()
  const bytes = new Set<Uint8Array>()
  const watched = <Key extends { destroy(): void }>(key: Key, kind: string): Key => {
    const destroy = key.destroy.bind(key)
    objects.set(key, kind)
    key.destroy = () => {
      objects.delete(key)
      destroy()
    }
    return key
  }
  const remember = (secret: Uint8Array): Uint8Array => {
    bytes.add(secret)
    return secret
  }
  const watchedEcdh = (key: EcdhKey): EcdhKey => {
    const sharedSecret = key.sharedSecret.bind(key)
    key.sharedSecret = peer => remember(sharedSecret(peer))
    return watched(key, 'ECDH key')
  }
  const crypto: CryptoProvider = {
    ...inner,
    generateEcdhKey: () => watchedEcdh(inner.generateEcdhKey()),
    importEcdhKey: privateKey => watchedEcdh(reusedKey(inner, privateKey)),
    aeadKey: key => watched<AeadKey>(inner.aeadKey(remember(key)), 'AEAD key'),
    encryptBlock: (key, block) => inner.encryptBlock(remember(key), block),
    decryptBlock: (key, block) => inner.decryptBlock(remember(key), block),
    hmacSha256: (key, ...parts) =>
      inner.hmacSha256(key.length === SECRET_HMAC_KEY_BYTES ? remember(key) : key, ...parts),
  }
  return {
    crypto,
    remember,
    living: () => [...objects.values()],
    unwiped: () => [...bytes].filter(secret => secret.some(byte => byte !== 0)).length,
  }
}
