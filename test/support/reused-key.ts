import { encodeHex } from '../../src/bytes/hex.js'
import type { CryptoProvider, EcdhKey } from '../../src/crypto/provider.js'
import { UsageError } from '../../src/errors.js'

const imported = new Map<string, EcdhKey>()

/**
 * An imported key that can be destroyed like any other, while the next one of the same bytes costs nothing: importing takes as long
 * as half a handshake.
 */
export function reusedKey(crypto: CryptoProvider, privateKey: Uint8Array): EcdhKey {
  const name = `${crypto.name} ${encodeHex(privateKey)}`
  const kept = imported.get(name) ?? crypto.importEcdhKey(privateKey)
  imported.set(name, kept)
  let destroyed = false
  return {
    publicKey: kept.publicKey,
    sharedSecret: peer => {
      if (destroyed) throw new UsageError('session-misused', 'the key has been destroyed')
      return kept.sharedSecret(peer)
    },
    destroy: () => {
      destroyed = true
    },
  }
}
