import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js'
import { describe, expect, test } from 'vitest'
import { concatBytes } from '../../src/bytes/bytes.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { encodeUtf8 } from '../../src/bytes/utf8.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import type { MlDsaParameterSet } from '../../src/crypto/provider.js'
import { COSE_ALGORITHM, decodeCoseKey } from '../../src/ctap/cose-key.js'
import { encodeSubjectPublicKeyInfo } from '../../src/ctap/subject-public-key-info.js'
import { signatureAlgorithm } from '../../src/virtual/signature-algorithms.js'
import { providers } from '../support/providers.js'
import { thrownBy } from '../support/thrown.js'
import vectors from './ml-dsa.json' with { type: 'json' }

interface Known {
  readonly name: string
  readonly parameterSet: MlDsaParameterSet
  readonly seed: string
}

interface MlDsaVectors {
  readonly keys: readonly (Known & { readonly publicKeySha256: string })[]
  readonly signatures: readonly (Known & {
    readonly message: string
    readonly context: string
    readonly signatureSha256: string
  })[]
  readonly subjectPublicKeyInfo: readonly (Known & {
    readonly length: number
    readonly beginning: string
    readonly spkiSha256: string
  })[]
}

const { keys, signatures, subjectPublicKeyInfo } = vectors as MlDsaVectors

const SCHEMES = { 'ML-DSA-44': ml_dsa44, 'ML-DSA-65': ml_dsa65, 'ML-DSA-87': ml_dsa87 } as const
const IDS = {
  'ML-DSA-44': COSE_ALGORITHM.mlDsa44,
  'ML-DSA-65': COSE_ALGORITHM.mlDsa65,
  'ML-DSA-87': COSE_ALGORITHM.mlDsa87,
} as const
const SIGNATURE_BYTES = { 'ML-DSA-44': 2420, 'ML-DSA-65': 3309, 'ML-DSA-87': 4627 } as const
const PARAMETER_SETS: readonly MlDsaParameterSet[] = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']
const MESSAGE = encodeUtf8('a message')

const sha256 = (bytes: Uint8Array): string => encodeHex(nobleProvider.sha256(bytes))

describe('the package @noble/post-quantum', () => {
  test.each(signatures)(
    'signs as $parameterSet does: $name',
    ({ parameterSet, signatureSha256, ...known }) => {
      const scheme = SCHEMES[parameterSet]
      const { secretKey } = scheme.keygen(decodeHex(known.seed))
      const options = { context: decodeHex(known.context), extraEntropy: false } as const
      expect(sha256(scheme.sign(decodeHex(known.message), secretKey, options))).toBe(signatureSha256)
    },
  )
})

describe.each(providers)('ML-DSA over $name', crypto => {
  test.each(keys)(
    'makes the key of $parameterSet: $name',
    async ({ parameterSet, seed, publicKeySha256 }) => {
      const random = { bytes: () => decodeHex(seed) }
      const made = await signatureAlgorithm(IDS[parameterSet])?.generate(random, crypto)
      const key = decodeCoseKey(made?.publicKey ?? new Uint8Array())
      expect(encodeHex(made?.privateKey ?? new Uint8Array())).toBe(seed)
      expect(key).toMatchObject({ type: 'akp', algorithm: IDS[parameterSet] })
      expect(sha256(key.type === 'akp' ? key.publicKey : new Uint8Array())).toBe(publicKeySha256)
    },
  )

  test.each(PARAMETER_SETS)('signs with %s what the package verifies', async parameterSet => {
    const seed = new Uint8Array(32).fill(7)
    const scheme = SCHEMES[parameterSet]
    const { publicKey } = scheme.keygen(seed)
    const signature = await signatureAlgorithm(IDS[parameterSet])?.sign(seed, MESSAGE, crypto)
    expect(signature).toHaveLength(SIGNATURE_BYTES[parameterSet])
    expect(scheme.verify(signature ?? new Uint8Array(), MESSAGE, publicKey)).toBe(true)
    expect(scheme.verify(signature ?? new Uint8Array(), concatBytes(MESSAGE, MESSAGE), publicKey)).toBe(false)
  })
})

describe.each(providers.filter(provider => provider.mlDsaKey !== undefined))('$name', crypto => {
  test.each([31, 33])('takes no seed of %d bytes', length => {
    const error = thrownBy(() => crypto.mlDsaKey?.('ML-DSA-44', new Uint8Array(length)))
    expect(error).toMatchObject({ code: 'argument-invalid' })
  })
})

describe('SubjectPublicKeyInfo of ML-DSA', () => {
  test.each(subjectPublicKeyInfo)('$parameterSet: $name', ({ parameterSet, seed, ...expected }) => {
    const { publicKey } = SCHEMES[parameterSet].keygen(decodeHex(seed))
    const info = encodeSubjectPublicKeyInfo({ type: 'akp', algorithm: IDS[parameterSet], publicKey })
    expect(info).toHaveLength(expected.length)
    expect(encodeHex(info?.subarray(0, 22) ?? new Uint8Array())).toBe(expected.beginning)
    expect(sha256(info ?? new Uint8Array())).toBe(expected.spkiSha256)
  })
})
