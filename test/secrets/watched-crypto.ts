import type { CryptoProvider, EcdhKey } from '../../src/crypto/provider.js'
import type { Random } from '../../src/ports/clock.js'

/** Bytes that nobody may see, and what they are. */
export interface Secret {
  readonly what: string
  readonly bytes: Uint8Array
}

/** Shorter values may turn up by chance. */
const SECRET_MIN_BYTES = 16

/** A provider and a source of randomness that remember every secret that goes through them. */
export function watchedCrypto(
  inner: CryptoProvider,
  random: Random,
): { crypto: CryptoProvider; random: Random; secrets: readonly Secret[] } {
  const secrets: Secret[] = []
  const keep = (what: string, bytes: Uint8Array): Uint8Array => {
    // Zeros are the salt of HKDF, and nobody’s secret.
    if (bytes.length >= SECRET_MIN_BYTES && bytes.some(byte => byte !== 0))
      secrets.push({ what, bytes: bytes.slice() })
    return bytes
  }
  const watchEcdh = (key: EcdhKey): EcdhKey => ({
    publicKey: key.publicKey,
    sharedSecret: peer => keep('shared secret', key.sharedSecret(peer)),
    destroy: () => {
      key.destroy()
    },
  })
  const crypto: CryptoProvider = {
    ...inner,
    hmacSha256: (key, ...parts) => {
      keep('HMAC key', key)
      return keep('derived key', inner.hmacSha256(key, ...parts))
    },
    generateEcdhKey: () => watchEcdh(inner.generateEcdhKey()),
    importEcdhKey: privateKey => watchEcdh(inner.importEcdhKey(keep('private key', privateKey))),
    aeadKey: key => {
      const aead = inner.aeadKey(keep('AES-GCM key', key))
      return {
        seal: (nonce, data, plaintext) => aead.seal(nonce, data, keep('plaintext', plaintext)),
        open: (nonce, data, sealed) => {
          const plaintext = aead.open(nonce, data, sealed)
          return plaintext && keep('plaintext', plaintext)
        },
        destroy: () => {
          aead.destroy()
        },
      }
    },
    encryptBlock: (key, block) => inner.encryptBlock(keep('AES key', key), block),
    decryptBlock: (key, block) => inner.decryptBlock(keep('AES key', key), block),
  }
  return { crypto, random: { bytes: length => keep('random bytes', random.bytes(length)) }, secrets }
}
