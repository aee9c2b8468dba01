import { describe, expect, test } from 'vitest'
import { concatBytes } from '../../src/bytes/bytes.js'
import { encodeUtf8 } from '../../src/bytes/utf8.js'
import { encodeCbor } from '../../src/cbor/cbor.js'
import type { CborValue } from '../../src/cbor/value.js'
import { decodeGetAssertionResponse } from '../../src/ctap/get-assertion.js'
import { decodeMakeCredentialRequest } from '../../src/ctap/make-credential.js'
import { atEveryTruncation, refuses, survivesAnyBytes } from '../support/decoder.js'

const TEXT = 0x60
const MAP = 0xa0
const ONE_BYTE = 0x18

/** Text of any bytes, in its shortest form for 24 to 255 bytes, else with its length in the first byte. */
function rawText(bytes: Uint8Array): Uint8Array {
  const head = bytes.length < 24 ? [TEXT | bytes.length] : [TEXT | ONE_BYTE, bytes.length]
  return concatBytes(Uint8Array.from(head), bytes)
}

function rawMap(...members: readonly (readonly [key: CborValue, value: Uint8Array])[]): Uint8Array {
  const pairs = members.map(([key, value]) => concatBytes(encodeCbor(key), value))
  return concatBytes(Uint8Array.of(MAP | members.length), ...pairs)
}

/** A response whose user has these members beside an ID. */
function answer(...user: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const response = rawMap(
    [2, encodeCbor(new Uint8Array(37))],
    [3, encodeCbor(new Uint8Array(8))],
    [4, rawMap(['id', encodeCbor(Uint8Array.of(7))], ...user)],
    [5, encodeCbor(1)],
  )
  return concatBytes(Uint8Array.of(0), response)
}

/** `size` bytes that end inside a letter: `tail` of its bytes are there. */
function cut(size: number, letter: string, tail: number): Uint8Array {
  const rest = encodeUtf8(letter).subarray(0, tail)
  return concatBytes(encodeUtf8('a'.repeat(size - rest.length)), rest)
}

describe('names of a user in an assertion', () => {
  test.each<[number, string, number]>([
    [64, 'é', 1],
    [65, 'é', 1],
    [128, 'é', 1],
    [255, 'é', 1],
    [64, '€', 1],
    [64, '€', 2],
    [64, '😀', 1],
    [64, '😀', 2],
    [64, '😀', 3],
  ])('of %i bytes lose a %s of which %i bytes are there', (size, letter, tail) => {
    const name = rawText(cut(size, letter, tail))
    const expected = 'a'.repeat(size - tail)
    const both = decodeGetAssertionResponse(answer(['name', name], ['displayName', name]))
    expect(both.user).toEqual({ id: Uint8Array.of(7), name: expected, displayName: expected })
    expect(both.numberOfCredentials).toBe(1)
    expect(decodeGetAssertionResponse(answer(['displayName', name])).user).toMatchObject({
      name: undefined,
      displayName: expected,
    })
  })

  test('that are whole stay as they are', () => {
    for (const name of ['x'.repeat(64), `${'x'.repeat(62)}é`, `${'x'.repeat(63)}é`, ''])
      expect(decodeGetAssertionResponse(answer(['name', rawText(encodeUtf8(name))])).user?.name).toBe(name)
  })

  test.each<[string, readonly (readonly [string, Uint8Array])[]]>([
    ...[2, 8, 59, 62, 63].map((size): [string, readonly (readonly [string, Uint8Array])[]] => [
      `cut at ${size} bytes`,
      [['name', rawText(cut(size, 'é', 1))]],
    ]),
    [
      'with a bad byte in the middle',
      [
        [
          'name',
          rawText(concatBytes(encodeUtf8('a'.repeat(40)), Uint8Array.of(0xc3), encodeUtf8('a'.repeat(40)))),
        ],
      ],
    ],
    [
      'with a bad byte at the end',
      [['name', rawText(concatBytes(encodeUtf8('a'.repeat(80)), Uint8Array.of(0xff)))]],
    ],
    [
      'with an overlong letter at the end',
      [['name', rawText(concatBytes(encodeUtf8('a'.repeat(80)), Uint8Array.of(0xe0, 0x80)))]],
    ],
    [
      'with half a surrogate at the end',
      [['name', rawText(concatBytes(encodeUtf8('a'.repeat(80)), Uint8Array.of(0xed, 0xa0)))]],
    ],
    [
      'cut, beside one with a bad byte',
      [
        ['name', rawText(cut(64, 'é', 1))],
        ['displayName', rawText(Uint8Array.of(0xff))],
      ],
    ],
    [
      'that are whole, with an icon that is cut',
      [
        ['icon', rawText(cut(64, 'é', 1))],
        ['name', rawText(encodeUtf8('Ada'))],
      ],
    ],
  ])('%s are refused', (_, user) => {
    refuses(() => decodeGetAssertionResponse(answer(...user)), 'cbor-malformed')
  })

  test.each<[string, CborValue]>([
    ['null', null],
    ['bytes', new Uint8Array(70)],
    ['a number', 64],
    ['a list', []],
  ])('are not %s', (_, name) => {
    refuses(() => decodeGetAssertionResponse(answer(['name', encodeCbor(name)])), 'ctap-malformed')
  })

  test('elsewhere than in an assertion stay strict', () => {
    const name = rawText(cut(64, 'é', 1))
    const request = rawMap(
      [1, encodeCbor(new Uint8Array(32))],
      [2, rawMap(['id', encodeCbor('example.com')])],
      [3, rawMap(['id', encodeCbor(Uint8Array.of(7))], ['name', name])],
      [4, encodeCbor([])],
    )
    refuses(() => decodeMakeCredentialRequest(concatBytes(Uint8Array.of(1), request)), 'cbor-malformed')
  })

  test('survive truncation and any bytes', () => {
    const name = rawText(cut(64, '😀', 3))
    const response = answer(['name', name], ['displayName', name])
    atEveryTruncation(response, decodeGetAssertionResponse)
    survivesAnyBytes(
      bytes => {
        decodeGetAssertionResponse(concatBytes(Uint8Array.of(0), bytes.subarray(1)))
      },
      [response],
    )
  })
})
