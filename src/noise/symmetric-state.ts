import { HANDSHAKE_HASH_BYTES, handshakeHash } from '../bytes/brands.js'
import type { HandshakeHash } from '../bytes/brands.js'
import { wipeBytes } from '../bytes/bytes.js'
import { HkdfBlocks, hkdfExtract } from '../crypto/hkdf.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { Redacted } from '../crypto/redacted.js'
import { UsageError } from '../errors.js'
import { CipherState } from './cipher-state.js'

const EMPTY = new Uint8Array()
const LAST_ASCII = 0x7f

/** The two traffic ciphers that a handshake ends in. */
export interface SplitCiphers {
  /** Seals on the initiator’s side, opens on the responder’s. */
  readonly initiatorToResponder: CipherState
  /** Seals on the responder’s side, opens on the initiator’s. */
  readonly responderToInitiator: CipherState
}

/**
 * Chaining key, hash and handshake cipher (Noise section 5.2).
 *
 * @example
 * const state = new SymmetricState(crypto, KN_PSK0.protocolName)
 * state.mixHash(bytes)
 * state.mixKey(ephemeral.sharedSecret(publicKey))
 * const sealed = state.encryptAndHash(new Uint8Array())
 */
export class SymmetricState extends Redacted {
  readonly #crypto: CryptoProvider
  #hash: Uint8Array
  #chainingKey: Uint8Array
  // Most cipher keys are replaced before they are used, so a key is computed only when a payload needs it.
  #keySource: HkdfBlocks | undefined
  #cipher: CipherState | undefined

  /** @throws UsageError `argument-invalid` for a protocol name that is not ASCII. */
  constructor(crypto: CryptoProvider, protocolName: string) {
    super()
    this.#crypto = crypto
    this.#hash = initialHash(crypto, protocolName)
    this.#chainingKey = new Uint8Array(this.#hash)
  }

  /** `MixKey`: a new chaining key and a new cipher key from a shared secret. */
  mixKey(inputKeyMaterial: Uint8Array): void {
    const blocks = this.#chain(inputKeyMaterial)
    this.#takeChainingKey(blocks)
    this.#keySource = blocks
  }

  /** `MixHash`: the hash takes these bytes in. */
  mixHash(data: Uint8Array): void {
    this.#hash = this.#crypto.sha256(this.#hash, data)
  }

  /** `MixKeyAndHash`: as `mixKey`, and the hash takes part of the result in. For the PSK. */
  mixKeyAndHash(inputKeyMaterial: Uint8Array): void {
    const blocks = this.#chain(inputKeyMaterial)
    this.#takeChainingKey(blocks)
    const mixed = blocks.next()
    this.mixHash(mixed)
    wipeBytes(mixed)
    this.#keySource = blocks
  }

  /**
   * `EncryptAndHash`: ciphertext ‖ 16-byte tag, which the hash takes in.
   * @throws UsageError `session-misused` before `mixKey`.
   */
  encryptAndHash(plaintext: Uint8Array): Uint8Array {
    const ciphertext = this.#handshakeCipher().encryptWithAd(this.#hash, plaintext)
    this.mixHash(ciphertext)
    return ciphertext
  }

  /** The plaintext, or undefined when the tag does not fit. @throws UsageError `session-misused` before `mixKey`. */
  decryptAndHash(ciphertext: Uint8Array): Uint8Array | undefined {
    const plaintext = this.#handshakeCipher().decryptWithAd(this.#hash, ciphertext)
    this.mixHash(ciphertext)
    return plaintext
  }

  /** The traffic ciphers; the chaining key is wiped. */
  split(): SplitCiphers {
    const blocks = this.#chain(EMPTY)
    const initiatorToResponder = this.#cipherFrom(blocks)
    const responderToInitiator = this.#cipherFrom(blocks)
    blocks.destroy()
    this.destroy()
    return { initiatorToResponder, responderToInitiator }
  }

  /** `h`. After the last message it binds later messages to this handshake. */
  get handshakeHash(): HandshakeHash {
    return handshakeHash(new Uint8Array(this.#hash))
  }

  /** Wipes chaining key and cipher key. */
  destroy(): void {
    this.#dropKey()
    wipeBytes(this.#chainingKey)
  }

  #chain(inputKeyMaterial: Uint8Array): HkdfBlocks {
    return new HkdfBlocks(this.#crypto, hkdfExtract(this.#crypto, this.#chainingKey, inputKeyMaterial))
  }

  #takeChainingKey(blocks: HkdfBlocks): void {
    this.destroy()
    this.#chainingKey = blocks.next()
  }

  #handshakeCipher(): CipherState {
    if (this.#keySource !== undefined) {
      this.#cipher = this.#cipherFrom(this.#keySource)
      this.#keySource.destroy()
      this.#keySource = undefined
    }
    if (this.#cipher === undefined)
      throw new UsageError('session-misused', 'call mixKey first: the state has no key yet')
    return this.#cipher
  }

  #cipherFrom(blocks: HkdfBlocks): CipherState {
    const key = blocks.next()
    const cipher = new CipherState(this.#crypto, key)
    wipeBytes(key)
    return cipher
  }

  #dropKey(): void {
    this.#keySource?.destroy()
    this.#keySource = undefined
    this.#cipher?.destroy()
    this.#cipher = undefined
  }
}

/**
 * Names of up to 32 bytes are padded with zeros, longer ones are hashed. @throws UsageError `argument-invalid` unless ASCII
 * (Noise section 8).
 */
function initialHash(crypto: CryptoProvider, protocolName: string): Uint8Array {
  const { length } = protocolName
  const bytes = new Uint8Array(Math.max(HANDSHAKE_HASH_BYTES, length))
  for (let index = 0; index < length; index++) {
    const letter = protocolName.charCodeAt(index)
    if (letter > LAST_ASCII) throw new UsageError('argument-invalid', 'the protocol name must be ASCII')
    bytes[index] = letter
  }
  return length > HANDSHAKE_HASH_BYTES ? crypto.sha256(bytes) : bytes
}
