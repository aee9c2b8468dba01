import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { decodeCbor, encodeCbor } from '../../src/cbor/cbor.js'
import { cborMap } from '../../src/cbor/value.js'
import type { CborKey, CborValue } from '../../src/cbor/value.js'
import { UsageError } from '../../src/errors.js'
import { thrownBy } from '../support/thrown.js'

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

  it.each<readonly [CborKey, CborKey]>([
    [0, 1],
    [23, 24],
    [2 ** 53 - 1, -1],
    [-1, -2],
    [-1, ''],
    [-1, new Uint8Array()],
    [Uint8Array.of(1, 2, 3), ''],
    [Uint8Array.of(2), Uint8Array.of(1, 1)],
    [Uint8Array.of(1, 1), Uint8Array.of(1, 2)],
    [99, 'a'],
    ['b', 'aa'],
    ['alg', 'type'],
    ['id', 'name'],
    ['aa', 'ab'],
    // One letter, but two bytes.
    ['z', 'ü'],
    ['zz', '水'],
    // In UTF-16 the other way round.
    ['\uff5ex', '\u{10151}'],
    ['\u{10151}', '\u{10152}'],
    ['\u{10151}', '\u{20151}'],
  ])('puts %s before %s', (first, second) => {
    const members = [first, second].map((key): [CborKey, CborValue] => [key, 'value'])
    const ordered = encodeCbor(cborMap(members))
    expect(encodeCbor(cborMap(members.reverse()))).toEqual(ordered)
    expect([...(decodeCbor(ordered) as Map<CborKey, CborValue>).keys()]).toEqual([first, second])
  })

  it('sorts maps in maps, however deep', () => {
    let value: CborValue = 0
    for (let level = 0; level < 16; level++) {
      value = cborMap([
        ['b', value],
        ['a', level],
        ['aa', null],
        [1, 'x'],
      ])
    }
    expect(decodeCbor(encodeCbor(value))).toEqual(value)
  })

  it('can be called again by an iterator that it is reading', () => {
    class Nesting extends Map<CborKey, CborValue> {
      readonly inner: string[] = [];
      override [Symbol.iterator](): MapIterator<[CborKey, CborValue]> {
        this.inner.push(encodeHex(encodeCbor(['inner'])))
        return super[Symbol.iterator]()
      }
    }
    const outer = new Nesting([[1, 2]])
    outer.inner.length = 0
    expect(encodeHex(encodeCbor([7, outer]))).toBe('8207a10102')
    expect(outer.inner).toEqual(['8165696e6e6572'])
  })

  it('refuses a map that miscounts its members', () => {
    class Miscounting extends Map<CborKey, CborValue> {
      override get size(): number {
        return 7
      }
    }
    expect(thrownBy(() => encodeCbor(new Miscounting()))).toMatchObject({ code: 'argument-invalid' })
  })

  it('writes the next value as if nothing had been refused', () => {
    const refused: unknown = cborMap([
      ['b', 1],
      ['a', [1.5]],
    ])
    expect(thrownBy(() => encodeCbor(refused as CborValue))).toBeInstanceOf(UsageError)
    expect(encodeHex(encodeCbor(cborMap([['a', 1]])))).toBe('a1616101')
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
