import { decodeUtf8 } from '../bytes/utf8.js'
import { DecodeError } from '../errors.js'
import { CborInput } from './input.js'
import { DEEPEST_CBOR } from './limits.js'
import type { CborLimits } from './limits.js'
import type { CborKey, CborMap, CborValue } from './value.js'

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
const SIMPLE_IN_NEXT_BYTE = 24
const RESERVED_FIRST = 28
const FALSE = 20
const TRUE = 21
const NULL = 22
const TWO_BYTE_SIMPLE_FIRST = 32

// The platform's decoder is faster for longer text.
const SHORT_TEXT_BYTES = 24

/** Reads one item of CTAP2 canonical CBOR (CTAP 2.2 section 8) in one pass, and refuses all else. */
export class CborReader {
  readonly #input: CborInput
  readonly #maxDepth: number
  readonly #maxItems: number
  #items = 1

  /** @throws DecodeError `cbor-limit` for too many bytes. */
  constructor(bytes: Uint8Array, limits: CborLimits) {
    if (bytes.length > limits.maxBytes) {
      throw new DecodeError('cbor-limit', `the CBOR has ${bytes.length} bytes, more than ${limits.maxBytes}`)
    }
    this.#input = new CborInput(bytes)
    this.#maxDepth = Math.min(limits.maxDepth, DEEPEST_CBOR)
    this.#maxItems = limits.maxItems
  }

  /**
   * The one item; bytes behind it are an error.
   * @throws DecodeError `cbor-malformed`, `cbor-not-canonical`, `cbor-limit`, `cbor-unexpected` (a map key of another type).
   */
  read(): CborValue {
    const value = this.#item(0)
    if (this.#input.rest > 0) throw this.#input.error('cbor-malformed', 'bytes behind the item')
    return value
  }

  #item(depth: number): CborValue {
    const initial = this.#input.byte()
    const info = initial & INFO_MASK
    switch (initial >> INFO_BITS) {
      case UNSIGNED:
        return this.#unsigned(info)
      case NEGATIVE:
        return this.#negative(info)
      case BYTES:
        return this.#input.take(this.#input.length(info))
      case TEXT:
        return this.#text(this.#input.length(info))
      case ARRAY:
        return this.#array(this.#input.length(info), depth + 1)
      case MAP:
        return this.#map(this.#input.length(info), depth + 1)
      case TAG:
        throw this.#tag(info)
      default:
        return this.#simple(info)
    }
  }

  #unsigned(info: number): number | bigint {
    const argument = this.#input.argument(info)
    return argument <= Number.MAX_SAFE_INTEGER ? argument : this.#input.wideArgument()
  }

  #negative(info: number): number | bigint {
    const argument = this.#input.argument(info)
    return argument < Number.MAX_SAFE_INTEGER ? -1 - argument : -1n - this.#input.wideArgument()
  }

  #text(length: number): string {
    const start = this.#input.skip(length)
    const ascii = length <= SHORT_TEXT_BYTES ? this.#input.asciiSince(start) : undefined
    return ascii ?? this.#utf8Since(start)
  }

  #utf8Since(start: number): string {
    try {
      return decodeUtf8(this.#input.since(start))
    } catch {
      throw this.#input.error('cbor-malformed', 'text is not UTF-8')
    }
  }

  #array(length: number, depth: number): readonly CborValue[] {
    this.#enter(length, depth)
    const array: CborValue[] = []
    for (let index = 0; index < length; index++) array.push(this.#item(depth))
    return array
  }

  #map(size: number, depth: number): CborMap {
    this.#enter(2 * size, depth)
    const map = new Map<CborKey, CborValue>()
    let previousStart = 0
    let previousEnd = 0
    for (let index = 0; index < size; index++) {
      const start = this.#input.position
      const key = this.#key()
      const end = this.#input.position
      if (index > 0) this.#checkOrder(previousStart, previousEnd, start, end)
      previousStart = start
      previousEnd = end
      map.set(key, this.#item(depth))
    }
    return map
  }

  #enter(items: number, depth: number): void {
    if (depth > this.#maxDepth) throw this.#input.error('cbor-limit', `more than ${this.#maxDepth} levels`)
    // Each item takes at least one byte, so a short input cannot claim many.
    if (items > this.#input.rest) throw this.#input.error('cbor-malformed', 'input ends early')
    this.#items += items
    if (this.#items > this.#maxItems)
      throw this.#input.error('cbor-limit', `more than ${this.#maxItems} items`)
  }

  #key(): CborKey {
    const initial = this.#input.byte()
    const info = initial & INFO_MASK
    switch (initial >> INFO_BITS) {
      case UNSIGNED:
        return this.#integerKey(this.#unsigned(info))
      case NEGATIVE:
        return this.#integerKey(this.#negative(info))
      case BYTES:
        return this.#input.take(this.#input.length(info))
      case TEXT:
        return this.#text(this.#input.length(info))
      default:
        throw this.#input.error('cbor-unexpected', 'a map key other than an integer, byte string or text')
    }
  }

  #integerKey(key: number | bigint): number {
    if (typeof key === 'bigint') throw this.#input.error('cbor-unexpected', 'a map key beyond 53 bits')
    return key
  }

  #checkOrder(start: number, end: number, nextStart: number, nextEnd: number): void {
    const order = this.#input.compare(start, end, nextStart, nextEnd)
    if (order < 0) return
    if (order > 0) throw this.#input.error('cbor-not-canonical', 'map keys out of order')
    throw this.#input.error('cbor-not-canonical', 'a map key twice')
  }

  #tag(info: number): DecodeError {
    return info >= RESERVED_FIRST
      ? this.#input.error('cbor-malformed', 'a reserved first byte')
      : this.#input.error('cbor-not-canonical', 'a tag')
  }

  #simple(info: number): boolean | null {
    switch (info) {
      case FALSE:
        return false
      case TRUE:
        return true
      case NULL:
        return null
      default:
        throw this.#notSimple(info)
    }
  }

  #notSimple(info: number): DecodeError {
    if (info >= RESERVED_FIRST)
      return this.#input.error('cbor-malformed', 'a break, or a reserved first byte')
    if (info === SIMPLE_IN_NEXT_BYTE && this.#input.byte() < TWO_BYTE_SIMPLE_FIRST) {
      return this.#input.error('cbor-malformed', 'a simple value in two bytes that has one')
    }
    return this.#input.error(
      'cbor-not-canonical',
      'a float, or a simple value other than false, true and null',
    )
  }
}
