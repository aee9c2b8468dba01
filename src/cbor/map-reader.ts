import { DecodeError } from '../errors.js'
import type { CodeOf } from '../errors.js'
import type { CborKey, CborMap, CborValue } from './value.js'

/** Lengths that a byte string may have, in bytes. */
export interface ByteLength {
  readonly min: number
  readonly max: number
}

/**
 * Reads the members of one CBOR map into precise types. Every failure is a DecodeError with the reader’s code
 * that names the map and the member. Unknown members are simply never asked for.
 *
 * @example
 * const reader = mapReader(decodeCbor(bytes), 'QR payload', 'qr-payload-invalid')
 * const secret = qrSecret(reader.bytes(1, 'secret', 16))
 * const time = reader.ifPresent(3)?.uint(3, 'time')
 */
export class MapReader {
  readonly #map: CborMap
  readonly #what: string
  readonly #code: CodeOf<'decode'>

  constructor(map: CborMap, what: string, code: CodeOf<'decode'>) {
    this.#map = map
    this.#what = what
    this.#code = code
  }

  /** A byte string, of exactly `length` bytes or within the given bounds. */
  bytes(key: CborKey, name: string, length?: number | ByteLength): Uint8Array {
    const value = this.#map.get(key)
    if (!(value instanceof Uint8Array)) throw this.#wrong(name, 'a byte string', value)
    const { min, max } = typeof length === 'object' ? length : { min: length ?? 0, max: length ?? Infinity }
    if (value.length < min || value.length > max) {
      throw this.#error(`${name} has ${min === max ? min : `${min} to ${max}`} bytes, not ${value.length}`)
    }
    return value
  }

  text(key: CborKey, name: string): string {
    const value = this.#map.get(key)
    if (typeof value !== 'string') throw this.#wrong(name, 'text', value)
    return value
  }

  /** An integer of 0 to 2^53 - 1. */
  uint(key: CborKey, name: string): number {
    const value = this.#map.get(key)
    if (typeof value !== 'number' || value < 0) throw this.#wrong(name, 'an unsigned integer', value)
    return value
  }

  /** An integer of -(2^53 - 1) to 2^53 - 1. */
  int(key: CborKey, name: string): number {
    const value = this.#map.get(key)
    if (typeof value !== 'number') throw this.#wrong(name, 'an integer', value)
    return value
  }

  boolean(key: CborKey, name: string): boolean {
    const value = this.#map.get(key)
    if (typeof value !== 'boolean') throw this.#wrong(name, 'a boolean', value)
    return value
  }

  array(key: CborKey, name: string): readonly CborValue[] {
    const value = this.#map.get(key)
    if (!isCborArray(value)) throw this.#wrong(name, 'an array', value)
    return value
  }

  map(key: CborKey, name: string): CborMap {
    const value = this.#map.get(key)
    if (!isCborMap(value)) throw this.#wrong(name, 'a map', value)
    return value
  }

  /** This reader when the map has the key: `reader.ifPresent(3)?.uint(3, 'time')`. */
  ifPresent(key: CborKey): this | undefined {
    return this.#map.has(key) ? this : undefined
  }

  #wrong(name: string, expected: string, value: CborValue | undefined): DecodeError {
    return this.#error(value === undefined ? `${name} is missing` : `${name} is not ${expected}`)
  }

  #error(message: string): DecodeError {
    return new DecodeError(this.#code, `${this.#what}: ${message}`)
  }
}

/** @throws DecodeError with `code` when the value is not a map. */
export function mapReader(
  value: CborValue,
  what: string,
  code: CodeOf<'decode'> = 'cbor-unexpected',
): MapReader {
  if (isCborMap(value)) return new MapReader(value, what, code)
  throw new DecodeError(code, `${what} is not a map`)
}

export function isCborMap(value: CborValue | undefined): value is CborMap {
  return value instanceof Map
}

export function isCborArray(value: CborValue | undefined): value is readonly CborValue[] {
  return Array.isArray(value)
}
