import type * as NobleMlDsa from '@noble/post-quantum/ml-dsa.js'
import type { CryptoProvider, MlDsaKey, MlDsaParameterSet } from '../crypto/provider.js'
import { COSE_ALGORITHM, encodeCoseKey } from '../ctap/cose-key.js'
import { UnsupportedError } from '../errors.js'
import type { SignatureAlgorithm } from './signature-algorithm.js'

const SEED_BYTES = 32

/** ML-DSA (FIPS 204), by the provider or else by noble; private keys are 32-byte seeds. */
export const mlDsaAlgorithms: readonly SignatureAlgorithm[] = [
  mlDsaAlgorithm(COSE_ALGORITHM.mlDsa44, 'ML-DSA-44'),
  mlDsaAlgorithm(COSE_ALGORITHM.mlDsa65, 'ML-DSA-65'),
  mlDsaAlgorithm(COSE_ALGORITHM.mlDsa87, 'ML-DSA-87'),
]

function mlDsaAlgorithm(id: number, parameterSet: MlDsaParameterSet): SignatureAlgorithm {
  const keyOf = async (seed: Uint8Array, crypto: CryptoProvider): Promise<MlDsaKey> =>
    crypto.mlDsaKey?.(parameterSet, seed) ?? (await nobleKey(parameterSet, seed))
  return {
    id,
    generate: async (random, crypto) => {
      const privateKey = random.bytes(SEED_BYTES)
      const { publicKey } = await keyOf(privateKey, crypto)
      return { privateKey, publicKey: encodeCoseKey({ type: 'akp', algorithm: id, publicKey }) }
    },
    sign: async (privateKey, message, crypto) => (await keyOf(privateKey, crypto)).sign(message),
  }
}

/** @throws UnsupportedError `package-missing`. */
async function nobleKey(parameterSet: MlDsaParameterSet, seed: Uint8Array): Promise<MlDsaKey> {
  const { ml_dsa44, ml_dsa65, ml_dsa87 } = await loadNoble()
  const scheme = { 'ML-DSA-44': ml_dsa44, 'ML-DSA-65': ml_dsa65, 'ML-DSA-87': ml_dsa87 }[parameterSet]
  const { publicKey, secretKey } = scheme.keygen(seed)
  return { publicKey, sign: message => scheme.sign(message, secretKey) }
}

async function loadNoble(): Promise<typeof NobleMlDsa> {
  try {
    return await import('@noble/post-quantum/ml-dsa.js')
  } catch (cause) {
    throw new UnsupportedError(
      'package-missing',
      'ML-DSA needs Node 24.7 or newer, or the package @noble/post-quantum',
      { cause },
    )
  }
}
