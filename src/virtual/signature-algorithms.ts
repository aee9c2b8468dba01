import { ed25519Algorithm } from './ed25519.js'
import { es256Algorithm } from './es256.js'
import { mlDsaAlgorithms } from './ml-dsa.js'
import { rs256Algorithm } from './rs256.js'
import type { SignatureAlgorithm } from './signature-algorithm.js'

const ALGORITHMS: ReadonlyMap<number, SignatureAlgorithm> = new Map(
  [es256Algorithm, ed25519Algorithm, rs256Algorithm, ...mlDsaAlgorithms].map(algorithm => [
    algorithm.id,
    algorithm,
  ]),
)

/** COSE identifiers of the algorithms that need no other package: ES256, EdDSA, RS256. ML-DSA is used only on demand. */
export const USUAL_ALGORITHMS: readonly number[] = [es256Algorithm.id, ed25519Algorithm.id, rs256Algorithm.id]

/** undefined for an algorithm that is not known here. */
export function signatureAlgorithm(id: number): SignatureAlgorithm | undefined {
  return ALGORITHMS.get(id)
}
