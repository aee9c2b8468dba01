import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { decodeDigits, encodeDigits } from '../../src/qr/digits.js'
import { atEveryTruncation, refuses, survivesAnyText } from '../support/decoder.js'
import { cases, refused, taken } from '../support/cases.js'

const digitCases = cases<{ bytes: string; digits: string }>('base10', 'digits')
const encode = taken(digitCases)

const DIGIT = fc.nat({ max: 9 }).map(String)

describe('QR digits', () => {
  it.each(encode)('are written: $name', ({ bytes, digits }) => {
    expect(encodeDigits(decodeHex(bytes))).toBe(digits)
  })

  it.each(encode)('are read: $name', ({ bytes, digits }) => {
    expect(encodeHex(decodeDigits(digits))).toBe(bytes)
    atEveryTruncation(digits, decodeDigits)
  })

  it.each(refused(digitCases))('are $name', ({ digits, error }) => {
    refuses(() => decodeDigits(digits), error)
  })

  it('mean the same bytes there and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), bytes => {
        expect(decodeDigits(encodeDigits(bytes))).toEqual(bytes)
      }),
      { numRuns: 1_000 },
    )
  })

  it('have one spelling for each byte string', () => {
    const digits = fc.string({ unit: DIGIT, maxLength: 40 })
    let read = 0
    fc.assert(
      fc.property(digits, text => {
        if (!takes(text)) return
        read++
        expect(encodeDigits(decodeDigits(text))).toBe(text)
      }),
      { numRuns: 10_000 },
    )
    expect(read).toBeGreaterThan(100)
  })

  it('survive any text', () => {
    survivesAnyText(decodeDigits, fc.string({ unit: DIGIT }))
  })
})

function takes(text: string): boolean {
  try {
    return decodeDigits(text).length >= 0
  } catch {
    return false
  }
}
