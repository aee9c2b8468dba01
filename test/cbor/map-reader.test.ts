import { describe, expect, it } from 'vitest'
import { isCborArray, isCborMap, mapReader } from '../../src/cbor/map-reader.js'
import { cborMap } from '../../src/cbor/value.js'
import { refuses } from '../support/decoder.js'

const inner = cborMap([['x', 1]])
const reader = mapReader(
  cborMap([
    [0, 5],
    [1, -5],
    [2, 'text'],
    [3, Uint8Array.of(1, 2, 3)],
    [4, true],
    [5, [1, 2]],
    [6, inner],
    [7, 2n ** 60n],
    [8, null],
    [9, undefined],
  ]),
  'test map',
  'ctap-malformed',
)

describe('MapReader', () => {
  it('reads each type', () => {
    expect(reader.uint(0, 'n')).toBe(5)
    expect(reader.int(0, 'n')).toBe(5)
    expect(reader.int(1, 'n')).toBe(-5)
    expect(reader.text(2, 'n')).toBe('text')
    expect(reader.bytes(3, 'n')).toEqual(Uint8Array.of(1, 2, 3))
    expect(reader.boolean(4, 'n')).toBe(true)
    expect(reader.array(5, 'n')).toEqual([1, 2])
    expect(reader.map(6, 'n')).toBe(inner)
  })

  it.each([
    ['uint', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['int', [2, 3, 4, 5, 6, 7, 8, 9]],
    ['text', [0, 1, 3, 4, 5, 6, 7, 8, 9]],
    ['bytes', [0, 1, 2, 4, 5, 6, 7, 8, 9]],
    ['boolean', [0, 1, 2, 3, 5, 6, 7, 8, 9]],
    ['array', [0, 1, 2, 3, 4, 6, 7, 8, 9]],
    ['map', [0, 1, 2, 3, 4, 5, 7, 8, 9]],
  ] as const)('refuses all but %s', (type, keys) => {
    for (const key of keys) refuses(() => reader[type](key, 'member'), 'ctap-malformed')
  })

  it('checks the length of byte strings', () => {
    expect(reader.bytes(3, 'n', 3)).toHaveLength(3)
    expect(reader.bytes(3, 'n', { min: 1, max: 3 })).toHaveLength(3)
    refuses(() => reader.bytes(3, 'n', 2), 'ctap-malformed')
    refuses(() => reader.bytes(3, 'n', 4), 'ctap-malformed')
    expect(() => reader.bytes(3, 'key', 4)).toThrow('test map: key has 4 bytes, not 3')
    expect(() => reader.bytes(3, 'key', { min: 4, max: 5 })).toThrow('test map: key has 4 to 5 bytes, not 3')
  })

  it('tells what is missing from what is wrong', () => {
    expect(() => reader.text(9, 'name')).toThrow('test map: name is missing')
    expect(() => reader.text(0, 'name')).toThrow('test map: name is not text')
  })

  it('passes over what is not there', () => {
    expect(reader.ifPresent(9)?.text(9, 'name')).toBeUndefined()
    expect(reader.ifPresent(2)?.text(2, 'name')).toBe('text')
  })

  it('reads maps only', () => {
    refuses(() => mapReader([], 'test'), 'cbor-unexpected')
    refuses(() => mapReader(0, 'test', 'linking-malformed'), 'linking-malformed')
    expect([isCborMap(inner), isCborMap([]), isCborMap(undefined)]).toEqual([true, false, false])
    expect([isCborArray([]), isCborArray(inner), isCborArray('x')]).toEqual([true, false, false])
  })
})
