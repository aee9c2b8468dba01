import { decodedOrUndefined } from '../bytes/decoded.js'
import { DecodeError } from '../errors.js'
import type { CodeOf } from '../errors.js'
import type { CborKey, CborMap, CborValue } from './value.js'

/** Lengths that a byte string may have, in bytes. */
interface ByteLength {
  readonly min: number
  readonly max: number
}

/** Makes the error that names the member: `wrong('is not text')`. */
export type Wrong = (what: string) => DecodeError

/** Reads a value of one type, or throws. */
export type CborType<Value> = (value: CborValue, wrong: Wrong) => Value

/**
 * Reads the members of one CBOR map, by the names that the specification gives to them. Every failure is a DecodeError with
 * the reader’s code that names the map and the member. Unknown members are ignored.
 *
 * @example
 * const reader = mapReader(decodeCbor(await receive()), 'QR payload', 'qr-payload-invalid', { secret: 1, time: 3 })
 * const secret = qrSecret(reader.required('secret', bytes(16)))
 * const time = reader.optional('time', uint)
 */
export class MapReader<Name extends string> {
  /** The map as it came. */
  readonly members: CborMap
  readonly #what: string
  readonly #code: CodeOf<'decode'>
  readonly #keys: Readonly<Record<Name, CborKey>> | undefined

  constructor(
    members: CborMap,
    what: string,
    code: CodeOf<'decode'>,
    keys?: Readonly<Record<Name, CborKey>>,
  ) {
    this.members = members
    this.#what = what
    this.#code = code
    this.#keys = keys
  }

  required<Value>(name: Name, type: CborType<Value>): Value {
    const value = this.#value(name)
    const wrong = this.#wrong(name)
    if (value === undefined) throw wrong('is missing')
    return type(value, wrong)
  }

  /** undefined for an absent member. */
  optional<Value>(name: Name, type: CborType<Value>): Value | undefined {
    const value = this.#value(name)
    return value === undefined ? undefined : type(value, this.#wrong(name))
  }

  /** undefined for an absent member, and for one of another type. */
  tolerated<Value>(name: Name, type: CborType<Value>): Value | undefined {
    return decodedOrUndefined(() => this.optional(name, type))
  }

  #value(name: Name): CborValue | undefined {
    return this.members.get(this.#keys?.[name] ?? name)
  }

  #wrong(name: Name): Wrong {
    return what => new DecodeError(this.#code, `${this.#what}: ${name} ${what}`)
  }
}

/**
 * @param keys of the members by their names; without them the names are the keys.
 * @throws DecodeError with `code` when the value is not a map.
 */
export function mapReader<Name extends string = string>(
  value: CborValue,
  what: string,
  code: CodeOf<'decode'>,
  keys?: Readonly<Record<Name, CborKey>>,
): MapReader<Name> {
  if (isCborMap(value)) return new MapReader(value, what, code, keys)
  throw new DecodeError(code, `${what} is not a map`)
}

/** An integer of 0 to 2^53 - 1. */
export function uint(value: CborValue, wrong: Wrong): number {
  if (typeof value === 'number' && value >= 0) return value
  throw wrong('is not an unsigned integer')
}

/** An integer of -(2^53 - 1) to 2^53 - 1. */
export function int(value: CborValue, wrong: Wrong): number {
  if (typeof value === 'number') return value
  throw wrong('is not an integer')
}

export function text(value: CborValue, wrong: Wrong): string {
  if (typeof value === 'string') return value
  throw wrong('is not text')
}

export function boolean(value: CborValue, wrong: Wrong): boolean {
  if (typeof value === 'boolean') return value
  throw wrong('is not a boolean')
}

export function map(value: CborValue, wrong: Wrong): CborMap {
  if (isCborMap(value)) return value
  throw wrong('is not a map')
}

/** A byte string, of exactly `length` bytes or within the given bounds. */
export function bytes(length: number | ByteLength = { min: 0, max: Infinity }): CborType<Uint8Array> {
  const { min, max } = typeof length === 'object' ? length : { min: length, max: length }
  return (value, wrong) => {
    if (!(value instanceof Uint8Array)) throw wrong('is not a byte string')
    if (value.length >= min && value.length <= max) return value
    throw wrong(`has ${min === max ? min : `${min} to ${max}`} bytes, not ${value.length}`)
  }
}

/** An array whose elements are all of one type. */
export function listOf<Value>(type: CborType<Value>): CborType<readonly Value[]> {
  return (value, wrong) => {
    if (!isCborArray(value)) throw wrong('is not an array')
    return value.map(element => type(element, what => wrong(`has an element that ${what}`)))
  }
}

/** Any value, for a reader that looks at it itself. */
export function anything(value: CborValue): CborValue {
  return value
}

export function isCborMap(value: CborValue | undefined): value is CborMap {
  return value instanceof Map
}

export function isCborArray(value: CborValue | undefined): value is readonly CborValue[] {
  return Array.isArray(value)
}
