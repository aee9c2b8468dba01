import { Decoder } from 'cbor-x/index-no-eval'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalBytes } from '../../src/bytes/bytes.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { decodeCbor, encodeCbor } from '../../src/cbor/cbor.js'
import { isCborArray } from '../../src/cbor/map-reader.js'
import { cborMap } from '../../src/cbor/value.js'
import type { CborValue } from '../../src/cbor/value.js'
import { atEveryTruncation, refuses, survivesAnyBytes } from '../support/decoder.js'
import { cases } from '../support/cases.js'

/** RFC 8949 appendix A, those that CTAP2 allows. */
const RFC_8949: readonly (readonly [string, CborValue])[] = [
  ['00', 0],
  ['01', 1],
  ['0a', 10],
  ['17', 23],
  ['1818', 24],
  ['1819', 25],
  ['1864', 100],
  ['1903e8', 1000],
  ['1a000f4240', 1_000_000],
  ['1b000000e8d4a51000', 1_000_000_000_000],
  ['1bffffffffffffffff', 18_446_744_073_709_551_615n],
  ['3bffffffffffffffff', -18_446_744_073_709_551_616n],
  ['20', -1],
  ['29', -10],
  ['3863', -100],
  ['3903e7', -1000],
  ['f4', false],
  ['f5', true],
  ['f6', null],
  ['40', new Uint8Array()],
  ['4401020304', Uint8Array.of(1, 2, 3, 4)],
  ['60', ''],
  ['6161', 'a'],
  ['6449455446', 'IETF'],
  ['62225c', '"\\'],
  ['62c3bc', 'ü'],
  ['63e6b0b4', '水'],
  ['64f0908591', '\u{10151}'],
  ['80', []],
  ['83010203', [1, 2, 3]],
  ['8301820203820405', [1, [2, 3], [4, 5]]],
  [
    '98190102030405060708090a0b0c0d0e0f101112131415161718181819',
    Array.from({ length: 25 }, (_, index) => index + 1),
  ],
  ['a0', cborMap([])],
  [
    'a201020304',
    cborMap([
      [1, 2],
      [3, 4],
    ]),
  ],
  [
    'a26161016162820203',
    cborMap([
      ['a', 1],
      ['b', [2, 3]],
    ]),
  ],
  ['826161a161626163', ['a', cborMap([['b', 'c']])]],
]

/** Both sides of each border between two lengths or two kinds of number. */
const BORDERS: readonly (readonly [string, CborValue])[] = [
  ['18ff', 255],
  ['190100', 256],
  ['19ffff', 65_535],
  ['1a00010000', 65_536],
  ['1affffffff', 2 ** 32 - 1],
  ['1b0000000100000000', 2 ** 32],
  ['1b001fffffffffffff', 2 ** 53 - 1],
  ['1b0020000000000000', 2n ** 53n],
  ['1b0020000000000001', 2n ** 53n + 1n],
  ['37', -24],
  ['3818', -25],
  ['38ff', -256],
  ['390100', -257],
  ['39ffff', -65_536],
  ['3a00010000', -65_537],
  ['3a7fffffff', -(2 ** 31)],
  ['3a80000000', -(2 ** 31) - 1],
  ['3affffffff', -(2 ** 32)],
  ['3b0000000100000000', -(2 ** 32) - 1],
  ['3b001ffffffffffffe', -(2 ** 53) + 1],
  ['3b001fffffffffffff', -(2n ** 53n)],
  ['3bfffffffffffffffe', -(2n ** 64n) + 1n],
]

const CANONICAL = [...RFC_8949, ...BORDERS]

describe('decodeCbor and encodeCbor', () => {
  it.each(CANONICAL)('agree on %s', (hex, value) => {
    expect(decodeCbor(decodeHex(hex))).toStrictEqual(value)
    expect(encodeHex(encodeCbor(value))).toBe(hex)
  })

  it.each(CANONICAL)('refuse %s when it is cut', hex => {
    const bytes = decodeHex(hex)
    atEveryTruncation(bytes, decodeCbor)
    for (let length = 0; length < bytes.length; length++) {
      refuses(() => decodeCbor(bytes.subarray(0, length)), 'cbor-malformed')
    }
  })

  it('agree on every map that real peers sent', () => {
    const maps = realMaps()
    expect(maps.length).toBeGreaterThan(10)
    for (const bytes of maps) expect(encodeCbor(decodeCbor(bytes))).toEqual(bytes)
  })

  it('write back what they read, for any bytes', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.constantFrom(...realMaps()))
    let read = 0
    fc.assert(
      fc.property(bytes, input => {
        const value = decodedOrNothing(input)
        if (value === undefined) return
        read++
        expect(encodeCbor(value)).toEqual(input)
      }),
      { numRuns: 10_000 },
    )
    expect(read).toBeGreaterThan(100)
  })

  it('read back what they wrote, for any value', () => {
    fc.assert(
      fc.property(anyValue(), value => {
        const bytes = encodeCbor(value)
        expect(decodeCbor(bytes)).toEqual(value)
        expect(encodeCbor(decodeCbor(bytes))).toEqual(bytes)
      }),
      { numRuns: 1_000 },
    )
  })

  it('write what cbor-x reads as the same value', () => {
    const peer = new Decoder({ mapsAsObjects: false, useRecords: false })
    fc.assert(
      fc.property(anyValue(), value => {
        expect(narrowed(peer.decode(encodeCbor(value)))).toEqual(value)
      }),
      { numRuns: 1_000 },
    )
  })

  it('keep several integers of -2^64 apart from what surrounds them', () => {
    const lowest = -(2n ** 64n)
    const value = [lowest, decodeHex('3bfffffffffffffffe'), lowest + 1n, cborMap([[1, lowest]])]
    expect(encodeHex(encodeCbor(value))).toBe(
      '843bffffffffffffffff493bfffffffffffffffe3bfffffffffffffffea1013bffffffffffffffff',
    )
    expect(decodeCbor(encodeCbor(value))).toStrictEqual(value)
  })

  it('keep a byte order mark at the start of text of any length', () => {
    const long = '\ufeff' + 'a'.repeat(100)
    const value = ['\ufeff', long, 'a'.repeat(100), cborMap([[long, [long]]]), '']
    expect(decodeCbor(encodeCbor(value))).toStrictEqual(value)
  })

  it('carry text of every length over the borders of its header', () => {
    for (const letter of ['a', 'ü', '水', '\u{10151}']) {
      for (const length of [7, 8, 11, 12, 23, 24, 31, 32, 63, 64, 65, 255, 256, 4_000, 65_535, 65_536]) {
        const text = letter.repeat(length)
        expect(decodeCbor(encodeCbor(text))).toBe(text)
      }
    }
  })

  it('carry more than the buffers inside hold', () => {
    const value = Array.from({ length: 40 }, (_, index) => new Uint8Array(20_000).fill(index))
    const decoded = decodeCbor(encodeCbor(value))
    const isSame = (item: CborValue, index: number): boolean =>
      item instanceof Uint8Array && equalBytes(item, new Uint8Array(20_000).fill(index))
    expect(isCborArray(decoded) && decoded.map(isSame)).toEqual(Array(40).fill(true))
  })
})

describe('decodeCbor', () => {
  it('survives any bytes', () => {
    survivesAnyBytes(decodeCbor, realMaps())
  })

  it('gives fresh, plain byte strings and leaves the input as it is', () => {
    for (const size of [5, 5_000]) {
      const input = Buffer.from(encodeCbor(new Uint8Array(size).fill(7)))
      const before = Object.keys(input).length
      const value = decodeCbor(input)
      input.fill(0)
      expect(value).toStrictEqual(new Uint8Array(size).fill(7))
      expect(value).toHaveProperty('buffer.byteLength', size)
      expect(Object.keys(input)).toHaveLength(before)
    }
  })

  it('treats __proto__ as any other key', () => {
    const value = cborMap([['__proto__', cborMap([['polluted', true]])]])
    expect(decodeCbor(encodeCbor(value))).toStrictEqual(value)
    expect(Object.prototype).not.toHaveProperty('polluted')
  })

  it('reads inputs above and below the size of its scratch space alternately', () => {
    const large = ['x'.repeat(5_000), 2 ** 40]
    const small = ['y', 2 ** 40]
    for (const value of [large, small, large]) expect(decodeCbor(encodeCbor(value))).toStrictEqual(value)
  })
})

function decodedOrNothing(bytes: Uint8Array): CborValue | undefined {
  let value: CborValue | undefined
  try {
    value = decodeCbor(bytes)
  } catch {
    return undefined
  }
  return value
}

function realMaps(): Uint8Array[] {
  const groups = [cases<{ cbor: string }>('qr', 'codes'), cases<{ cbor: string }>('chromium-156', 'qr')]
  return groups.flat().map(({ cbor }) => decodeHex(cbor))
}

function anyValue(): fc.Arbitrary<CborValue> {
  const bigUnsafe = fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }).filter(isUnsafe)
  const text = fc.string({ unit: 'binary' })
  const { value } = fc.letrec<{ value: CborValue }>(tie => ({
    value: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      fc.maxSafeInteger(),
      bigUnsafe,
      text,
      fc.boolean(),
      fc.constant(null),
      fc.uint8Array(),
      fc.array(tie('value')),
      fc.array(fc.tuple(fc.oneof(fc.maxSafeInteger(), text), tie('value'))).map(cborMap),
    ),
  }))
  return value
}

/** cbor-x gives all integers of 64 bits as bigint. */
function narrowed(value: unknown): unknown {
  if (typeof value === 'bigint') return isUnsafe(value) ? value : Number(value)
  if (Array.isArray(value)) return value.map(narrowed)
  if (value instanceof Map) {
    return new Map(Array.from(value, ([key, item]: [unknown, unknown]) => [narrowed(key), narrowed(item)]))
  }
  return value instanceof Uint8Array ? new Uint8Array(value) : value
}

function isUnsafe(value: bigint): boolean {
  return !Number.isSafeInteger(Number(value))
}
