import { describe, expect, it, test } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/utf8.js'
import { UsageError } from '../../src/errors.js'
import { decodeJson, encodeJson, JSON_LIMITS } from '../../src/message/json.js'
import { atEveryTruncation, refuses, survivesAnyText } from '../support/decoder.js'
import { thrownBy } from '../support/thrown.js'

const { maxBytes, maxDepth, maxValues } = JSON_LIMITS

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
const listOf = (count: number): string => `[${Array.from({ length: count }, () => '0').join(',')}]`
/** A text of so many bytes in UTF-8, most of them in letters of two. */
const textOf = (bytes: number): string =>
  `"${'é'.repeat((bytes - 3) >> 1)}${'x'.repeat(1 + ((bytes - 3) & 1))}"`

describe('the JSON of a message', () => {
  it.each<[string, unknown]>([
    ['null', null],
    [
      ' {"a" : [1, -2.5e3, "ü\\u0041", true, false, null, {}]} ',
      { a: [1, -2500, 'üA', true, false, null, {}] },
    ],
    ['"[[[[{{{{,,,,\\"]"', '[[[[{{{{,,,,"]'],
    ['"\\\\"', '\\'],
  ])('reads %s', (text, value) => {
    expect(decodeJson(text)).toEqual(value)
  })

  it.each([
    '',
    '{',
    '[1,]',
    '{"a":1,}',
    "{'a':1}",
    'undefined',
    'NaN',
    '\u{FEFF}{}',
    '"\n"',
    '"',
    '"\\',
    '[1]]',
  ])('refuses %j, and does not quote it', text => {
    refuses(() => decodeJson(text), 'message-malformed')
    const error = thrownBy(() => decodeJson(text))
    expect(error).toMatchObject({ message: 'the JSON message is not JSON' })
    expect(error).not.toHaveProperty('cause')
  })

  it('takes arrays and objects up to a depth, wherever the brackets are', () => {
    for (const fits of [nested(maxDepth - 1), nested(maxDepth)]) expect(() => decodeJson(fits)).not.toThrow()
    refuses(() => decodeJson(nested(maxDepth + 1)), 'message-malformed')
    refuses(
      () => decodeJson('{"a":'.repeat(maxDepth + 1) + '1' + '}'.repeat(maxDepth + 1)),
      'message-malformed',
    )
    expect(decodeJson(`["${'['.repeat(1000)}"]`)).toHaveLength(1)
    expect(decodeJson(`["\\"${'['.repeat(1000)}"]`)).toHaveLength(1)
    expect(decodeJson(`[${nested(2)},${nested(2)}${`,${nested(2)}`.repeat(100)}]`)).toHaveLength(102)
  })

  it('does not recurse over values that are nested too deep', () => {
    refuses(() => decodeJson('['.repeat(500_000)), 'message-malformed')
  })

  it('takes values up to a count', () => {
    // The array itself is one, and it stands for its first member, too.
    for (const count of [maxValues - 2, maxValues - 1]) expect(decodeJson(listOf(count))).toHaveLength(count)
    refuses(() => decodeJson(listOf(maxValues)), 'message-malformed')
  })

  it('takes bytes up to a number, in UTF-8', () => {
    for (const bytes of [maxBytes - 1, maxBytes]) {
      expect(encodeUtf8(textOf(bytes))).toHaveLength(bytes)
      expect(encodeJson(decodeJson(textOf(bytes)))).toBe(textOf(bytes))
    }
    refuses(() => decodeJson(textOf(maxBytes + 1)), 'message-malformed')
  })

  it('takes __proto__ for a member like any other', () => {
    const value = decodeJson('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect((value as { polluted?: unknown }).polluted).toBeUndefined()
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(encodeJson(value)).toContain('"__proto__":{"polluted":true}')
  })

  it('survives any text', () => {
    survivesAnyText(decodeJson)
    atEveryTruncation('{"a":["\\"",{"b":null}],"c":"é"}', decodeJson)
  })
})

describe('a value that is to go into a message', () => {
  const cyclic: Record<string, unknown> = {}
  cyclic['self'] = cyclic
  const throwing = {
    toJSON: () => {
      throw new Error('no')
    },
  }

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('no')],
    ['a cycle', cyclic],
    ['a bigint', { n: 1n }],
    ['what throws', throwing],
    ['what is nested too deep', JSON.parse(nested(maxDepth + 1))],
    ['too many values', JSON.parse(listOf(maxValues))],
    ['too many bytes', 'x'.repeat(maxBytes - 1)],
  ])('may not be %s: argument-invalid', (_, value) => {
    const error = thrownBy(() => encodeJson(value))
    expect(error).toBeInstanceOf(UsageError)
    expect(error).toMatchObject({ code: 'argument-invalid' })
  })

  test.each<[string, unknown]>([
    ['nested as deep as may be', JSON.parse(nested(maxDepth))],
    ['as many values as may be', JSON.parse(listOf(maxValues - 1))],
    ['as many bytes as may be', 'x'.repeat(maxBytes - 2)],
  ])('may be %s', (_, value) => {
    expect(decodeJson(encodeJson(value))).toEqual(value)
  })
})
