import { DecodeError } from '../errors.js'
import type { CodeOf } from '../errors.js'
import { DEEPEST_CBOR } from './limits.js'
import type { CborLimits } from './limits.js'
import { isUtf8 } from './utf8-scan.js'

/** What cbor-x decodes otherwise than we want it, and `restore` mends. */
export interface Oddities {
  /** Whether there are integers of 64 bits. */
  readonly wideIntegers: boolean
  /** Which texts, counted from 0 in the order of the bytes, lose a byte order mark. */
  readonly markedTexts: readonly number[]
}

const MAJOR_UNSIGNED = 0
const MAJOR_NEGATIVE = 1
const MAJOR_BYTES = 2
const MAJOR_TEXT = 3
const MAJOR_ARRAY = 4
const MAJOR_MAP = 5
const MAJOR_TAG = 6

// The low five bits of an item's first byte (RFC 8949 section 3).
const INFO_BITS = 5
const INFO_MASK = 0x1f
const INFO_ONE_BYTE = 24
const INFO_TWO_BYTES = 25
const INFO_FOUR_BYTES = 26
const INFO_EIGHT_BYTES = 27
const INFO_INDEFINITE = 31
const SIMPLE_FALSE = 20
const SIMPLE_TRUE = 21
const SIMPLE_NULL = 22
const SIMPLE_ONE_BYTE_FIRST = 32

const TWO_BYTE_FIRST = 2 ** 8
const FOUR_BYTE_FIRST = 2 ** 16
const EIGHT_BYTE_FIRST = 2 ** 32

// cbor-x reads longer texts with a TextDecoder that swallows the mark.
const MARK_KEPT_BYTES = 64
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const

/**
 * Passes once over the bytes and refuses all but one item of CTAP2 canonical CBOR (CTAP 2.2 section 8) whose map keys are
 * integers of at most 53 bits, byte strings or text.
 * @throws DecodeError `cbor-malformed`, `cbor-not-canonical`, `cbor-limit`, `cbor-unexpected` (a map key of another type).
 */
export function validateCbor(bytes: Uint8Array, limits: CborLimits): Oddities {
  if (bytes.length > limits.maxBytes) {
    throw new DecodeError('cbor-limit', `CBOR of ${bytes.length} bytes, more than ${limits.maxBytes}`)
  }
  const validator = new Validator(bytes, limits)
  validator.wholeItem()
  return validator
}

class Validator implements Oddities {
  wideIntegers = false
  readonly markedTexts: number[] = []
  readonly #bytes: Uint8Array
  readonly #maxDepth: number
  readonly #maxItems: number
  #position = 0
  #items = 1
  #texts = 0

  constructor(bytes: Uint8Array, limits: CborLimits) {
    this.#bytes = bytes
    this.#maxDepth = Math.min(limits.maxDepth, DEEPEST_CBOR)
    this.#maxItems = limits.maxItems
  }

  wholeItem(): void {
    this.#item(0)
    if (this.#position !== this.#bytes.length) throw this.#error('cbor-malformed', 'bytes behind the item')
  }

  #item(depth: number): void {
    const initial = this.#byte()
    const info = initial & INFO_MASK
    switch (initial >> INFO_BITS) {
      case MAJOR_UNSIGNED:
      case MAJOR_NEGATIVE:
        this.#argument(info)
        return
      case MAJOR_BYTES:
        this.#skip(this.#length(info))
        return
      case MAJOR_TEXT:
        this.#text(this.#length(info))
        return
      case MAJOR_ARRAY:
        this.#array(this.#length(info), depth + 1)
        return
      case MAJOR_MAP:
        this.#map(this.#length(info), depth + 1)
        return
      case MAJOR_TAG:
        throw this.#tag(info)
      default:
        this.#simple(info)
    }
  }

  #text(length: number): void {
    const start = this.#position
    this.#skip(length)
    if (!isUtf8(this.#bytes, start, this.#position)) throw this.#error('cbor-malformed', 'text is not UTF-8')
    if (
      length > MARK_KEPT_BYTES &&
      BYTE_ORDER_MARK.every((byte, index) => this.#bytes[start + index] === byte)
    ) {
      this.markedTexts.push(this.#texts)
    }
    this.#texts++
  }

  #array(length: number, depth: number): void {
    this.#enter(length, depth)
    for (let index = 0; index < length; index++) this.#item(depth)
  }

  #map(size: number, depth: number): void {
    this.#enter(2 * size, depth)
    let previousStart = 0
    let previousEnd = 0
    for (let index = 0; index < size; index++) {
      const start = this.#position
      this.#key()
      const end = this.#position
      if (index > 0) this.#ascending(previousStart, previousEnd, start, end)
      previousStart = start
      previousEnd = end
      this.#item(depth)
    }
  }

  #enter(items: number, depth: number): void {
    if (depth > this.#maxDepth) throw this.#error('cbor-limit', `more than ${this.#maxDepth} levels`)
    // Each item has a byte at least; so a short input cannot claim many.
    if (items > this.#bytes.length - this.#position) throw this.#error('cbor-malformed', 'input ends early')
    this.#items += items
    if (this.#items > this.#maxItems) throw this.#error('cbor-limit', `more than ${this.#maxItems} items`)
  }

  #key(): void {
    const initial = this.#byte()
    const major = initial >> INFO_BITS
    if (major === MAJOR_TEXT) {
      this.#text(this.#length(initial & INFO_MASK))
    } else if (major === MAJOR_BYTES) {
      this.#skip(this.#length(initial & INFO_MASK))
    } else if (major <= MAJOR_NEGATIVE) {
      const argument = this.#argument(initial & INFO_MASK)
      const size = major === MAJOR_NEGATIVE ? argument + 1 : argument
      if (size > Number.MAX_SAFE_INTEGER) throw this.#error('cbor-unexpected', 'a map key beyond 53 bits')
    } else throw this.#error('cbor-unexpected', 'a map key that is no integer, byte string or text')
  }

  /** With shortest forms only, the canonical order of two keys is that of their encodings, byte by byte. */
  #ascending(start: number, end: number, nextStart: number, nextEnd: number): void {
    const shared = Math.min(end - start, nextEnd - nextStart)
    for (let offset = 0; offset < shared; offset++) {
      const difference = (this.#bytes[start + offset] ?? 0) - (this.#bytes[nextStart + offset] ?? 0)
      if (difference < 0) return
      if (difference > 0) throw this.#error('cbor-not-canonical', 'map keys out of order')
    }
    throw this.#error('cbor-not-canonical', 'a map key twice')
  }

  #tag(info: number): DecodeError {
    return info > INFO_EIGHT_BYTES
      ? this.#error('cbor-malformed', 'a reserved first byte')
      : this.#error('cbor-not-canonical', 'a tag')
  }

  #simple(info: number): void {
    if (info === SIMPLE_FALSE || info === SIMPLE_TRUE || info === SIMPLE_NULL) return
    if (info > INFO_EIGHT_BYTES) throw this.#error('cbor-malformed', 'a break, or a reserved first byte')
    if (info === INFO_ONE_BYTE && this.#byte() < SIMPLE_ONE_BYTE_FIRST) {
      throw this.#error('cbor-malformed', 'a simple value in two bytes that has one')
    }
    throw this.#error('cbor-not-canonical', 'a float, or a simple value other than false, true and null')
  }

  #length(info: number): number {
    if (info === INFO_INDEFINITE) throw this.#error('cbor-not-canonical', 'an indefinite length')
    return this.#argument(info)
  }

  /** Beyond 2^53 the result is only near the truth, which is enough for every comparison made here. */
  #argument(info: number): number {
    if (info < INFO_ONE_BYTE) return info
    switch (info) {
      case INFO_ONE_BYTE:
        return this.#shortest(this.#byte(), INFO_ONE_BYTE)
      case INFO_TWO_BYTES:
        return this.#shortest(this.#uint16(), TWO_BYTE_FIRST)
      case INFO_FOUR_BYTES:
        return this.#shortest(this.#uint32(), FOUR_BYTE_FIRST)
      case INFO_EIGHT_BYTES:
        this.wideIntegers = true
        return this.#shortest(this.#uint32() * EIGHT_BYTE_FIRST + this.#uint32(), EIGHT_BYTE_FIRST)
      default:
        throw this.#error('cbor-malformed', 'a reserved first byte')
    }
  }

  #shortest(value: number, smallest: number): number {
    if (value < smallest)
      throw this.#error('cbor-not-canonical', 'an integer or length that is not in its shortest form')
    return value
  }

  #uint32(): number {
    return this.#uint16() * FOUR_BYTE_FIRST + this.#uint16()
  }

  #uint16(): number {
    return this.#byte() * TWO_BYTE_FIRST + this.#byte()
  }

  #byte(): number {
    const byte = this.#bytes[this.#position]
    if (byte === undefined) throw this.#error('cbor-malformed', 'input ends early')
    this.#position++
    return byte
  }

  #skip(length: number): void {
    if (length > this.#bytes.length - this.#position) throw this.#error('cbor-malformed', 'input ends early')
    this.#position += length
  }

  #error(code: CodeOf<'decode'>, message: string): DecodeError {
    return new DecodeError(code, `${message}, at byte ${this.#position}`)
  }
}
