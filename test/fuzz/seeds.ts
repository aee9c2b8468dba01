import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { encodeUtf8 } from '../../src/bytes/utf8.js'
import { fixture } from '../support/fixture.js'

const HEX = /^(?:[0-9a-f]{2})+$/i

/** Every byte string of some vectors, written as hex there; each once. */
export function bytesIn(...names: readonly string[]): readonly Uint8Array[] {
  const all = names.flatMap(name => textsOf(fixture(name))).filter(text => HEX.test(text))
  return [...new Set(all)].map(decodeHex)
}

/** Every text of some vectors that fits, as UTF-8. */
export function textsIn(fits: RegExp, ...names: readonly string[]): readonly Uint8Array[] {
  const all = names.flatMap(name => textsOf(fixture(name))).filter(text => fits.test(text))
  return [...new Set(all)].map(encodeUtf8)
}

/** Without those that are there twice. */
export function distinct(inputs: readonly Uint8Array[]): readonly Uint8Array[] {
  return [...new Map(inputs.map(input => [encodeHex(input), input])).values()]
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsOf)
}
