import { ed25519Algorithm } from './ed25519.js'
import { es256Algorithm } from './es256.js'
import { rs256Algorithm } from './rs256.js'
import type { SignatureAlgorithm } from './signature-algorithm.js'

const ALGORITHMS: ReadonlyMap<number, SignatureAlgorithm> = new Map(
  [es256Algorithm, ed25519Algorithm, rs256Algorithm].map(algorithm => [algorithm.id, algorithm]),
)

/** COSE identifiers of all that there are: ES256, EdDSA, RS256. */
export const SIGNATURE_ALGORITHMS: readonly number[] = [...ALGORITHMS.keys()]

/** undefined for an algorithm that is not known here. */
export function signatureAlgorithm(id: number): SignatureAlgorithm | undefined {
  return ALGORITHMS.get(id)
}
