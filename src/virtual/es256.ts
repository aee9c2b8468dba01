import { ecdsa } from '@noble/curves/abstract/weierstrass.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { NoblePoint } from '../crypto/noble-p256.js'
import { P256_SEED_BYTES } from '../crypto/p256.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { COSE_ALGORITHM, encodeEs256Key } from '../ctap/cose-key.js'
import type { Random } from '../ports/clock.js'
import type { CredentialKey, SignatureAlgorithm } from './signature-algorithm.js'

const p256 = /* @__PURE__ */ ecdsa(NoblePoint, sha256)

/** ECDSA on P-256 with SHA-256; private keys are 32-byte scalars. */
export const es256Algorithm: SignatureAlgorithm = {
  id: COSE_ALGORITHM.es256,
  generate: (random, crypto) => Promise.resolve(generateEs256Key(random, crypto)),
  sign: (privateKey, message, crypto) => Promise.resolve(signEs256(privateKey, message, crypto)),
}

function generateEs256Key(random: Random, crypto: CryptoProvider): CredentialKey {
  const privateKey = p256.utils.randomSecretKey(random.bytes(P256_SEED_BYTES))
  const pair = crypto.importEcdhKey(privateKey)
  const publicKey = encodeEs256Key(pair.publicKey)
  pair.destroy()
  return { privateKey, publicKey }
}

/**
 * The DER ECDSA signature over SHA-256 of the message (COSE algorithm -7): the provider’s own, or noble’s, deterministic
 * after RFC 6979.
 * @param privateKey 32-byte scalar.
 */
export function signEs256(privateKey: Uint8Array, message: Uint8Array, crypto: CryptoProvider): Uint8Array {
  if (crypto.signEs256 !== undefined) return crypto.signEs256(privateKey, message)
  return p256.sign(sha256(message), privateKey, { prehash: false, format: 'der' })
}
