import { ecdsa } from '@noble/curves/abstract/weierstrass.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { NoblePoint } from '../crypto/noble-p256.js'
import { COSE_ALGORITHM, COSE_CURVE, encodeCoseKey } from '../ctap/cose-key.js'
import type { Random } from '../ports/clock.js'
import type { CredentialKey, SignatureAlgorithm } from './signature-algorithm.js'

// FIPS 186-5 A.2.1: a third more than the order, so that the remainder has no bias worth the name.
const SEED_BYTES = 48
const COORDINATE_BYTES = 32

const p256 = ecdsa(NoblePoint, sha256)

/** ECDSA on P-256 with SHA-256; private keys are 32-byte scalars. */
export const es256Algorithm: SignatureAlgorithm = {
  id: COSE_ALGORITHM.es256,
  generate: random => Promise.resolve(generateEs256Key(random)),
  sign: (privateKey, message) => Promise.resolve(signEs256(privateKey, message)),
}

function generateEs256Key(random: Random): CredentialKey {
  const privateKey = p256.utils.randomSecretKey(random.bytes(SEED_BYTES))
  const point = p256.getPublicKey(privateKey, false)
  const x = point.slice(1, 1 + COORDINATE_BYTES)
  const y = point.slice(1 + COORDINATE_BYTES)
  const key = { type: 'ec2', algorithm: COSE_ALGORITHM.es256, curve: COSE_CURVE.p256, x, y } as const
  return { privateKey, publicKey: encodeCoseKey(key) }
}

/**
 * The DER ECDSA signature over SHA-256 of the message (COSE algorithm -7), deterministic after RFC 6979.
 * @param privateKey 32-byte scalar.
 */
export function signEs256(privateKey: Uint8Array, message: Uint8Array): Uint8Array {
  return p256.sign(sha256(message), privateKey, { prehash: false, format: 'der' })
}
