import type { AeadKey, CryptoProvider, EcdhKey } from '../../src/crypto/provider.js'

/** How often a provider was asked for each kind of work. */
export interface Counts {
  generateEcdhKey: number
  ecdh: number
  hmac: number
  sha256: number
  aead: number
}

/** A provider that counts. */
export function countingProvider(inner: CryptoProvider): { crypto: CryptoProvider; counts: Counts } {
  const counts: Counts = { generateEcdhKey: 0, ecdh: 0, hmac: 0, sha256: 0, aead: 0 }
  const countEcdh = (key: EcdhKey): EcdhKey => ({
    publicKey: key.publicKey,
    sharedSecret: peer => {
      counts.ecdh += 1
      return key.sharedSecret(peer)
    },
    destroy: () => {
      key.destroy()
    },
  })
  const countAead = (key: AeadKey): AeadKey => ({
    seal: (...args) => {
      counts.aead += 1
      return key.seal(...args)
    },
    open: (...args) => {
      counts.aead += 1
      return key.open(...args)
    },
    destroy: () => {
      key.destroy()
    },
  })
  const crypto: CryptoProvider = {
    ...inner,
    sha256: (...parts) => {
      counts.sha256 += 1
      return inner.sha256(...parts)
    },
    hmacSha256: (...args) => {
      counts.hmac += 1
      return inner.hmacSha256(...args)
    },
    generateEcdhKey: () => {
      counts.generateEcdhKey += 1
      return countEcdh(inner.generateEcdhKey())
    },
    importEcdhKey: privateKey => countEcdh(inner.importEcdhKey(privateKey)),
    aeadKey: key => countAead(inner.aeadKey(key)),
  }
  return { crypto, counts }
}
