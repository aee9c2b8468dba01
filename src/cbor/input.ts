import { DecodeError } from '../errors.js'
import type { CodeOf } from '../errors.js'
import { compareRanges } from './byte-order.js'

// The low five bits of an item's first byte: the argument itself, or how many bytes of it follow (RFC 8949 section 3).
const ONE_BYTE = 24
const TWO_BYTES = 25
const FOUR_BYTES = 26
const EIGHT_BYTES = 27
const INDEFINITE = 31
const WIDE_ARGUMENT_BYTES = 8

// The smallest argument that needs this many bytes.
const TWO_BYTES_FIRST = 2 ** 8
const FOUR_BYTES_FIRST = 2 ** 16
const EIGHT_BYTES_FIRST = 2 ** 32

const ASCII_END = 0x80

/** Reads bytes from first to last, and refuses to read beyond the last. */
export class CborInput {
  readonly #bytes: Uint8Array
  #position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = isPlain(bytes) ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get position(): number {
    return this.#position
  }

  /** How many bytes are left to read. */
  get rest(): number {
    return this.#bytes.length - this.#position
  }

  byte(): number {
    const byte = this.#bytes[this.#position]
    if (byte === undefined) throw this.error('cbor-malformed', 'input ends early')
    this.#position++
    return byte
  }

  /** The argument of an item, which must be in its shortest form. Beyond 2^53 it is rounded; `wideArgument` is exact. */
  argument(info: number): number {
    if (info < ONE_BYTE) return info
    switch (info) {
      case ONE_BYTE:
        return this.#shortest(this.byte(), ONE_BYTE)
      case TWO_BYTES:
        return this.#shortest(this.#uint16(), TWO_BYTES_FIRST)
      case FOUR_BYTES:
        return this.#shortest(this.#uint32(), FOUR_BYTES_FIRST)
      case EIGHT_BYTES:
        return this.#shortest(this.#uint32() * EIGHT_BYTES_FIRST + this.#uint32(), EIGHT_BYTES_FIRST)
      default:
        throw this.error('cbor-malformed', 'a reserved first byte')
    }
  }

  /** The exact value of the eight-byte argument that was read last. */
  wideArgument(): bigint {
    this.#position -= WIDE_ARGUMENT_BYTES
    const high = this.#uint32()
    return (BigInt(high) << 32n) | BigInt(this.#uint32())
  }

  /** The argument of an item whose argument is a length; refuses the indefinite one. */
  length(info: number): number {
    if (info === INDEFINITE) throw this.error('cbor-not-canonical', 'an indefinite length')
    return this.argument(info)
  }

  /** The next bytes, as a copy. */
  take(length: number): Uint8Array {
    const start = this.skip(length)
    return this.#bytes.slice(start, this.#position)
  }

  /** Moves on by `length` bytes. @returns the position before. */
  skip(length: number): number {
    if (length > this.rest) throw this.error('cbor-malformed', 'input ends early')
    const start = this.#position
    this.#position += length
    return start
  }

  /** The bytes from `start` to here; they share memory with the input. */
  since(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.#position)
  }

  /** The bytes from `start` to here as text, when all are ASCII. */
  asciiSince(start: number): string | undefined {
    let text = ''
    let index = start
    // Four letters in one call take half the time of four calls.
    for (; index + 4 <= this.#position; index += 4) {
      const [a, b, c, d] = [this.#at(index), this.#at(index + 1), this.#at(index + 2), this.#at(index + 3)]
      if ((a | b | c | d) >= ASCII_END) return undefined
      text += String.fromCharCode(a, b, c, d)
    }
    for (; index < this.#position; index++) {
      const letter = this.#at(index)
      if (letter >= ASCII_END) return undefined
      text += String.fromCharCode(letter)
    }
    return text
  }

  /** The order of two ranges of the input, as `compareRanges` tells it. */
  compare(start: number, end: number, otherStart: number, otherEnd: number): number {
    return compareRanges(this.#bytes, start, end, otherStart, otherEnd)
  }

  error(code: CodeOf<'decode'>, message: string): DecodeError {
    return new DecodeError(code, `${message}, at byte ${this.#position}`)
  }

  #at(index: number): number {
    return this.#bytes[index] ?? ASCII_END
  }

  #shortest(value: number, smallest: number): number {
    if (value >= smallest) return value
    throw this.error('cbor-not-canonical', 'an integer or length that is not in its shortest form')
  }

  #uint32(): number {
    return this.#uint16() * FOUR_BYTES_FIRST + this.#uint16()
  }

  #uint16(): number {
    return this.byte() * TWO_BYTES_FIRST + this.byte()
  }
}

/** Not a subclass such as Buffer, whose `slice` shares memory. */
function isPlain(bytes: Uint8Array): boolean {
  return bytes.constructor === Uint8Array
}
