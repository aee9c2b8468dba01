import { ecb, gcm } from '@noble/ciphers/aes.js'
import { mapHashToField } from '@noble/curves/abstract/modular.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { randomBytes } from '@noble/hashes/utils.js'
import type { Hash } from '@noble/hashes/utils.js'
import { p256Point } from '../bytes/brands.js'
import type { P256Point } from '../bytes/brands.js'
import { equalBytes, wipeBytes } from '../bytes/bytes.js'
import { DecodeError, UsageError } from '../errors.js'
import { requireBlock, requireNonce } from './aes-sizes.js'
import { NoblePoint } from './noble-p256.js'
import { P256, P256_SEED_BYTES } from './p256.js'
import type { AeadKey, CryptoProvider, EcdhKey, HmacKey } from './provider.js'
import { Redacted } from './redacted.js'
import { SecretBytes } from './secret-bytes.js'

const PRIVATE_KEY_BYTES = 32
const TAG_BYTES = 16

class NobleEcdhKey extends Redacted implements EcdhKey {
  readonly publicKey: P256Point
  readonly #secret: SecretBytes

  /** Throws for a private key that is not in 1 to n - 1. */
  constructor(privateKey: Uint8Array) {
    super()
    this.publicKey = p256Point(NoblePoint.BASE.multiply(scalar(privateKey)).toBytes(false))
    this.#secret = new SecretBytes(privateKey)
  }

  sharedSecret(peer: P256Point): Uint8Array {
    const compressed = NoblePoint.fromBytes(peer).multiply(scalar(this.#secret.bytes)).toBytes(true)
    const x = compressed.slice(1)
    wipeBytes(compressed)
    return x
  }

  destroy(): void {
    this.#secret.destroy()
  }
}

class NobleAeadKey extends Redacted implements AeadKey {
  readonly #secret: SecretBytes

  constructor(key: Uint8Array) {
    super()
    this.#secret = new SecretBytes(key)
  }

  seal(nonce: Uint8Array, associatedData: Uint8Array, plaintext: Uint8Array): Uint8Array {
    return this.#cipher(nonce, associatedData).encrypt(plaintext)
  }

  open(nonce: Uint8Array, associatedData: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    const cipher = this.#cipher(nonce, associatedData)
    if (sealed.length < TAG_BYTES) return undefined
    try {
      return cipher.decrypt(sealed)
    } catch {
      return undefined
    }
  }

  destroy(): void {
    this.#secret.destroy()
  }

  #cipher(nonce: Uint8Array, associatedData: Uint8Array): ReturnType<typeof gcm> {
    requireNonce(nonce)
    return gcm(this.#secret.bytes, nonce, associatedData)
  }
}

class NobleHmacKey extends Redacted implements HmacKey {
  // The hash states after both pads. Each check copies them into the same working object.
  readonly #prepared: ReturnType<typeof hmac.create>
  readonly #trial: ReturnType<typeof hmac.create>
  readonly #mac = new Uint8Array(sha256.outputLen)
  #destroyed = false

  constructor(key: Uint8Array) {
    super()
    this.#prepared = hmac.create(sha256, key)
    this.#trial = hmac.create(sha256, key)
  }

  verify(message: Uint8Array, tag: Uint8Array): boolean {
    if (this.#destroyed) throw new UsageError('session-misused', 'the key has been destroyed')
    this.#prepared._cloneInto(this.#trial).update(message).digestInto(this.#mac)
    return equalBytes(this.#mac.subarray(0, tag.length), tag)
  }

  destroy(): void {
    this.#destroyed = true
    this.#prepared.destroy()
    this.#trial.destroy()
    wipeBytes(this.#mac)
  }
}

const scalar = (privateKey: Uint8Array): bigint => NoblePoint.Fn.fromBytes(privateKey)

function generateEcdhKey(): EcdhKey {
  const seed = randomBytes(P256_SEED_BYTES)
  const privateKey = mapHashToField(seed, P256.n)
  const key = new NobleEcdhKey(privateKey)
  wipeBytes(seed)
  wipeBytes(privateKey)
  return key
}

function importEcdhKey(privateKey: Uint8Array): EcdhKey {
  if (privateKey.length !== PRIVATE_KEY_BYTES) {
    throw new DecodeError(
      'length-wrong',
      `a P-256 private key has ${PRIVATE_KEY_BYTES} bytes, not ${privateKey.length}`,
    )
  }
  try {
    return new NobleEcdhKey(privateKey)
  } catch (cause) {
    throw new DecodeError('point-invalid', 'the private key is not one of P-256', { cause })
  }
}

function digest(hash: Hash<unknown>, parts: readonly Uint8Array[]): Uint8Array {
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function blockCipher(key: Uint8Array, block: Uint8Array): ReturnType<typeof ecb> {
  requireBlock(key, block)
  return ecb(key, { disablePadding: true })
}

function decodePoint(bytes: Uint8Array): P256Point {
  try {
    return p256Point(NoblePoint.fromBytes(bytes).toBytes(false))
  } catch (cause) {
    throw new DecodeError('point-invalid', 'the bytes are not a point of P-256', { cause })
  }
}

/**
 * The provider that runs everywhere: audited pure JavaScript (`@noble/*`), randomness from `crypto.getRandomValues`.
 *
 * @example
 * const key = nobleProvider.generateEcdhKey()
 */
export const nobleProvider: CryptoProvider = {
  name: 'noble',

  sha256: (...parts) => digest(sha256.create(), parts),

  hmacSha256: (key, ...parts) => digest(hmac.create(sha256, key), parts),

  hmacKey: key => new NobleHmacKey(key),

  generateEcdhKey,
  importEcdhKey,
  decodePoint,

  aeadKey: key => new NobleAeadKey(key),

  encryptBlock: (key, block) => blockCipher(key, block).encrypt(block),

  decryptBlock: (key, block) => blockCipher(key, block).decrypt(block),
}
