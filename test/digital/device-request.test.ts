import { describe, expect, test } from 'vitest'
import { decodeHex } from '../../src/bytes/hex.js'
import { encodeCbor } from '../../src/cbor/cbor.js'
import { cborMap } from '../../src/cbor/value.js'
import type { CborMap, CborValue } from '../../src/cbor/value.js'
import { readDeviceRequest } from '../../src/digital/device-request.js'
import { decodeMdocCbor } from '../../src/digital/mdoc-reader.js'
import { onlyCase } from '../support/cases.js'
import { thrownBy } from '../support/thrown.js'

const ISO = onlyCase<{ deviceRequest: string; docType: string; elements: string[] }>(
  'device-request',
  'requests',
)
const hex = (text: string): Uint8Array => decodeHex(text.replaceAll(' ', ''))
const object = (members: Record<string, CborValue>): CborMap => cborMap(Object.entries(members))

describe('a DeviceRequest', () => {
  test('of ISO 18013-5 says which elements of which document it asks for', () => {
    expect(readDeviceRequest(decodeHex(ISO.deviceRequest))).toEqual([
      { docType: ISO.docType, elements: ISO.elements },
    ])
  })

  test('is refused at every truncation, and with bytes behind it', () => {
    const whole = decodeHex(ISO.deviceRequest)
    for (let length = 0; length < whole.length; length++)
      expect(thrownBy(() => readDeviceRequest(whole.slice(0, length)))).toMatchObject({ name: 'DecodeError' })
    expect(thrownBy(() => readDeviceRequest(Uint8Array.of(...whole, 0)))).toMatchObject({
      code: 'cbor-malformed',
    })
  })

  const items = { docType: 'd', nameSpaces: object({ n: object({ e: true }) }) }
  const asking = (itemsRequest: CborValue): CborValue =>
    object({ version: '1.0', docRequests: [object({ itemsRequest })] })

  test('may ask for several documents, and for a document alone', () => {
    const other = object({ docType: 'other', nameSpaces: object({}) })
    const both = [object(items), other].map(itemsRequest => object({ itemsRequest }))
    expect(readDeviceRequest(encodeCbor(object({ version: '1.1', docRequests: both })))).toEqual([
      { docType: 'd', elements: ['n.e'] },
      { docType: 'other', elements: [] },
    ])
  })

  test.each<[string, CborValue]>([
    ['no map', []],
    ['no version', object({ docRequests: [] })],
    ['a version that is not text', object({ version: 1, docRequests: [] })],
    ['no list of documents', object({ version: '1.0', docRequests: object({}) })],
    ['a document that is no map', object({ version: '1.0', docRequests: [7] })],
    ['a document that asks for nothing', object({ version: '1.0', docRequests: [object({})] })],
    ['items that are no map', asking('x')],
    ['a type that is not text', asking(object({ ...items, docType: 7 }))],
    ['namespaces that are no map', asking(object({ ...items, nameSpaces: [] }))],
    ['a namespace that is no map', asking(object({ ...items, nameSpaces: object({ n: true }) }))],
    [
      'a namespace with a number for a name',
      asking(object({ ...items, nameSpaces: cborMap([[1, object({ e: true })]]) })),
    ],
    [
      'an element with a number for a name',
      asking(object({ ...items, nameSpaces: object({ n: cborMap([[1, true]]) }) })),
    ],
    [
      'an element that is kept or not',
      asking(object({ ...items, nameSpaces: object({ n: object({ e: 1 }) }) })),
    ],
  ])('is refused with %s', (_, value) => {
    expect(thrownBy(() => readDeviceRequest(encodeCbor(value)))).toMatchObject({ code: 'cbor-unexpected' })
  })
})

describe('CBOR of ISO 18013-5', () => {
  test.each<[string, string, CborValue]>([
    ['keys in any order', 'a2 6162 01 6161 02', object({ b: 1, a: 2 })],
    ['encoded CBOR', 'd818 43 820120', [1, -1]],
    ['a tag', 'c0 6161', 'a'],
    [
      'floats, null and undefined',
      '86 f97e00 fa00000000 fb0000000000000000 f6 f7 f8ff',
      [null, null, null, null, null, null],
    ],
    ['false and true', '82 f4 f5', [false, true]],
    ['a byte string', '42 0102', Uint8Array.of(1, 2)],
  ])('may hold %s', (_, bytes, value) => {
    expect(decodeMdocCbor(hex(bytes))).toEqual(value)
  })

  test.each<[string, string, string]>([
    ['a key twice', 'a2 6161 01 6161 02', 'cbor-not-canonical'],
    ['a key of bytes', 'a1 4161 01', 'cbor-unexpected'],
    ['an indefinite length', '9f ff', 'cbor-not-canonical'],
    ['a length that is not in its shortest form', '9801 00', 'cbor-not-canonical'],
    ['a break', 'ff', 'cbor-malformed'],
    ['a reserved simple value', 'fc', 'cbor-malformed'],
    ['encoded CBOR that is text', 'd818 6101', 'cbor-malformed'],
    ['encoded CBOR with bytes behind it', 'd818 42 0101', 'cbor-malformed'],
    ['text that is not UTF-8', '61 ff', 'utf8-malformed'],
    ['a list that claims more than there is', '9a00010000 00', 'cbor-malformed'],
    ['nothing', '', 'cbor-malformed'],
  ])('holds no %s', (_, bytes, code) => {
    expect(thrownBy(() => decodeMdocCbor(hex(bytes)))).toMatchObject({ code })
  })

  const nested = (depth: number): Uint8Array => Uint8Array.of(...Array<number>(depth).fill(0x81), 0)
  const tagged = (depth: number): Uint8Array => Uint8Array.of(...Array<number>(depth).fill(0xc1), 0)
  /** `count` times the byte string of an empty one, as encoded CBOR: what an item holds counts, too. */
  const long = (count: number): Uint8Array => {
    const list = Uint8Array.of(0x99, count >> 8, count & 0xff, ...new Uint8Array(count))
    return Uint8Array.of(0xd8, 0x18, 0x59, list.length >> 8, list.length & 0xff, ...list)
  }

  test.each<[string, Uint8Array, string | undefined]>([
    ['15 levels', nested(15), undefined],
    ['16 levels', nested(16), undefined],
    ['17 levels', nested(17), 'cbor-limit'],
    ['16 tags', tagged(16), undefined],
    ['17 tags', tagged(17), 'cbor-limit'],
    // The item itself and what the tag holds are two.
    ['9 999 items', long(9997), undefined],
    ['10 000 items', long(9998), undefined],
    ['10 001 items', long(9999), 'cbor-limit'],
    ['1 MiB', encodeCbor(new Uint8Array(1_048_576 - 5)), undefined],
    ['1 MiB and a byte', encodeCbor(new Uint8Array(1_048_576 - 4)), 'cbor-limit'],
  ])('is limited: %s', (_, bytes, code) => {
    expect((thrownBy(() => decodeMdocCbor(bytes)) as { code?: string } | undefined)?.code).toBe(code)
  })
})
