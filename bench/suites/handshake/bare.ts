import { createCipheriv, createECDH, createHmac, createSecretKey, hash, randomBytes } from 'node:crypto'

/** What a KNpsk0 or NKpsk0 handshake cannot do without, both sides together. */
export const OPERATIONS = { keyPair: 2, ecdh: 4, hmac: 32, sha256: 14, aead: 4 } as const

export type Operation = keyof typeof OPERATIONS

const CURVE = 'prime256v1'
const own = createECDH(CURVE)
own.generateKeys()
const peer = createECDH(CURVE).generateKeys()
const key = createSecretKey(randomBytes(32))
const nonce = new Uint8Array(12)
const [handshakeHash, point, both] = [randomBytes(32), randomBytes(65), randomBytes(97)]

/**
 * Each operation as plainly as `node:crypto` does it when it is used well: ECDH objects and KeyObjects held, one-shot
 * hashing, results thrown away.
 */
const BARE: Readonly<Record<Operation, () => void>> = {
  keyPair: () => void createECDH(CURVE).generateKeys(),
  ecdh: () => void own.computeSecret(peer),
  hmac: () => void createHmac('sha256', key).update(point).digest(),
  sha256: () => void hash('sha256', both, 'buffer'),
  aead: () => {
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    cipher.setAAD(handshakeHash)
    cipher.final()
    cipher.getAuthTag()
  },
}

/**
 * The operations of one handshake in bare calls, without protocol; evenly mixed, since a handshake too has hashes between one
 * ECDH and the next, and what comes in a row finds its tables in the cache.
 */
export function bareHandshake(counts: Readonly<Record<Operation, number>> = OPERATIONS): () => void {
  const calls = Object.entries(counts)
    .flatMap(([operation, count]) =>
      Array.from({ length: count }, (_, index) => ({
        call: BARE[operation as Operation],
        place: (index + 0.5) / count,
      })),
    )
    .sort((one, other) => one.place - other.place)
    .map(({ call }) => call)
  return () => {
    for (const call of calls) call()
  }
}
