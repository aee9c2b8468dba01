import { derElement } from '../bytes/der.js'
import { decodeHex } from '../bytes/hex.js'
import { COSE_ALGORITHM, COSE_CURVE, decodePoint } from './cose-key.js'
import type { CoseKey } from './cose-key.js'

// DER (X.690): tags.
const TAG_INTEGER = 0x02
const TAG_BIT_STRING = 0x03
const TAG_SEQUENCE = 0x30
const SIGN_BIT = 0x80
const NO_UNUSED_BITS = /* @__PURE__ */ Uint8Array.of(0)

/** AlgorithmIdentifier contents (RFC 5480, RFC 8410, RFC 3279, RFC 9881). */
const ALGORITHM_IDENTIFIER = {
  /** id-ecPublicKey with prime256v1. */
  p256: /* @__PURE__ */ decodeHex('06072a8648ce3d020106082a8648ce3d030107'),
  /** id-Ed25519, no parameters. */
  ed25519: /* @__PURE__ */ decodeHex('06032b6570'),
  /** rsaEncryption with NULL. */
  rsa: /* @__PURE__ */ decodeHex('06092a864886f70d0101010500'),
  /** id-ml-dsa-44; those of -65 and -87 follow. No parameters. */
  mlDsa44: /* @__PURE__ */ decodeHex('0609608648016503040311'),
} as const

/**
 * The DER SubjectPublicKeyInfo of an ES256 (P-256), EdDSA (Ed25519), RS256 or ML-DSA key; undefined for others
 * (WebAuthn L3 section 5.2.1.1, `getPublicKey`).
 * @throws DecodeError `point-invalid` for an ES256 key off the curve.
 */
export function encodeSubjectPublicKeyInfo(key: CoseKey): Uint8Array | undefined {
  if (key.type === 'ec2' && key.algorithm === COSE_ALGORITHM.es256)
    return publicKeyInfo(ALGORITHM_IDENTIFIER.p256, decodePoint(key))
  if (key.type === 'okp' && key.algorithm === COSE_ALGORITHM.edDsa && key.curve === COSE_CURVE.ed25519)
    return publicKeyInfo(ALGORITHM_IDENTIFIER.ed25519, key.x)
  if (key.type === 'rsa' && key.algorithm === COSE_ALGORITHM.rs256)
    return publicKeyInfo(ALGORITHM_IDENTIFIER.rsa, sequence(unsigned(key.modulus), unsigned(key.exponent)))
  if (key.type === 'akp') return publicKeyInfo(mlDsaIdentifier(key.algorithm), key.publicKey)
  return undefined
}

/** COSE numbers and object identifiers have the same order. @param algorithm -48, -49 or -50. */
function mlDsaIdentifier(algorithm: number): Uint8Array {
  const identifier = Uint8Array.from(ALGORITHM_IDENTIFIER.mlDsa44)
  const last = identifier.length - 1
  identifier[last] = (identifier[last] ?? 0) + COSE_ALGORITHM.mlDsa44 - algorithm
  return identifier
}

function publicKeyInfo(algorithm: Uint8Array, key: Uint8Array): Uint8Array {
  return sequence(sequence(algorithm), derElement(TAG_BIT_STRING, NO_UNUSED_BITS, key))
}

function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return derElement(TAG_SEQUENCE, ...parts)
}

/** An INTEGER without needless zeros in front, but one where the highest bit would read as a sign. */
function unsigned(number: Uint8Array): Uint8Array {
  const first = number.findIndex(byte => byte !== 0)
  const digits = first < 0 ? Uint8Array.of(0) : number.subarray(first)
  const sign = (digits[0] ?? 0) >= SIGN_BIT ? Uint8Array.of(0) : new Uint8Array()
  return derElement(TAG_INTEGER, sign, digits)
}
