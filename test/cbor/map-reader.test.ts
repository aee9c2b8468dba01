import { describe, expect, it } from 'vitest'
import { keyedMap } from '../../src/cbor/keyed-map.js'
import {
  anything,
  boolean,
  bytes,
  int,
  isCborArray,
  isCborMap,
  listOf,
  map,
  mapReader,
  text,
  uint,
} from '../../src/cbor/map-reader.js'
import { cborMap } from '../../src/cbor/value.js'
import { refuses } from '../support/decoder.js'

const inner = cborMap([['x', 1]])
const KEYS = {
  unsigned: 0,
  negative: 1,
  text: 2,
  bytes: 3,
  boolean: 4,
  list: 5,
  map: 6,
  large: 7,
  none: 8,
  absent: 9,
} as const
type Name = keyof typeof KEYS
const members = {
  unsigned: 5,
  negative: -5,
  text: 'text',
  bytes: Uint8Array.of(1, 2, 3),
  boolean: true,
  list: [1, 2],
  map: inner,
  large: 2n ** 60n,
  none: null,
  absent: undefined,
}
const reader = mapReader(keyedMap(KEYS, members), 'test map', 'ctap-malformed', KEYS)

const TYPES = { uint, int, text, bytes: bytes(), boolean, list: listOf(anything), map }
const FITTING: Readonly<Record<keyof typeof TYPES, readonly Name[]>> = {
  uint: ['unsigned'],
  int: ['unsigned', 'negative'],
  text: ['text'],
  bytes: ['bytes'],
  boolean: ['boolean'],
  list: ['list'],
  map: ['map'],
}
const TYPE_NAMES = Object.keys(TYPES) as (keyof typeof TYPES)[]
const NAMES = Object.keys(KEYS) as Name[]

describe('MapReader', () => {
  it.each(TYPE_NAMES)('reads a member as %s, or refuses it', name => {
    for (const member of NAMES) {
      const read = (): unknown => reader.required<unknown>(member, TYPES[name])
      if (FITTING[name].includes(member)) expect(read()).toEqual(members[member])
      else refuses(read, 'ctap-malformed')
    }
  })

  it('checks the length of byte strings', () => {
    expect(reader.required('bytes', bytes(3))).toHaveLength(3)
    expect(reader.required('bytes', bytes({ min: 3, max: 3 }))).toHaveLength(3)
    expect(() => reader.required('bytes', bytes(2))).toThrow('test map: bytes has 2 bytes, not 3')
    expect(() => reader.required('bytes', bytes(4))).toThrow('test map: bytes has 4 bytes, not 3')
    expect(() => reader.required('bytes', bytes({ min: 4, max: 5 }))).toThrow('has 4 to 5 bytes, not 3')
    expect(() => reader.required('bytes', bytes({ min: 1, max: 2 }))).toThrow('has 1 to 2 bytes, not 3')
  })

  it('tells what is missing from what is wrong', () => {
    expect(() => reader.required('absent', text)).toThrow('test map: absent is missing')
    expect(() => reader.required('unsigned', text)).toThrow('test map: unsigned is not text')
    expect(() => reader.optional('none', text)).toThrow('test map: none is not text')
  })

  it('gives undefined for an absent member that is optional', () => {
    expect(reader.optional('absent', text)).toBeUndefined()
    expect(reader.optional('text', text)).toBe('text')
    refuses(() => reader.optional('text', uint), 'ctap-malformed')
  })

  it('gives undefined for a member of another type that is tolerated', () => {
    expect(reader.tolerated('absent', text)).toBeUndefined()
    expect(reader.tolerated('unsigned', text)).toBeUndefined()
    expect(reader.tolerated('text', text)).toBe('text')
    const fault = new Error('not about the member')
    const faulty = (): never => {
      throw fault
    }
    expect(() => reader.tolerated('text', faulty)).toThrow(fault)
  })

  it('reads the elements of a list', () => {
    expect(reader.required('list', listOf(uint))).toEqual([1, 2])
    expect(() => reader.required('list', listOf(text))).toThrow(
      'test map: list has an element that is not text',
    )
    expect(() => reader.required('text', listOf(text))).toThrow('test map: text is not an array')
  })

  it('takes names for keys where no keys are given', () => {
    expect(mapReader(inner, 'inner', 'ctap-malformed').required('x', uint)).toBe(1)
    expect(mapReader(inner, 'inner', 'ctap-malformed').members).toBe(inner)
  })

  it('reads maps only', () => {
    refuses(() => mapReader([], 'test', 'cbor-unexpected'), 'cbor-unexpected')
    refuses(() => mapReader(0, 'test', 'linking-malformed'), 'linking-malformed')
    expect([isCborMap(inner), isCborMap([]), isCborMap(undefined)]).toEqual([true, false, false])
    expect([isCborArray([]), isCborArray(inner), isCborArray('x')]).toEqual([true, false, false])
  })
})

describe('keyedMap', () => {
  it('has the members under their keys, without those that are undefined', () => {
    const made = keyedMap({ a: 1, b: 'two', c: 3 }, { a: 'x', b: false, c: undefined })
    expect(made).toEqual(
      cborMap([
        [1, 'x'],
        ['two', false],
      ]),
    )
  })
})
