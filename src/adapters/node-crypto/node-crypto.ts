/**
 * Cryptography by OpenSSL of `node:crypto`.
 * @module
 */
import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createPrivateKey,
  createSecretKey,
  sign,
} from 'node:crypto'
import type { ECDH, KeyObject } from 'node:crypto'
import { p256Point } from '../../bytes/brands.js'
import type { P256Point } from '../../bytes/brands.js'
import { wipeBytes } from '../../bytes/bytes.js'
import { requireBlock, requireNonce } from '../../crypto/aes-sizes.js'
import type { AeadKey, CryptoProvider, EcdhKey } from '../../crypto/provider.js'
import { Redacted } from '../../crypto/redacted.js'
import { SecretBytes } from '../../crypto/secret-bytes.js'
import { DecodeError, UsageError } from '../../errors.js'
import { hmacSha256, NodeHmacKey, sha256 } from './hashes.js'
import { mlDsaKey } from './ml-dsa.js'
import { plain } from './plain.js'
import { CURVE, isPointForm, uncompressedPoint } from './point.js'

const PRIVATE_KEY_BYTES = 32
const AEAD = 'aes-256-gcm'
const TAG_BYTES = 16
const AEAD_OPTIONS = { authTagLength: TAG_BYTES } as const

class NodeEcdhKey extends Redacted implements EcdhKey {
  readonly publicKey: P256Point
  #ecdh: ECDH | undefined
  readonly #scalar: SecretBytes | undefined

  /** @param scalar what the key was imported from: Deno keeps no copy of its own. */
  constructor(ecdh: ECDH, publicKey: Buffer, scalar?: SecretBytes) {
    super()
    this.#ecdh = ecdh
    this.#scalar = scalar
    this.publicKey = p256Point(plain(publicKey))
  }

  sharedSecret(peer: P256Point): Uint8Array {
    return plain(alive(this.#ecdh).computeSecret(peer))
  }

  /** OpenSSL wipes the scalar when the object is collected. */
  destroy(): void {
    this.#ecdh = undefined
    this.#scalar?.destroy()
  }
}

class NodeAeadKey extends Redacted implements AeadKey {
  #bytes: SecretBytes | undefined
  #key: KeyObject | undefined

  constructor(key: Uint8Array) {
    super()
    this.#bytes = new SecretBytes(key)
  }

  seal(nonce: Uint8Array, associatedData: Uint8Array, plaintext: Uint8Array): Uint8Array {
    requireNonce(nonce)
    const cipher = createCipheriv(AEAD, this.#imported(), nonce, AEAD_OPTIONS)
    if (associatedData.length > 0) cipher.setAAD(associatedData)
    const sealed = new Uint8Array(plaintext.length + TAG_BYTES)
    if (plaintext.length > 0) sealed.set(cipher.update(plaintext))
    cipher.final()
    sealed.set(cipher.getAuthTag(), plaintext.length)
    return sealed
  }

  open(nonce: Uint8Array, associatedData: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    requireNonce(nonce)
    const decipher = createDecipheriv(AEAD, this.#imported(), nonce, AEAD_OPTIONS)
    const end = sealed.length - TAG_BYTES
    if (end < 0) return undefined
    if (associatedData.length > 0) decipher.setAAD(associatedData)
    decipher.setAuthTag(sealed.subarray(end))
    const plaintext = end > 0 ? plain(decipher.update(sealed.subarray(0, end))) : new Uint8Array()
    try {
      decipher.final()
    } catch {
      wipeBytes(plaintext)
      return undefined
    }
    return plaintext
  }

  destroy(): void {
    this.#bytes?.destroy()
    this.#bytes = undefined
    this.#key = undefined
  }

  /** Imported when it is first used: the traffic keys of a handshake are not needed before its answer has left. */
  #imported(): KeyObject {
    if (this.#key !== undefined) return this.#key
    const bytes = alive(this.#bytes)
    this.#key = createSecretKey(bytes.bytes)
    bytes.destroy()
    return this.#key
  }
}

function generateEcdhKey(): EcdhKey {
  const ecdh = createECDH(CURVE)
  return new NodeEcdhKey(ecdh, ecdh.generateKeys())
}

function importEcdhKey(privateKey: Uint8Array): EcdhKey {
  if (privateKey.length !== PRIVATE_KEY_BYTES) {
    throw new DecodeError(
      'length-wrong',
      `a P-256 private key has ${PRIVATE_KEY_BYTES} bytes, not ${privateKey.length}`,
    )
  }
  const ecdh = createECDH(CURVE)
  const scalar = new SecretBytes(privateKey)
  try {
    ecdh.setPrivateKey(scalar.bytes)
  } catch (cause) {
    scalar.destroy()
    throw new DecodeError('point-invalid', 'the private key is not one of P-256', { cause })
  }
  return new NodeEcdhKey(ecdh, ecdh.getPublicKey(), scalar)
}

// An ECPrivateKey (RFC 5915 section 3) of version 1 with the name of P-256 and the public key: what is around scalar and point.
const BEFORE_SCALAR = Buffer.from('30770201010420', 'hex')
const BEFORE_POINT = Buffer.from('a00a06082a8648ce3d030107a144034200', 'hex')

/**
 * Not by PKCS #8, which OpenSSL 3.0 takes three times as long to read; with the public key, which BoringSSL (Bun, Electron) does
 * not do without.
 */
function signEs256(privateKey: Uint8Array, message: Uint8Array): Uint8Array {
  // OpenSSL would take zero, and more than the order.
  const key = importEcdhKey(privateKey)
  const der = Buffer.concat([BEFORE_SCALAR, privateKey, BEFORE_POINT, key.publicKey])
  key.destroy()
  try {
    return plain(sign('sha256', message, createPrivateKey({ key: der, format: 'der', type: 'sec1' })))
  } finally {
    wipeBytes(der)
  }
}

function decodePoint(bytes: Uint8Array): P256Point {
  if (!isPointForm(bytes)) {
    throw new DecodeError('point-invalid', `a P-256 point has 33 or 65 bytes, not ${bytes.length}`)
  }
  const point = uncompressedPoint(bytes)
  if (point === undefined) throw new DecodeError('point-invalid', 'the point is not on P-256')
  return p256Point(point)
}

/**
 * OpenSSL through `node:crypto`: twenty times as fast as the portable provider. Keys are held as native objects, since
 * importing them anew costs more than using them.
 */
export const nodeCryptoProvider: CryptoProvider = {
  name: 'node:crypto',

  sha256: (...parts) => sha256(parts),

  hmacSha256: (key, ...parts) => hmacSha256(key, parts),

  hmacKey: key => new NodeHmacKey(key),

  generateEcdhKey,
  importEcdhKey,
  decodePoint,

  aeadKey: key => new NodeAeadKey(key),

  encryptBlock: (key, block) => {
    requireBlock(key, block)
    return plain(createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(block))
  },

  decryptBlock: (key, block) => {
    requireBlock(key, block)
    return plain(createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(block))
  },

  signEs256,

  mlDsaKey,
}

function alive<Key>(key: Key | undefined): Key {
  if (key === undefined) throw new UsageError('session-misused', 'the key has been destroyed')
  return key
}
