import { decodeUtf8 } from '../bytes/utf8.js'
import { CborInput } from '../cbor/input.js'
import { DEFAULT_CBOR_LIMITS } from '../cbor/limits.js'
import type { CborKey, CborMap, CborValue } from '../cbor/value.js'

// The three high bits of an item's first byte, then the low five (RFC 8949 section 3).
const UNSIGNED = 0
const NEGATIVE = 1
const BYTES = 2
const TEXT = 3
const ARRAY = 4
const MAP = 5
const TAG = 6
const INFO_BITS = 5
const INFO_MASK = 0x1f
const FALSE = 20
const TRUE = 21
const SIMPLE_IN_NEXT_BYTE = 24
const RESERVED_FIRST = 28
const ENCODED_CBOR = 24

/**
 * Reads one item of CBOR as ISO 18013-5 section 8.1 has it: every length definite and in its shortest form, the keys of a map in any
 * order. A tagged value comes as the value alone, and CBOR in a byte string (tag 24) as what it encodes; simple values other than
 * true and false, floats among them, come as null. The limits are those of `decodeCbor`, encoded CBOR counted in.
 * @throws DecodeError `cbor-malformed`, `cbor-not-canonical`, `cbor-limit`, `cbor-unexpected` (a map key of another type), or that of
 * `decodeUtf8`.
 */
export function decodeMdocCbor(bytes: Uint8Array): CborValue {
  return new MdocReader().whole(bytes, 0)
}

class MdocReader {
  #items = 1

  whole(bytes: Uint8Array, depth: number): CborValue {
    const input = new CborInput(bytes)
    if (bytes.length > DEFAULT_CBOR_LIMITS.maxBytes) throw input.error('cbor-limit', 'too many bytes')
    const value = this.#item(input, depth)
    if (input.rest > 0) throw input.error('cbor-malformed', 'bytes behind the item')
    return value
  }

  #item(input: CborInput, depth: number): CborValue {
    const initial = input.byte()
    const info = initial & INFO_MASK
    switch (initial >> INFO_BITS) {
      case UNSIGNED:
        return input.argument(info)
      case NEGATIVE:
        return -1 - input.argument(info)
      case BYTES:
        return input.take(input.length(info))
      case TEXT:
        return decodeUtf8(input.take(input.length(info)))
      case ARRAY:
        return this.#array(input, input.length(info), depth + 1)
      case MAP:
        return this.#map(input, input.length(info), depth + 1)
      case TAG:
        return this.#tagged(input, input.argument(info), depth + 1)
      default:
        return simple(input, info)
    }
  }

  #array(input: CborInput, length: number, depth: number): readonly CborValue[] {
    this.#enter(input, length, depth)
    return Array.from({ length }, () => this.#item(input, depth))
  }

  #map(input: CborInput, size: number, depth: number): CborMap {
    this.#enter(input, 2 * size, depth)
    const map = new Map<CborKey, CborValue>()
    for (let index = 0; index < size; index++) {
      const key = this.#item(input, depth)
      if (typeof key !== 'string' && typeof key !== 'number')
        throw input.error('cbor-unexpected', 'a map key other than an integer or text')
      if (map.has(key)) throw input.error('cbor-not-canonical', 'a map key twice')
      map.set(key, this.#item(input, depth))
    }
    return map
  }

  #tagged(input: CborInput, tag: number, depth: number): CborValue {
    this.#enter(input, 1, depth)
    const value = this.#item(input, depth)
    if (tag !== ENCODED_CBOR) return value
    if (value instanceof Uint8Array) return this.whole(value, depth)
    throw input.error('cbor-malformed', 'encoded CBOR that is not a byte string')
  }

  #enter(input: CborInput, items: number, depth: number): void {
    const { maxDepth, maxItems } = DEFAULT_CBOR_LIMITS
    if (depth > maxDepth) throw input.error('cbor-limit', `more than ${maxDepth} levels`)
    // Each item takes at least one byte, so a short input cannot claim many.
    if (items > input.rest) throw input.error('cbor-malformed', 'input ends early')
    this.#items += items
    if (this.#items > maxItems) throw input.error('cbor-limit', `more than ${maxItems} items`)
  }
}

function simple(input: CborInput, info: number): boolean | null {
  if (info >= RESERVED_FIRST) throw input.error('cbor-malformed', 'a break, or a reserved first byte')
  if (info >= SIMPLE_IN_NEXT_BYTE) input.skip(2 ** (info - SIMPLE_IN_NEXT_BYTE))
  return info === TRUE ? true : info === FALSE ? false : null
}
