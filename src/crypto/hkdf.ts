import { wipeBytes } from '../bytes/bytes.js'
import { UsageError } from '../errors.js'
import type { CryptoProvider } from './provider.js'
import { Redacted } from './redacted.js'

const EMPTY = new Uint8Array()
const HASH_BYTES = 32
const MAX_BLOCKS = 255

/** HKDF-Extract with SHA-256 (RFC 5869 section 2.2): a 32-byte pseudorandom key. An empty salt means 32 zero bytes. */
export function hkdfExtract(
  crypto: CryptoProvider,
  salt: Uint8Array,
  inputKeyMaterial: Uint8Array,
): Uint8Array {
  return crypto.hmacSha256(salt.length > 0 ? salt : new Uint8Array(HASH_BYTES), inputKeyMaterial)
}

/** HKDF-Expand with SHA-256 (RFC 5869 section 2.3): `length` bytes, at most 8160. */
export function hkdfExpand(
  crypto: CryptoProvider,
  pseudorandomKey: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const blocks = new HkdfBlocks(crypto, new Uint8Array(pseudorandomKey), info)
  const output = new Uint8Array(length)
  for (let offset = 0; offset < length; offset += HASH_BYTES) {
    const block = blocks.next()
    output.set(block.subarray(0, length - offset), offset)
    wipeBytes(block)
  }
  blocks.destroy()
  return output
}

/** The blocks T(1), T(2), … of HKDF-Expand, each computed when it is asked for; 32 bytes each. */
export class HkdfBlocks extends Redacted {
  readonly #crypto: CryptoProvider
  #key: Uint8Array | undefined
  readonly #info: Uint8Array
  #previous = EMPTY
  #count = 0

  /**
   * @param pseudorandomKey taken over: `destroy` wipes it.
   * @param info not copied: do not change it before `destroy`.
   */
  constructor(crypto: CryptoProvider, pseudorandomKey: Uint8Array, info: Uint8Array = EMPTY) {
    super()
    this.#crypto = crypto
    this.#key = pseudorandomKey
    this.#info = info
  }

  /** @throws UsageError `argument-invalid` after 255 blocks, `session-misused` after `destroy`. */
  next(): Uint8Array {
    if (this.#key === undefined) throw new UsageError('session-misused', 'the key has been destroyed')
    if (this.#count === MAX_BLOCKS) {
      throw new UsageError('argument-invalid', `HKDF gives at most ${MAX_BLOCKS} blocks`)
    }
    this.#count += 1
    const index = new Uint8Array([this.#count])
    const block = this.#crypto.hmacSha256(this.#key, this.#previous, this.#info, index)
    wipeBytes(this.#previous)
    // A copy, because the caller wipes the block that it gets.
    this.#previous = new Uint8Array(block)
    return block
  }

  destroy(): void {
    if (this.#key !== undefined) wipeBytes(this.#key, this.#previous)
    this.#key = undefined
  }
}
