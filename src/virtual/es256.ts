import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { Random } from '../ports/clock.js'

// FIPS 186-5 A.2.1: a third more than the order, so that the remainder has no bias worth the name.
const SEED_BYTES = 48

/** A fresh 32-byte P-256 scalar. */
export function generateEs256Key(random: Random): Uint8Array {
  return p256.utils.randomSecretKey(random.bytes(SEED_BYTES))
}

/**
 * The DER ECDSA signature over SHA-256 of the message (COSE algorithm -7), deterministic after RFC 6979.
 * @param privateKey 32-byte scalar.
 */
export function signEs256(privateKey: Uint8Array, message: Uint8Array): Uint8Array {
  return p256.sign(sha256(message), privateKey, { prehash: false, format: 'der' })
}
