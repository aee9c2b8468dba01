import { wipeBytes } from '../bytes/bytes.js'
import { encodeUtf8 } from '../bytes/utf8.js'
import { UsageError } from '../errors.js'
import { DEFAULT_CBOR_LIMITS } from './limits.js'
import { isCborArray, isCborMap } from './map-reader.js'
import { CborOutput } from './output.js'
import type { CborKey, CborMap, CborValue } from './value.js'

// The three high bits of an item's first byte, or all eight (RFC 8949 section 3.1).
const UNSIGNED = 0x00
const NEGATIVE = 0x20
const BYTES = 0x40
const TEXT = 0x60
const ARRAY = 0x80
const MAP = 0xa0
const FALSE = 0xf4
const TRUE = 0xf5
const NULL = 0xf6

const LOWEST_INTEGER = -(2n ** 64n)
const HIGHEST_INTEGER = 2n ** 64n - 1n
const ASCII_END = 0x80
// The platform's encoder is faster for longer text.
const SHORT_TEXT_LETTERS = 64
// Start and end of a key, one after the other.
const NUMBERS_PER_KEY = 2

/** Writes CTAP2 canonical CBOR, one value at a time. */
export class CborWriter {
  readonly #output = new CborOutput()
  // Start and end of each key of the maps around the item, by position in the output. The array is never shortened: that
  // would free its memory.
  readonly #keys: number[] = []
  #keysEnd = 0

  /** @throws UsageError `argument-invalid` for a value that CTAP2 canonical CBOR cannot hold. */
  write(value: CborValue): Uint8Array {
    try {
      this.#item(value, 0)
      return this.#output.slice(0, this.#output.length)
    } finally {
      this.#output.clear()
      this.#keysEnd = 0
    }
  }

  #item(value: CborValue, depth: number): void {
    switch (typeof value) {
      case 'number':
        this.#integer(value, 'a number other than a safe integer')
        return
      case 'string':
        this.#text(value)
        return
      case 'boolean':
        this.#output.byte(value ? TRUE : FALSE)
        return
      case 'bigint':
        this.#bigInteger(value)
        return
      case 'object':
        if (value === null) this.#output.byte(NULL)
        else this.#object(value, depth)
        return
      default:
        throw refusal(typeof value)
    }
  }

  #object(value: Uint8Array | readonly CborValue[] | CborMap, depth: number): void {
    if (value instanceof Uint8Array) {
      this.#byteString(value)
      return
    }
    if (depth >= DEFAULT_CBOR_LIMITS.maxDepth) {
      throw refusal(`nesting deeper than ${DEFAULT_CBOR_LIMITS.maxDepth} levels`)
    }
    if (isCborArray(value)) this.#array(value, depth + 1)
    else if (isCborMap(value)) this.#map(value, depth + 1)
    else throw refusal('an object other than a Map, array or Uint8Array')
  }

  #integer(value: number, otherwise: string): void {
    if (!Number.isSafeInteger(value)) throw refusal(otherwise)
    if (value < 0) this.#output.head(NEGATIVE, -1 - value)
    else this.#output.head(UNSIGNED, value)
  }

  #bigInteger(value: bigint): void {
    if (value < LOWEST_INTEGER || value > HIGHEST_INTEGER)
      throw refusal('an integer outside -2^64 to 2^64 - 1')
    if (value < 0n) this.#output.wideHead(NEGATIVE, -1n - value)
    else this.#output.wideHead(UNSIGNED, value)
  }

  #byteString(bytes: Uint8Array): void {
    this.#output.head(BYTES, bytes.length)
    this.#output.append(bytes)
  }

  #text(text: string): void {
    if (text.length < SHORT_TEXT_LETTERS && this.#asciiText(text)) return
    if (!text.isWellFormed()) throw refusal('text with an unpaired surrogate')
    const encoded = encodeUtf8(text)
    this.#output.head(TEXT, encoded.length)
    this.#output.append(encoded)
  }

  #asciiText(text: string): boolean {
    const start = this.#output.length
    this.#output.head(TEXT, text.length)
    const isAscii = this.#output.appendLetters(text, ASCII_END)
    if (!isAscii) this.#output.length = start
    return isAscii
  }

  #array(array: readonly CborValue[], depth: number): void {
    const { length } = array
    this.#output.head(ARRAY, length)
    // By index, because iteration methods skip the holes of an array, and a hole must be refused.
    for (let index = 0; index < length; index++) {
      const item = array[index]
      this.#item(item ?? present(item), depth)
    }
  }

  #map(map: CborMap, depth: number): void {
    this.#output.head(MAP, map.size)
    const first = this.#keysEnd
    let inOrder = true
    for (const [key, value] of map) {
      const start = this.#output.length
      this.#key(key)
      inOrder &&= this.#keysEnd === first || this.#compareToLast(start) < 0
      this.#keys[this.#keysEnd++] = start
      this.#keys[this.#keysEnd++] = this.#output.length
      this.#item(value, depth)
    }
    if (this.#keysEnd - first !== NUMBERS_PER_KEY * map.size)
      throw refusal('a map that miscounts its members')
    if (!inOrder) this.#sortMembers(first)
    this.#keysEnd = first
  }

  #key(key: CborKey): void {
    if (typeof key === 'string') this.#text(key)
    else if (key instanceof Uint8Array) this.#byteString(key)
    else this.#integer(key, 'a map key other than a safe integer, byte string or text')
  }

  #compareToLast(start: number): number {
    const last = this.#keysEnd - NUMBERS_PER_KEY
    return this.#output.compare(this.#keys[last] ?? 0, this.#keys[last + 1] ?? 0, start, this.#output.length)
  }

  #sortMembers(first: number): void {
    const members = this.#members(first)
    let position = this.#keys[first] ?? 0
    members.sort((a, b) => distinct(this.#output.compare(a.start, a.keyEnd, b.start, b.keyEnd)))
    for (const { encoding } of members) {
      this.#output.replace(position, encoding)
      position += encoding.length
      wipeBytes(encoding)
    }
  }

  #members(first: number): WrittenMember[] {
    const members: WrittenMember[] = []
    for (let at = first; at < this.#keysEnd; at += NUMBERS_PER_KEY) {
      const [start = 0, keyEnd = 0] = this.#keys.slice(at, at + NUMBERS_PER_KEY)
      const next = at + NUMBERS_PER_KEY
      const end = next < this.#keysEnd ? this.#keys[next] : this.#output.length
      members.push({ start, keyEnd, encoding: this.#output.slice(start, end ?? 0) })
    }
    return members
  }
}

/** A member in the output: where it and its key are, and a copy of it. */
interface WrittenMember {
  readonly start: number
  readonly keyEnd: number
  readonly encoding: Uint8Array
}

/** Refuses two equal keys: a Map keeps two equal byte strings apart, CBOR does not. */
function distinct(order: number): number {
  if (order === 0) throw refusal('a map key twice')
  return order
}

function present(item: null | undefined): null {
  if (item === undefined) throw refusal('undefined')
  return item
}

function refusal(what: string): UsageError {
  return new UsageError('argument-invalid', `CTAP2 canonical CBOR cannot hold ${what}`)
}
