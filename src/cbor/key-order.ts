import type { CborKey } from './value.js'

/**
 * Orders map keys as CTAP2 canonical CBOR does (CTAP 2.2 section 8): integers before byte strings before text, unsigned
 * before negative, smaller in size first; byte strings and text by their length in bytes, then by their bytes.
 */
export function compareKeys(a: CborKey, b: CborKey): number {
  if (typeof a === 'number') return typeof b === 'number' ? compareIntegers(a, b) : -1
  if (typeof b === 'number') return 1
  if (typeof a === 'string') return typeof b === 'string' ? compareTexts(a, b) : 1
  return typeof b === 'string' ? -1 : compareByteStrings(a, b)
}

function compareByteStrings(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return a.length - b.length
  const index = a.findIndex((byte, at) => byte !== b[at])
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0)
}

function compareIntegers(a: number, b: number): number {
  if (a < 0 !== b < 0) return a < 0 ? 1 : -1
  return Math.abs(a) - Math.abs(b)
}

function compareTexts(a: string, b: string): number {
  return utf8Length(a) - utf8Length(b) || compareCodePoints(a, b)
}

const ONE_BYTE_END = 0x80
const TWO_BYTE_END = 0x800
const THREE_BYTES = 3
const SURROGATES_START = 0xd800
const SURROGATES_END = 0xe000

/** Length in UTF-8 of well-formed text; each half of a surrogate pair stands for two of its four bytes. */
function utf8Length(text: string): number {
  let length = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit >= ONE_BYTE_END) length += unit < TWO_BYTE_END || isSurrogate(unit) ? 1 : THREE_BYTES - 1
  }
  return length
}

/** The order of UTF-8 bytes is that of code points, which is not that of UTF-16 units. */
function compareCodePoints(a: string, b: string): number {
  if (a === b) return 0
  let index = 0
  while (a.charCodeAt(index) === b.charCodeAt(index)) index++
  const [unitA, unitB] = [a.charCodeAt(index), b.charCodeAt(index)]
  if (isSurrogate(unitA) !== isSurrogate(unitB)) return isSurrogate(unitA) ? 1 : -1
  return unitA - unitB
}

function isSurrogate(unit: number): boolean {
  return unit >= SURROGATES_START && unit < SURROGATES_END
}
