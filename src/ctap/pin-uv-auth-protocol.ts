import { concatBytes, equalBytes, wipeBytes } from '../bytes/bytes.js'
import type { P256Point } from '../bytes/brands.js'
import { encodeUtf8 } from '../bytes/utf8.js'
import { hkdfExpand, hkdfExtract } from '../crypto/hkdf.js'
import type { CryptoProvider, EcdhKey } from '../crypto/provider.js'
import { Redacted } from '../crypto/redacted.js'
import { SecretBytes } from '../crypto/secret-bytes.js'

/** PIN/UV auth protocols one and two (CTAP 2.2 sections 6.5.6 and 6.5.7). */
export type PinUvAuthProtocol = 1 | 2

const KEY_BYTES = 32
const BLOCK_BYTES = 16
const NO_SALT = new Uint8Array()

/** Bytes of an initialization vector. */
export const IV_BYTES: number = BLOCK_BYTES

interface ProtocolRules {
  /** kdf(Z): the key to authenticate with, and the key to encrypt with. */
  readonly keys: (crypto: CryptoProvider, z: Uint8Array) => readonly [Uint8Array, Uint8Array]
  /** Whether the initialization vector goes before the ciphertext; without one it is all zeros. */
  readonly hasIv: boolean
  readonly tagBytes: number
}

const RULES: Readonly<Record<PinUvAuthProtocol, ProtocolRules>> = {
  1: {
    keys: (crypto, z) => {
      const key = crypto.sha256(z)
      return [key, key]
    },
    hasIv: false,
    tagBytes: 16,
  },
  2: {
    keys: (crypto, z) => {
      const pseudorandomKey = hkdfExtract(crypto, NO_SALT, z)
      const key = (info: string): Uint8Array =>
        hkdfExpand(crypto, pseudorandomKey, encodeUtf8(info), KEY_BYTES)
      return [key('CTAP2 HMAC key'), key('CTAP2 AES key')]
    },
    hasIv: true,
    tagBytes: 32,
  },
}

/** Whether this library knows a protocol. */
export function isPinUvAuthProtocol(protocol: number): protocol is PinUvAuthProtocol {
  return protocol in RULES
}

/** What platform and authenticator share after a key agreement. Prints as `[redacted]`. */
export class PinUvAuthSecret extends Redacted {
  readonly #crypto: CryptoProvider
  readonly #rules: ProtocolRules
  readonly #hmacKey: SecretBytes
  readonly #aesKey: SecretBytes

  /** @param z the X coordinate of the shared point, 32 bytes. */
  constructor(crypto: CryptoProvider, protocol: PinUvAuthProtocol, z: Uint8Array) {
    super()
    this.#crypto = crypto
    this.#rules = RULES[protocol]
    const [hmacKey, aesKey] = this.#rules.keys(crypto, z)
    this.#hmacKey = new SecretBytes(hmacKey)
    this.#aesKey = new SecretBytes(aesKey)
    wipeBytes(hmacKey, aesKey)
  }

  /** AES-256-CBC without padding. @param plaintext whole blocks of 16 bytes. @param iv 16 fresh random bytes. */
  encrypt(plaintext: Uint8Array, iv: Uint8Array): Uint8Array {
    const first = this.#rules.hasIv ? iv : new Uint8Array(BLOCK_BYTES)
    let previous = first
    const sealed = blocksOf(plaintext).map(block => {
      previous = this.#crypto.encryptBlock(this.#aesKey.bytes, xor(block, previous))
      return previous
    })
    return concatBytes(...(this.#rules.hasIv ? [first] : []), ...sealed)
  }

  /** The inverse of `encrypt`; undefined unless the bytes are whole blocks. */
  decrypt(ciphertext: Uint8Array): Uint8Array | undefined {
    if (ciphertext.length === 0 || ciphertext.length % BLOCK_BYTES > 0) return undefined
    const all = blocksOf(ciphertext)
    const blocks = this.#rules.hasIv ? all : [new Uint8Array(BLOCK_BYTES), ...all]
    const open = (block: Uint8Array, previous: Uint8Array): Uint8Array =>
      xor(this.#crypto.decryptBlock(this.#aesKey.bytes, block), previous)
    const opened = blocks.slice(1).map((block, index) => open(block, blocks[index] ?? block))
    return concatBytes(...opened)
  }

  /** HMAC-SHA-256, of which protocol one keeps 16 bytes. */
  authenticate(message: Uint8Array): Uint8Array {
    return this.#crypto.hmacSha256(this.#hmacKey.bytes, message).slice(0, this.#rules.tagBytes)
  }

  verify(message: Uint8Array, tag: Uint8Array): boolean {
    return equalBytes(this.authenticate(message), tag)
  }

  destroy(): void {
    this.#hmacKey.destroy()
    this.#aesKey.destroy()
  }
}

/** ecdh of both protocols, either side. */
export function agreeOnSecret(
  crypto: CryptoProvider,
  protocol: PinUvAuthProtocol,
  own: EcdhKey,
  peer: P256Point,
): PinUvAuthSecret {
  const z = own.sharedSecret(peer)
  try {
    return new PinUvAuthSecret(crypto, protocol, z)
  } finally {
    wipeBytes(z)
  }
}

function blocksOf(bytes: Uint8Array): Uint8Array[] {
  const count = Math.ceil(bytes.length / BLOCK_BYTES)
  return Array.from({ length: count }, (_, index) =>
    bytes.slice(index * BLOCK_BYTES, (index + 1) * BLOCK_BYTES),
  )
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, index) => byte ^ (b[index] ?? 0))
}
