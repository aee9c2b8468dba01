import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { wipeBytes } from '../../bytes/bytes.js'
import { requireBytes } from '../../bytes/require-bytes.js'
import type { MlDsaKey, MlDsaParameterSet } from '../../crypto/provider.js'
import { plain } from './plain.js'

const SEED_BYTES = 32

/** What is around the seed in a PKCS #8 key that holds nothing else, up to the last byte of the object identifier (RFC 9881 section 6). */
const BEFORE_LAST_OF_OID = Buffer.from('3034020100300b06096086480165030403', 'hex')
const LAST_OF_OID = { 'ML-DSA-44': 0x11, 'ML-DSA-65': 0x12, 'ML-DSA-87': 0x13 } as const
const BEFORE_SEED = Buffer.from('04228020', 'hex')

/** What is before the key itself in a SubjectPublicKeyInfo. */
const BEFORE_PUBLIC_KEY_BYTES = 22

/** Node has ML-DSA from 24.7 on. */
export function mlDsaKey(parameterSet: MlDsaParameterSet, seed: Uint8Array): MlDsaKey | undefined {
  requireBytes('seed', seed, SEED_BYTES)
  const key = imported(parameterSet, seed)
  if (key === undefined) return undefined
  const info = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return {
    publicKey: plain(info).slice(BEFORE_PUBLIC_KEY_BYTES),
    sign: message => plain(sign(undefined, message, key)),
  }
}

/** undefined where the platform does not know the algorithm, as Node 22, whose OpenSSL reads such keys, and which cannot sign with them. */
function imported(parameterSet: MlDsaParameterSet, seed: Uint8Array): KeyObject | undefined {
  const der = Buffer.concat([BEFORE_LAST_OF_OID, Uint8Array.of(LAST_OF_OID[parameterSet]), BEFORE_SEED, seed])
  try {
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    const type: string | undefined = key.asymmetricKeyType
    return type === parameterSet.toLowerCase() ? key : undefined
  } catch {
    return undefined
  } finally {
    wipeBytes(der)
  }
}
