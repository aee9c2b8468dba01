import { describe, expect, it } from 'vitest'
import { decodeHex } from '../../src/bytes/hex.js'
import { decodeUtf8 } from '../../src/bytes/utf8.js'
import { decodeCbor, encodeCbor } from '../../src/cbor/cbor.js'
import type { CborValue } from '../../src/cbor/value.js'
import { refuses } from '../support/decoder.js'

describe('strictness of decodeCbor', () => {
  it.each([
    ['nothing', ''],
    ['a second item', '0000'],
    ['bytes behind a map', 'a0ff'],
    ['an integer that ends early', '1901'],
    ['a byte string that ends early', '4201'],
    ['text that ends early', '6261'],
    ['an array that ends early', '8201'],
    ['a map that ends early', 'a101'],
    ['an array that claims 2^32 - 1 items', '9affffffff'],
    ['a map that claims 2^32 - 1 members', 'baffffffff'],
    ['an array that claims 2^64 - 1 items', '9bffffffffffffffff'],
    ['a byte string that claims 2^64 - 1 bytes', '5bffffffffffffffff'],
    ['reserved additional information 28', '1c'],
    ['reserved additional information 30', '5e'],
    ['an integer of indefinite length', '1f'],
    ['a negative integer of indefinite length', '3f'],
    ['a tag of indefinite length', 'df00'],
    ['a break', 'ff'],
    ['reserved simple value 28', 'fc'],
    ['simple value 20 in two bytes', 'f814'],
    ['text that is not UTF-8', '61ff'],
    ['half a surrogate pair', '63eda080'],
    ['text cut within a letter', '61c3'],
    ['a key that is not UTF-8', 'a161ff00'],
  ])('calls %s malformed', (_, hex) => {
    refuses(() => decodeCbor(decodeHex(hex)), 'cbor-malformed')
  })

  it.each([
    ['0 in two bytes', '1800'],
    ['23 in two bytes', '1817'],
    ['255 in three bytes', '1900ff'],
    ['65535 in five bytes', '1a0000ffff'],
    ['2^32 - 1 in nine bytes', '1b00000000ffffffff'],
    ['-1 in two bytes', '3800'],
    ['a long byte length', '580100'],
    ['a long text length', '780161'],
    ['a long array length', '980100'],
    ['a long map size', 'b8010000'],
    ['bytes of indefinite length', '5f4100ff'],
    ['text of indefinite length', '7f6161ff'],
    ['an array of indefinite length', '9f00ff'],
    ['a map of indefinite length', 'bf0000ff'],
    ['a tag', 'c000'],
    ['a long tag', 'd9d9f700'],
    ['a half float', 'f93c00'],
    ['a float', 'fa47c35000'],
    ['a double', 'fb3ff199999999999a'],
    ['undefined', 'f7'],
    ['simple value 16', 'f0'],
    ['simple value 255', 'f8ff'],
    ['integer keys out of order', 'a202000100'],
    ['a negative key before an unsigned one', 'a220000000'],
    ['a text key before an integer', 'a26161000000'],
    ['a long text key before a short one', 'a2626161006162' + '00'],
    ['text keys out of order', 'a2616200616100'],
    ['keys out of order inside', '81a202000100'],
    ['an integer key twice', 'a201000100'],
    ['a text key twice', 'a2616100616100'],
    ['a byte string key twice', 'a2410000410000'],
    ['a byte string key behind text', 'a2616100410000'],
    ['a byte string key in long form', 'a158010000'],
    ['a key in long form', 'a1180000'],
  ])('calls %s not canonical', (_, hex) => {
    refuses(() => decodeCbor(decodeHex(hex)), 'cbor-not-canonical')
  })

  it.each([
    ['an array', 'a18000'],
    ['a map', 'a1a000'],
    ['true', 'a1f500'],
    ['a tag', 'a1c00000'],
    ['2^53', 'a11b002000000000000000'],
    ['-2^53', 'a13b001fffffffffffff00'],
    ['2^64 - 1', 'a11bffffffffffffffff00'],
  ])('does not expect %s as a map key', (_, hex) => {
    refuses(() => decodeCbor(decodeHex(hex)), 'cbor-unexpected')
  })

  it('names the place, never the content', () => {
    expect(() => decodeCbor(decodeHex('8301' + '62ffff'))).toThrow(/^text is not UTF-8, at byte 5$/)
  })
})

describe('limits of decodeCbor', () => {
  const wrapped = (levels: number): Uint8Array => decodeHex('81'.repeat(levels) + '00')

  it('takes 16 levels unless told otherwise', () => {
    expect(decodeCbor(wrapped(16))).toBeDefined()
    refuses(() => decodeCbor(wrapped(17)), 'cbor-limit')
    expect(decodeCbor(wrapped(2), { maxDepth: 2 })).toEqual([[0]])
    refuses(() => decodeCbor(wrapped(2), { maxDepth: 1 }), 'cbor-limit')
  })

  it('takes 256 levels at most', () => {
    expect(decodeCbor(wrapped(256), { maxDepth: Infinity })).toBeDefined()
    refuses(() => decodeCbor(wrapped(257), { maxDepth: Infinity }), 'cbor-limit')
  })

  it('takes 10 000 items unless told otherwise, each key and value counted', () => {
    const zeros = (length: number): CborValue => Array.from({ length }, () => 0)
    expect(decodeCbor(encodeCbor(zeros(9_999)))).toHaveLength(9_999)
    refuses(() => decodeCbor(encodeCbor(zeros(10_000))), 'cbor-limit')
    expect(decodeCbor(decodeHex('a10000'), { maxItems: 3 })).toBeInstanceOf(Map)
    refuses(() => decodeCbor(decodeHex('a10000'), { maxItems: 2 }), 'cbor-limit')
  })

  it('takes 1 MiB unless told otherwise', () => {
    const header = decodeHex('5a000ffffb')
    const whole = new Uint8Array(1_048_576)
    whole.set(header)
    expect(decodeCbor(whole)).toHaveLength(1_048_571)
    refuses(() => decodeCbor(new Uint8Array(1_048_577)), 'cbor-limit')
    refuses(() => decodeCbor(decodeHex('1818'), { maxBytes: 1 }), 'cbor-limit')
  })
})

describe('text of decodeCbor', () => {
  it('is what the platform makes of it, for each code point at a border', () => {
    const borders = [0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfffd, 0xfeff, 0xffff, 0x10000, 0x10ffff]
    for (const point of borders) {
      const letter = String.fromCodePoint(point)
      for (const text of [letter, `abcde${letter}`, letter.repeat(30)]) {
        expect(decodeCbor(encodeCbor(text))).toBe(text)
      }
    }
  })

  it('is refused when the platform refuses it, for sequences of up to four bytes from the borders of each range', () => {
    const edges = [0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf]
    edges.push(0xe0, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff)
    const disagreements: string[] = []
    for (const sequence of allSequences(edges)) {
      if (isTaken(sequence) !== platformTakes(sequence)) disagreements.push(sequence.join())
    }
    expect(disagreements).toEqual([])
  })

  it('ends where its length says', () => {
    expect(decodeCbor(decodeHex('8262c3bc6162'))).toEqual(['ü', 'b'])
    refuses(() => decodeCbor(decodeHex('8261c361bc')), 'cbor-malformed')
  })
})

const TEXT = 0x60

function isTaken(sequence: Uint8Array): boolean {
  try {
    decodeCbor(Uint8Array.of(TEXT | sequence.length, ...sequence))
  } catch {
    return false
  }
  return true
}

function* allSequences(edges: readonly number[]): Generator<Uint8Array> {
  yield* sequences(edges, 3)
  // Four bytes make a letter only behind these.
  for (const rest of sequences(edges, 3))
    for (const lead of [0xf0, 0xf1, 0xf4, 0xf5]) yield Uint8Array.of(lead, ...rest)
}

function* sequences(edges: readonly number[], longest: number): Generator<Uint8Array> {
  if (longest === 0) {
    yield new Uint8Array()
    return
  }
  for (const rest of sequences(edges, longest - 1)) {
    for (const edge of edges) yield Uint8Array.of(edge, ...rest)
  }
}

function platformTakes(bytes: Uint8Array): boolean {
  try {
    return decodeUtf8(bytes).length > 0
  } catch {
    return false
  }
}
