import { isCborArray, isCborMap } from './map-reader.js'
import type { Oddities } from './validate.js'
import type { CborKey, CborValue } from './value.js'

const BYTE_ORDER_MARK = '\ufeff'

/**
 * Undoes what cbor-x does to a few values: integers of 64 bits always come as bigint (map keys, too, which the declared
 * type of its result cannot say), and long texts lose a byte order mark.
 */
export function restore(decoded: CborValue, oddities: Oddities): CborValue {
  return new Restorer(oddities.markedTexts).value(decoded)
}

class Restorer {
  readonly #marked: ReadonlySet<number>
  #texts = 0

  constructor(marked: readonly number[]) {
    this.#marked = new Set(marked)
  }

  value(value: CborValue): CborValue {
    if (typeof value === 'bigint') return narrowed(value)
    if (typeof value === 'string') return this.#text(value)
    if (isCborArray(value)) return value.map(item => this.value(item))
    if (isCborMap(value))
      return new Map(Array.from(value, ([key, item]) => [this.#key(key), this.value(item)]))
    return value
  }

  #key(key: CborKey | bigint): CborKey {
    if (key instanceof Uint8Array) return key
    return typeof key === 'string' ? this.#text(key) : Number(key)
  }

  #text(text: string): string {
    return this.#marked.has(this.#texts++) ? BYTE_ORDER_MARK + text : text
  }
}

function narrowed(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
