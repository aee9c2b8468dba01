import { UsageError } from '../errors.js'
import { compareKeys } from './key-order.js'
import { DEFAULT_CBOR_LIMITS } from './limits.js'
import { isCborArray, isCborMap } from './map-reader.js'
import type { CborKey, CborMap, CborValue } from './value.js'

// cbor-x writes numbers as integers up to 32 bits and bigints always in 64.
const UINT32_END = 2 ** 32
const BIG_UINT32_END = 2n ** 32n

/** -2^64, the smallest integer of CBOR without tags; cbor-x would write it as a tagged bignum. */
export const LOWEST_INTEGER: bigint = -(2n ** 64n)
const HIGHEST_INTEGER = 2n ** 64n - 1n

type CborObject = null | Uint8Array | readonly CborValue[] | CborMap

/** What goes out in place of -2^64, and whether it did. */
export interface LowestStandIn {
  readonly value: bigint
  used: boolean
}

/**
 * The value as cbor-x must see it to write canonical CBOR: keys sorted, each integer of the type that gives its shortest
 * form. Parts that are so already are returned as they are; none is changed in place.
 * @throws UsageError `argument-invalid` for whatever CTAP2 canonical CBOR cannot hold.
 */
export function canonicalForm(value: CborValue, lowest: LowestStandIn, depth = 0): unknown {
  switch (typeof value) {
    case 'number':
      return integerForm(value)
    case 'bigint':
      return bigintForm(value, lowest)
    case 'string':
      return checkedText(value)
    case 'boolean':
      return value
    case 'object':
      return objectForm(value, lowest, depth)
    default:
      throw refusal(typeof value)
  }
}

function objectForm(value: CborObject, lowest: LowestStandIn, depth: number): unknown {
  if (value === null || value instanceof Uint8Array) return value
  if (depth >= DEFAULT_CBOR_LIMITS.maxDepth) {
    throw refusal(`nesting deeper than ${DEFAULT_CBOR_LIMITS.maxDepth} levels`)
  }
  if (isCborArray(value)) return arrayForm(value, lowest, depth + 1)
  if (isCborMap(value)) return mapForm(value, lowest, depth + 1)
  throw refusal('an object that is no Map, array or Uint8Array')
}

function integerForm(value: number): number | bigint {
  if (!Number.isSafeInteger(value)) throw refusal('a number that is no safe integer')
  return value >= UINT32_END || value < -UINT32_END ? BigInt(value) : value
}

function bigintForm(value: bigint, lowest: LowestStandIn): number | bigint {
  if (value < LOWEST_INTEGER || value > HIGHEST_INTEGER) throw refusal('an integer outside -2^64 to 2^64 - 1')
  if (value < BIG_UINT32_END && value >= -BIG_UINT32_END) return Number(value)
  if (value !== LOWEST_INTEGER) return value
  lowest.used = true
  return lowest.value
}

function checkedText(text: string): string {
  if (text.isWellFormed()) return text
  throw refusal('text with an unpaired surrogate')
}

// cbor-x knows arrays and maps by their constructor; it would write a subclass with indefinite length.
function arrayForm(array: readonly CborValue[], lowest: LowestStandIn, depth: number): readonly unknown[] {
  let changed: unknown[] | undefined = array.constructor === Array ? undefined : Array.from(array)
  // By index: a hole must be met, and refused.
  for (let index = 0; index < array.length; index++) {
    const item = array[index]
    const form = canonicalForm(item ?? present(item), lowest, depth)
    if (form === item) continue
    changed ??= Array.from(array)
    changed[index] = form
  }
  return changed ?? array
}

function mapForm(map: CborMap, lowest: LowestStandIn, depth: number): ReadonlyMap<unknown, unknown> {
  let changed: Map<CborKey, unknown> | undefined
  let plain = map.constructor === Map
  let previous: CborKey | undefined
  for (const [key, value] of map) {
    const written = keyForm(key)
    plain &&= written === key && (previous === undefined || compareKeys(previous, key) < 0)
    previous = key
    const form = canonicalForm(value, lowest, depth)
    if (form !== value) (changed ??= new Map<CborKey, unknown>(map)).set(key, form)
  }
  return plain ? (changed ?? map) : sorted(changed ?? map)
}

function sorted(map: ReadonlyMap<CborKey, unknown>): Map<CborKey | bigint, unknown> {
  const members = [...map].sort(([a], [b]) => compareKeys(a, b))
  const keys = members.map(([key]) => key)
  // A Map keeps two equal byte strings apart.
  if (keys.slice(1).some((key, index) => compareKeys(keys[index] ?? 0, key) === 0))
    throw refusal('a map key twice')
  return new Map(members.map(([key, value]) => [keyForm(key), value]))
}

function keyForm(key: CborKey): CborKey | bigint {
  if (typeof key === 'string') return checkedText(key)
  if (key instanceof Uint8Array) return key
  if (Number.isSafeInteger(key)) return integerForm(key)
  throw refusal('a map key that is no safe integer, byte string or text')
}

function present(item: null | undefined): null {
  if (item === undefined) throw refusal('undefined')
  return item
}

function refusal(what: string): UsageError {
  return new UsageError('argument-invalid', `CTAP2 canonical CBOR cannot hold ${what}`)
}
