import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalBytes } from '../../src/bytes/bytes.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { decodeCbor, encodeCbor } from '../../src/cbor/cbor.js'
import { isCborArray } from '../../src/cbor/map-reader.js'
import { cborMap } from '../../src/cbor/value.js'
import type { CborKey, CborValue } from '../../src/cbor/value.js'
import { UsageError } from '../../src/errors.js'
import { atEveryTruncation, refuses, survivesAnyBytes } from '../support/decoder.js'
import { fixture } from '../support/fixture.js'

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

describe('encodeCbor', () => {
  const SORTED: readonly CborKey[] = [
    ...[0, 1, 23, 24, 255, 256, 65_536, 2 ** 32, 2 ** 53 - 1],
    ...[-1, -24, -25, -257, -(2 ** 32), -(2 ** 53) + 1],
    ...['', 'a', 'b', 'aa', 'ab', 'ü', 'alg', 'ﬁ', 'type', 'ﬁx', '\u{10151}', '\u{10151}x'],
  ]

  it('sorts map keys by the order of CTAP2', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...SORTED], { minLength: SORTED.length }), keys => {
        const decoded = decodeCbor(encodeCbor(cborMap(keys.map(key => [key, 0]))))
        expect([...(decoded as Map<CborKey, CborValue>).keys()]).toEqual(SORTED)
      }),
    )
  })

  it('writes byte strings as keys, shorter ones first, and reads them again', () => {
    const [short, low, high] = [Uint8Array.of(9), Uint8Array.of(1, 2), Uint8Array.of(1, 3)]
    const map = cborMap([
      ['a', 4],
      [high, 3],
      [low, 2],
      [short, 1],
      [-1, 0],
    ])
    const bytes = encodeCbor(map)
    expect(encodeHex(bytes)).toBe('a5' + '2000' + '410901' + '42010202' + '42010303' + '616104')
    const decoded = [...(decodeCbor(bytes) as Map<CborKey, CborValue>)]
    expect(decoded).toEqual([...map].reverse())
    bytes.fill(0)
    expect(decoded[1]?.[0]).toEqual(short)
  })

  it('reads byte strings as keys beside integers of 64 bits', () => {
    const map = cborMap([[Uint8Array.of(1), 2n ** 60n]])
    expect(decodeCbor(encodeCbor(map))).toEqual(map)
  })

  it('sorts maps within and arrays, and leaves its argument alone', () => {
    const inner = new Map([
      ['type', 'public-key'],
      ['alg', 'x'],
    ])
    const value = new Map<CborKey, CborValue>([
      [2, [inner]],
      [1, 2 ** 40],
    ])
    expect(encodeHex(encodeCbor(value))).toBe(
      'a2011b00000100000000000281a263616c6761786474797065' + '6a7075626c69632d6b6579',
    )
    expect([...value.keys()]).toEqual([2, 1])
    expect([...inner.keys()]).toEqual(['type', 'alg'])
  })

  it('writes subclasses of Map, Array and Uint8Array like their bases', () => {
    class OtherMap extends Map<CborKey, CborValue> {}
    class OtherArray extends Array<CborValue> {}
    const value = [new OtherMap([[1, 2]]), OtherArray.from([1, 2]), Buffer.of(1, 2)]
    expect(encodeHex(encodeCbor(value))).toBe('83a101028201' + '02420102')
  })

  it('gives fresh, plain bytes', () => {
    const first = encodeCbor(['a'])
    encodeCbor(['b'])
    expect(first).toStrictEqual(decodeHex('816161'))
    expect(first.buffer.byteLength).toBe(first.length)
  })

  const loop: unknown[] = []
  loop.push(loop)
  const REFUSED: readonly (readonly [string, unknown])[] = [
    ['a float', 1.5],
    ['NaN', NaN],
    ['infinity', Infinity],
    ['an unsafe number', 2 ** 53],
    ['an unsafe negative number', -(2 ** 53)],
    ['2^64', 2n ** 64n],
    ['less than -2^64', -(2n ** 64n) - 1n],
    ['half a surrogate pair', '\ud800'],
    ['half a surrogate pair in a key', new Map([['\udc00', 1]])],
    ['a float as a key', new Map([[1.5, 1]])],
    ['a bigint as a key', new Map([[1n, 1]])],
    [
      'a byte string twice as a key',
      new Map([
        [Uint8Array.of(1), 1],
        [Uint8Array.of(1), 2],
      ]),
    ],
    ['an array as a key', new Map([[[], 1]])],
    ['undefined', undefined],
    ['undefined in an array', [undefined]],
    ['a hole in an array', Array(1)],
    ['undefined in a map', new Map([[1, undefined]])],
    ['a symbol', Symbol('x')],
    ['a function', () => 0],
    ['a plain object', {}],
    ['a date', new Date(0)],
    ['a set', new Set()],
    ['an ArrayBuffer', new ArrayBuffer(1)],
    ['17 levels', nested(17)],
    ['an array in itself', loop],
  ]
  it.each(REFUSED)('refuses %s', (_, value) => {
    const caught = thrownBy(() => encodeCbor(value as CborValue))
    expect(caught).toBeInstanceOf(UsageError)
    expect(caught).toMatchObject({ code: 'argument-invalid' })
  })

  it('takes 16 levels', () => {
    expect(decodeCbor(encodeCbor(nested(16)))).toEqual(nested(16))
  })
})

function nested(levels: number): CborValue {
  let value: CborValue = 0
  for (let level = 0; level < levels; level++) value = [value]
  return value
}

function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}

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
  const { known, real } = fixture<{ known: { cbor: string }[]; real: { cbor: string }[] }>('qr')
  const { qr } = fixture<{ qr: { cbor: string }[] }>('chromium-156')
  return [...known, ...real, ...qr].map(({ cbor }) => decodeHex(cbor))
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

function isUnsafe(value: bigint): boolean {
  return !Number.isSafeInteger(Number(value))
}
