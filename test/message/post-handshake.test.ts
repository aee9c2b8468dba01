import { describe, expect, it } from 'vitest'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { encodeCbor } from '../../src/cbor/cbor.js'
import { cborMap } from '../../src/cbor/value.js'
import type { CborKey, CborValue } from '../../src/cbor/value.js'
import { decodePostHandshake, encodePostHandshake } from '../../src/message/post-handshake.js'
import { atEveryTruncation, refuses, survivesAnyBytes } from '../support/decoder.js'
import { cases, refused, taken } from '../support/cases.js'
import { chromiumSessions, iosTrace } from '../support/recorded-sessions.js'

interface Introduction {
  readonly message: string
  readonly getInfo: string | null
  readonly features: readonly string[]
}

const introductions = cases<Introduction>('post-handshake', 'messages')
const valid = taken(introductions)
const revision0 = cases<{ padded: string; cbor: string }>('post-handshake', 'revision0')
const worked = cases<{ message: string; getInfo?: string; features?: string[] }>(
  'worked-example',
  'introductions',
)
const GET_INFO = Uint8Array.of(0xa0)

function messageOf(...members: readonly (readonly [CborKey, CborValue])[]): Uint8Array {
  return encodeCbor(cborMap(members))
}

describe('post-handshake message', () => {
  it.each(valid)('$name: reads and writes', ({ message, getInfo, features }) => {
    const decoded = decodePostHandshake(decodeHex(message))
    expect(decoded).toEqual({ features, ...(getInfo === null ? {} : { getInfo: decodeHex(getInfo) }) })
    expect(encodeHex(encodePostHandshake(decoded))).toBe(message)
  })

  it.each(worked)('writes the worked example: $name', ({ message, getInfo, features }) => {
    const content = {
      ...(getInfo === undefined ? {} : { getInfo: decodeHex(getInfo) }),
      ...(features === undefined ? {} : { features }),
    }
    expect(encodeHex(encodePostHandshake(content))).toBe(message)
  })

  it.each(valid)('$name: refused when cut at any byte', ({ message }) => {
    const bytes = decodeHex(message)
    for (const length of bytes.keys()) {
      refuses(() => decodePostHandshake(bytes.slice(0, length)), 'post-handshake-malformed')
    }
  })

  it.each(refused(introductions))('$name: refused', ({ message, error }) => {
    refuses(() => decodePostHandshake(decodeHex(message)), error)
  })

  it.each(chromiumSessions())('writes what the phone said in $name, without features', ({ frames }) => {
    const said = frames[0]?.plain ?? new Uint8Array()
    const { getInfo, features } = decodePostHandshake(said)
    expect(features).toEqual(['ctap'])
    expect(getInfo && encodePostHandshake({ getInfo })).toEqual(said)
  })

  it.each(revision0)('$name: told apart', ({ padded, cbor }) => {
    refuses(() => decodePostHandshake(decodeHex(padded)), 'revision-unsupported')
    expect(decodePostHandshake(decodeHex(cbor)).features).toEqual(['ctap'])
    atEveryTruncation(decodeHex(padded), decodePostHandshake)
  })

  it.each([
    ['zeros of no map', new Uint8Array(512)],
    ['more zeros than bytes', new Uint8Array(512).fill(0xff)],
    ['an array padded as in revision 0', new Uint8Array(256).with(0, 0x80).with(255, 254)],
    ['a map padded to no multiple of 256', new Uint8Array(255).with(0, 0xa0).with(254, 253)],
  ])('does not take %s for revision 0', (_, bytes) => {
    refuses(() => decodePostHandshake(bytes), 'post-handshake-malformed')
  })

  it('ignores padding, unknown members, and features that are not text', () => {
    const features = ['ctap', 1, null, 'future']
    const message = messageOf([0, new Uint8Array(9)], [1, GET_INFO], [3, features], [999, true], ['x', 1])
    expect(decodePostHandshake(message)).toEqual({ getInfo: GET_INFO, features: ['ctap', 'future'] })
  })

  it('shows the linking data of old phones', () => {
    const linking = cborMap([[1, 'anything']])
    expect(decodePostHandshake(messageOf([1, GET_INFO], [2, linking])).linking).toEqual(linking)
  })

  it.each([
    ['not a map', encodeCbor([1])],
    ['with linking data that is not a map', messageOf([1, GET_INFO], [2, true])],
    ['with ctap but no getInfo', messageOf([3, ['ctap']])],
    ['with getInfo but no features in the list', messageOf([1, GET_INFO], [3, []])],
  ])('refuses one %s', (_, bytes) => {
    refuses(() => decodePostHandshake(bytes), 'post-handshake-malformed')
  })

  it('survives any bytes', () => {
    const real = [
      ...valid.map(({ message }) => decodeHex(message)),
      ...revision0.map(({ padded }) => decodeHex(padded)),
      ...iosTrace()
        .frames.slice(0, 1)
        .map(({ plain }) => plain),
    ]
    survivesAnyBytes(decodePostHandshake, real)
  })
})
