import { describe, expect, it } from 'vitest'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { decodeSuffix, encodeSuffix } from '../../src/advert/suffix.js'
import { UsageError } from '../../src/errors.js'
import { atEveryTruncation, survivesAnyBytes } from '../support/decoder.js'
import { serviceData, suffixes } from './vectors.js'

const all = [...suffixes, ...serviceData]
const withPsm = all.filter(({ psm }) => typeof psm === 'number')
/** Maps that hold the PSM alone. */
const written = withPsm.filter(({ suffix }) => suffix.startsWith('a101'))

describe('the suffix of an advert', () => {
  it.each(withPsm)('is read: $suffix', ({ suffix, psm }) => {
    expect(decodeSuffix(decodeHex(suffix))).toEqual({ psm })
  })

  it.each(written)('is written: $suffix', ({ suffix, psm }) => {
    expect(encodeHex(encodeSuffix({ psm: psm ?? NaN }))).toBe(suffix)
  })

  it.each(all.filter(({ psm }) => typeof psm !== 'number'))('says nothing: "$suffix"', ({ suffix }) => {
    expect(decodeSuffix(decodeHex(suffix))).toEqual({})
  })

  it.each([
    ['the map of Firefox', 'a10001'],
    ['a negative PSM', 'a10120'],
    ['PSM 0', 'a10100'],
    ['PSM 256', 'a101190100'],
    ['a lone byte', '82'],
    ['bytes behind the map', 'a101188200'],
    ['a length that is not the shortest', 'a101190082'],
  ])('says nothing: %s', (_, hex) => {
    expect(decodeSuffix(decodeHex(hex))).toEqual({})
  })

  it('says nothing when it is cut', () => {
    const suffix = decodeHex('a1011882')
    for (let length = 0; length < suffix.length; length++) {
      expect(decodeSuffix(suffix.subarray(0, length))).toEqual({})
    }
    atEveryTruncation(suffix, decodeSuffix)
  })

  it('is not there when there is nothing to say', () => {
    expect(encodeSuffix({})).toStrictEqual(new Uint8Array())
  })

  it.each([-1, 0, 256, 1.5, NaN])('holds no PSM of %d', psm => {
    expect(() => encodeSuffix({ psm })).toThrow(UsageError)
  })

  it.each([1, 255])('holds PSM %d', psm => {
    expect(decodeSuffix(encodeSuffix({ psm }))).toEqual({ psm })
  })

  it('never fails', () => {
    survivesAnyBytes(
      bytes => {
        expect(decodeSuffix(bytes)).toBeTypeOf('object')
      },
      withPsm.map(({ suffix }) => decodeHex(suffix)),
    )
  })
})
