import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/errors.js'
import {
  base64url,
  boolean,
  bufferSource,
  bufferSourceOrText,
  defaulted,
  dictionary,
  domString,
  long,
  optional,
  record,
  required,
  sequence,
  unsignedLong,
  usvString,
} from '../../src/webauthn/web-idl.js'
import type { Conversion } from '../../src/webauthn/web-idl.js'

const failingToConvert = {
  [Symbol.toPrimitive]: () => {
    throw new Error('mine')
  },
}

/** Web IDL section 3.2.4.9, ConvertToInt with 32 bits; text becomes a number as in ECMAScript section 7.1.4.1. */
const INTEGERS: readonly (readonly [value: unknown, signed: number, unsigned: number])[] = [
  [0, 0, 0],
  [-0, 0, 0],
  [-7, -7, 4_294_967_289],
  [60_000.5, 60_000, 60_000],
  [-60_000.5, -60_000, 4_294_907_296],
  [0.999, 0, 0],
  [2 ** 31 - 1, 2_147_483_647, 2_147_483_647],
  [2 ** 31, -2_147_483_648, 2_147_483_648],
  [2 ** 32 - 1, -1, 4_294_967_295],
  [2 ** 32, 0, 0],
  [4_295_027_296, 60_000, 60_000],
  [-(2 ** 31) - 1, 2_147_483_647, 2_147_483_647],
  [1e300, 0, 0],
  [NaN, 0, 0],
  [Infinity, 0, 0],
  [-Infinity, 0, 0],
  ['-7', -7, 4_294_967_289],
  [' 300000\n', 300_000, 300_000],
  ['0x10', 16, 16],
  ['1e3', 1000, 1000],
  ['', 0, 0],
  ['ES256', 0, 0],
  ['7 ', 7, 7],
  ['7x', 0, 0],
  [null, 0, 0],
  [true, 1, 1],
  [false, 0, 0],
  [[], 0, 0],
  [['-7'], -7, 4_294_967_289],
  [[1, 2], 0, 0],
  [{}, 0, 0],
  [{ valueOf: () => 3 }, 3, 3],
  [new Date(5), 5, 5],
]

const TEXTS: readonly (readonly [value: unknown, text: string])[] = [
  ['text', 'text'],
  ['', ''],
  [5, '5'],
  [-0, '0'],
  [1.5, '1.5'],
  [1e21, '1e+21'],
  [null, 'null'],
  [true, 'true'],
  [12n, '12'],
  [[], ''],
  [['a', 1], 'a,1'],
  [{}, '[object Object]'],
  [{ toString: () => 'mine' }, 'mine'],
]

const BOOLEANS: readonly (readonly [value: unknown, truth: boolean])[] = [
  [true, true],
  [false, false],
  [null, false],
  [0, false],
  [NaN, false],
  ['', false],
  [0n, false],
  [1, true],
  ['false', true],
  ['0', true],
  [[], true],
  [{}, true],
]

describe('scalar types', () => {
  test.each(INTEGERS)('%j is the long %i, the unsigned long %i', (value, signed, unsigned) => {
    expect([long(value, 'x'), unsignedLong(value, 'x')]).toEqual([signed, unsigned])
  })

  test.each(TEXTS)('%o is the text %j', (value, text) => {
    expect([domString(value, 'x'), usvString(value, 'x')]).toEqual([text, text])
  })

  test.each(BOOLEANS)('%o is %s', (value, truth) => {
    expect(boolean(value)).toBe(truth)
  })

  test('only USVString replaces unpaired surrogates', () => {
    const text = 'a\ud83d\ude00\ud800b\udc00'
    expect(domString(text, 'x')).toBe(text)
    expect(usvString(text, 'x')).toBe('a\ud83d\ude00\ufffdb\ufffd')
  })

  test('text has at most 65536 characters', () => {
    expect(domString('x'.repeat(65_536), 'x')).toHaveLength(65_536)
    fails(domString, 'x'.repeat(65_537), 'member is longer than 65536 characters')
    fails(usvString, 'x'.repeat(65_537), 'member is longer than 65536 characters')
  })

  test.each<[string, Conversion<unknown>, unknown]>([
    ['a symbol as a number', long, Symbol('x')],
    ['a bigint as a number', unsignedLong, 1n],
    ['an object without a primitive value as a number', long, Object.create(null)],
    ['an object that throws as a number', unsignedLong, failingToConvert],
    ['a symbol as text', domString, Symbol('x')],
    ['an object without a primitive value as text', usvString, Object.create(null)],
    ['an object that throws as text', domString, failingToConvert],
    ['a symbol as base64url', base64url({ min: 0, max: 9 }), Symbol('x')],
  ])('refuse %s', (_, type, value) => {
    fails(type, value, /^member (is|cannot be) /)
  })
})

describe('bytes', () => {
  const three = base64url({ min: 1, max: 3 })
  const source = bufferSource({ min: 1, max: 3 })

  test.each<[unknown, number[]]>([
    ['AQID', [1, 2, 3]],
    ['AQ', [1]],
    ['AR', [1]],
    ['AQJ', [1, 2]],
    ['_-8', [255, 239]],
    [null, [158, 233, 101]],
    [1234, [215, 109, 248]],
  ])('%j is %j', (value, bytes) => {
    expect(three(value, 'x')).toEqual(Uint8Array.from(bytes))
    expect(source(value, 'x')).toEqual(Uint8Array.from(bytes))
  })

  test.each(['AQ==', 'A+8', 'A/8', 'A', 'AQIDB', ' AQ', 'AQ\n'])('%j is not base64url', value => {
    fails(base64url({ min: 0, max: 99 }), value, 'member is not base64url without padding')
  })

  test('left-over bits are refused where they are not a relying party’s', () => {
    const strict = base64url({ min: 1, max: 3 }, 'refuse-left-over-bits')
    expect(strict('AQ', 'x')).toEqual(Uint8Array.of(1))
    fails(strict, 'AR', 'member is not base64url without padding')
  })

  test.each<[unknown, number]>([
    ['', 0],
    ['AQIDBA', 4],
    [new Uint8Array(), 0],
    [new ArrayBuffer(4), 4],
  ])('of a wrong size are refused: %o', (value, size) => {
    fails(source, value, `member has 1 to 3 bytes, not ${size}`)
  })

  test('a BufferSource is copied, and only the part that a view shows', () => {
    const given = Uint8Array.of(9, 1, 2, 9)
    for (const value of [given.subarray(1, 3), new DataView(given.buffer, 1, 2)]) {
      const bytes = source(value, 'x')
      expect(bytes).toEqual(Uint8Array.of(1, 2))
      expect(bytes.buffer).not.toBe(given.buffer)
    }
  })
})

describe('sequence', () => {
  const three = sequence(long, 3)

  test('takes what can be iterated over', () => {
    for (const value of [['1', 2.5, null], new Set(['1', 2.5, null]), [1, 2, 0].values()])
      expect(three(value, 'x')).toEqual([1, 2, 0])
    expect(three([], 'x')).toEqual([])
    expect(sequence(domString, 3)(new Array(2), 'x')).toEqual(['undefined', 'undefined'])
  })

  test.each([null, 'text', 5, true, {}, { length: 1, 0: 1 }, () => [1], { [Symbol.iterator]: 1 }])(
    'refuses %o',
    value => {
      fails(three, value, 'member is not an array')
    },
  )

  test('names the element, and has a limit', () => {
    fails(three, [1, 1n], 'member[1] is a bigint')
    fails(three, [1, 2, 3, 4], 'member has more than 3 elements')
    fails(three, endless(), 'member has more than 3 elements')
  })
})

describe('bufferSourceOrText', () => {
  const type = bufferSourceOrText({ min: 0, max: 2 })
  const shared = new SharedArrayBuffer(1)

  test.each([
    Uint8Array.of(1, 2).buffer,
    Uint8Array.of(1, 2),
    new DataView(Uint8Array.of(1, 2).buffer),
    'AQI',
  ])('%o is two bytes', value => {
    expect(type(value, 'x')).toEqual(Uint8Array.of(1, 2))
  })

  test.each([null, 1234, [], {}, shared, new Uint8Array(shared), new Uint8Array(new SharedArrayBuffer(0))])(
    '%o is not taken for text',
    value => {
      fails(type, value, 'member is neither an ArrayBuffer, nor a view of one, nor base64url')
    },
  )

  test('has a limit', () => {
    fails(type, new Uint8Array(3), 'member has 0 to 2 bytes, not 3')
  })
})

describe('record', () => {
  const two = record(long, 2)

  test('gives a map in order, names that could harm in it', () => {
    const value: unknown = JSON.parse('{"__proto__":"1","b\\ud800":2}')
    expect([...two(value, 'x')]).toEqual([
      ['__proto__', 1],
      ['b\ufffd', 2],
    ])
    expect(two([], 'x').size).toBe(0)
    expect(two(Object.create({ inherited: 1 }), 'x').size).toBe(0)
  })

  test.each([null, 'text', 5])('refuses %j', value => {
    fails(two, value, 'member is not an object')
  })

  test('names the member, and has a limit', () => {
    fails(two, { a: 1n }, 'member.a is a bigint')
    fails(two, { a: 1, b: 2, c: 3 }, 'member has more than 2 members')
  })
})

describe('dictionary', () => {
  const type = dictionary({
    name: required(domString),
    count: optional(long),
    isSet: defaulted(boolean, true),
    inner: dictionary({ x: optional(domString) }),
  })
  const least = { name: 'n', count: undefined, isSet: true, inner: { x: undefined } }

  test('has its members and no others', () => {
    expect(type({ name: 'n' }, 'x')).toEqual(least)
    expect(type({ name: 'n', stranger: 1, count: undefined }, 'x')).toEqual(least)
    expect(Object.keys(type({ name: 'n', stranger: 1 }, 'x'))).toEqual(['name', 'count', 'isSet', 'inner'])
  })

  test('null is a value for a member', () => {
    expect(type({ name: null, count: null, isSet: null, inner: null }, 'x')).toEqual({
      name: 'null',
      count: 0,
      isSet: false,
      inner: { x: undefined },
    })
  })

  test.each([null, undefined, [], () => 1, new Map()])('%o is an empty one', value => {
    expect(dictionary({ x: optional(domString) })(value, 'x')).toEqual({ x: undefined })
    fails(dictionary({ x: required(domString) }), value, 'member.x is missing')
  })

  test.each(['text', 5, true, 1n, Symbol('x')])('%o is none', value => {
    fails(type, value, 'member is not an object')
  })

  test('names the member inside', () => {
    fails(type, { name: 'n', inner: { x: Symbol('x') } }, 'member.inner.x is a symbol')
  })

  test('what an object inherits does not count, and __proto__ does no harm', () => {
    fails(type, Object.create({ name: 'n' }), 'member.name is missing')
    fails(type, JSON.parse('{"__proto__":{"name":"n"}}'), 'member.name is missing')
    expect(({} as { name?: unknown }).name).toBeUndefined()
  })
})

function fails(type: Conversion<unknown>, value: unknown, message: string | RegExp): void {
  let failure: unknown
  try {
    type(value, 'member')
  } catch (error) {
    failure = error
  }
  expect(failure).toBeInstanceOf(UsageError)
  expect(failure).toMatchObject({ code: 'options-invalid' })
  expect((failure as Error).message).toMatch(message)
}

function* endless(): Generator<number> {
  for (;;) yield 1
}
