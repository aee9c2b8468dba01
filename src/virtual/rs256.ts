import { decodeBase64url } from '../bytes/base64url.js'
import { COSE_ALGORITHM, encodeCoseKey } from '../ctap/cose-key.js'
import { UnsupportedError } from '../errors.js'
import type { CredentialKey, SignatureAlgorithm } from './signature-algorithm.js'

// WebCrypto, because the curves library has no RSA; every runtime has it, browsers on secure pages only.
const SCHEME = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
const MODULUS_BITS = 2048
const EXPONENT_65537 = [1, 0, 1] as const

/** RSASSA-PKCS1-v1_5 with SHA-256 and 2048 bits; private keys are PKCS #8. Keys come from the platform’s randomness. */
export const rs256Algorithm: SignatureAlgorithm = {
  id: COSE_ALGORITHM.rs256,
  generate: generateRs256Key,
  sign: signRs256,
}

async function generateRs256Key(): Promise<CredentialKey> {
  const subtle = webCrypto()
  const scheme = { ...SCHEME, modulusLength: MODULUS_BITS, publicExponent: Uint8Array.from(EXPONENT_65537) }
  const pair = await subtle.generateKey(scheme, true, ['sign', 'verify'])
  const [pkcs8, { n = '', e = '' }] = await Promise.all([
    subtle.exportKey('pkcs8', pair.privateKey),
    subtle.exportKey('jwk', pair.publicKey),
  ])
  const numbers = { modulus: decodeBase64url(n), exponent: decodeBase64url(e) }
  const publicKey = encodeCoseKey({ type: 'rsa', algorithm: COSE_ALGORITHM.rs256, ...numbers })
  return { privateKey: new Uint8Array(pkcs8), publicKey }
}

async function signRs256(privateKey: Uint8Array, message: Uint8Array): Promise<Uint8Array> {
  const subtle = webCrypto()
  const key = await subtle.importKey('pkcs8', Uint8Array.from(privateKey), SCHEME, false, ['sign'])
  return new Uint8Array(await subtle.sign(SCHEME.name, key, Uint8Array.from(message)))
}

// The types know no page without it.
function webCrypto(
  platform: Partial<typeof globalThis.crypto> = globalThis.crypto,
): typeof globalThis.crypto.subtle {
  if (platform.subtle !== undefined) return platform.subtle
  throw new UnsupportedError('capability-missing', 'RS256 needs WebCrypto, which this page or runtime lacks')
}
