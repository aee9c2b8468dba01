import { compareRanges } from './byte-order.js'

// The low five bits of an item's first byte: the argument itself, or how many bytes of it follow (RFC 8949 section 3).
const ONE_BYTE = 24
const TWO_BYTES = 25
const FOUR_BYTES = 26
const EIGHT_BYTES = 27

const ONE_BYTE_END = 2 ** 8
const TWO_BYTES_END = 2 ** 16
const FOUR_BYTES_END = 2 ** 32
const HEAD_MAX_BYTES = 9

const KEPT_BYTES = 4096

/** Bytes that grow as they are written, and that are wiped after use. */
export class CborOutput {
  // Few messages are longer, so most writes reuse these bytes.
  readonly #kept = new Uint8Array(KEPT_BYTES)
  #bytes = this.#kept
  #length = 0

  /** How many bytes are written so far. */
  get length(): number {
    return this.#length
  }

  /** Drops the bytes behind an earlier length. */
  set length(length: number) {
    this.#length = length
  }

  /** A copy of what was written. */
  slice(start: number, end: number): Uint8Array {
    return this.#bytes.slice(start, end)
  }

  /** Writes over what was written, at `position`. */
  replace(position: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, position)
  }

  /** The order of two ranges of the output, as `compareRanges` tells it. */
  compare(start: number, end: number, otherStart: number, otherEnd: number): number {
    return compareRanges(this.#bytes, start, end, otherStart, otherEnd)
  }

  byte(byte: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = byte
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** Appends one byte a letter. @returns false, with nothing appended, when a letter’s code is `end` or above. */
  appendLetters(text: string, end: number): boolean {
    this.#reserve(text.length)
    const bytes = this.#bytes
    const start = this.#length
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index)
      if (unit >= end) return false
      bytes[start + index] = unit
    }
    this.#length = start + text.length
    return true
  }

  /**
   * The first byte of an item, and its argument in the shortest form.
   * @param major the major type, in the three high bits.
   * @param argument 0 to 2^53 - 1.
   */
  head(major: number, argument: number): void {
    this.#reserve(HEAD_MAX_BYTES)
    if (argument < ONE_BYTE) this.#bytes[this.#length++] = major | argument
    else if (argument < ONE_BYTE_END) {
      this.#bytes[this.#length++] = major | ONE_BYTE
      this.#bytes[this.#length++] = argument
    } else this.#longHead(major, argument)
  }

  /** The same for an argument of 0 to 2^64 - 1. */
  wideHead(major: number, argument: bigint): void {
    if (argument <= Number.MAX_SAFE_INTEGER) {
      this.head(major, Number(argument))
      return
    }
    this.#reserve(HEAD_MAX_BYTES)
    this.#bytes[this.#length++] = major | EIGHT_BYTES
    this.#uint32(Number(argument >> 32n))
    this.#uint32(Number(argument & 0xffff_ffffn))
  }

  /** Wipes what was written. */
  clear(): void {
    this.#bytes.fill(0, 0, this.#length)
    this.#bytes = this.#kept
    this.#length = 0
  }

  #longHead(major: number, argument: number): void {
    if (argument < TWO_BYTES_END) {
      this.#bytes[this.#length++] = major | TWO_BYTES
      this.#uint16(argument)
    } else if (argument < FOUR_BYTES_END) {
      this.#bytes[this.#length++] = major | FOUR_BYTES
      this.#uint32(argument)
    } else {
      this.#bytes[this.#length++] = major | EIGHT_BYTES
      this.#uint32(Math.floor(argument / FOUR_BYTES_END))
      this.#uint32(argument % FOUR_BYTES_END)
    }
  }

  #uint32(value: number): void {
    this.#uint16(value >>> 16)
    this.#uint16(value & 0xffff)
  }

  #uint16(value: number): void {
    this.#bytes[this.#length++] = value >> 8
    this.#bytes[this.#length++] = value & 0xff
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes > this.#bytes.length) this.#grow(this.#length + bytes)
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(2 * needed)
    larger.set(this.#bytes)
    this.#bytes.fill(0)
    this.#bytes = larger
  }
}
