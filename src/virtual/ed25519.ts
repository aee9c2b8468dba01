import { ed25519 } from '@noble/curves/ed25519.js'
import { COSE_ALGORITHM, COSE_CURVE, encodeCoseKey } from '../ctap/cose-key.js'
import type { Random } from '../ports/clock.js'
import type { CredentialKey, SignatureAlgorithm } from './signature-algorithm.js'

const SEED_BYTES = 32

/** EdDSA on Ed25519 (RFC 8032); private keys are 32-byte seeds. */
export const ed25519Algorithm: SignatureAlgorithm = {
  id: COSE_ALGORITHM.edDsa,
  generate: random => Promise.resolve(generateEd25519Key(random)),
  sign: (privateKey, message) => Promise.resolve(ed25519.sign(message, privateKey)),
}

function generateEd25519Key(random: Random): CredentialKey {
  const privateKey = random.bytes(SEED_BYTES)
  const x = ed25519.getPublicKey(privateKey)
  const key = { type: 'okp', algorithm: COSE_ALGORITHM.edDsa, curve: COSE_CURVE.ed25519, x } as const
  return { privateKey, publicKey: encodeCoseKey(key) }
}
