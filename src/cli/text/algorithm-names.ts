import { COSE_ALGORITHM } from '../../ctap/cose-key.js'

/** What COSE calls the algorithms that passkeys sign with, by their identifiers. */
export const ALGORITHM_NAMES: ReadonlyMap<number, string> = new Map([
  [COSE_ALGORITHM.es256, 'ES256'],
  [COSE_ALGORITHM.edDsa, 'EdDSA'],
  [COSE_ALGORITHM.rs256, 'RS256'],
  [COSE_ALGORITHM.mlDsa44, 'ML-DSA-44'],
  [COSE_ALGORITHM.mlDsa65, 'ML-DSA-65'],
  [COSE_ALGORITHM.mlDsa87, 'ML-DSA-87'],
])

/** The name with the identifier, or that alone. */
export function algorithmText(id: number): string {
  const name = ALGORITHM_NAMES.get(id)
  return name === undefined ? String(id) : `${name} (${id})`
}
