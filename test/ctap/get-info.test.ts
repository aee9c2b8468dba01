import { describe, expect, test } from 'vitest'
import { decodeHex } from '../../src/bytes/hex.js'
import { encodeCbor } from '../../src/cbor/cbor.js'
import { cborMap } from '../../src/cbor/value.js'
import { decodeGetInfo, encodeGetInfo } from '../../src/ctap/get-info.js'
import type { GetInfo } from '../../src/ctap/get-info.js'
import { atEveryTruncation, refuses, survivesAnyBytes } from '../support/decoder.js'
import { chromiumCreate, iosGet, recordedGetInfos } from './recorded.js'

describe('getInfo', () => {
  test('reads what an iPhone says', () => {
    expect(decodeGetInfo(iosGet.getInfo)).toEqual({
      versions: ['FIDO_2_0', 'FIDO_2_1'],
      extensions: ['largeBlob', 'prf'],
      aaguid: decodeHex('f24a8e70d0d3f82c293732523cc4de5a'),
      options: new Map([
        ['rk', true],
        ['uv', true],
        ['jsonMessages', true],
      ]),
      transports: ['internal', 'hybrid'],
    })
  })

  test('reads sizes and algorithms', () => {
    expect(decodeGetInfo(chromiumCreate.getInfo)).toMatchObject({
      extensions: [],
      maxMsgSize: 4096,
      algorithms: [-7],
    })
  })

  test('writes every recorded map again', () => {
    expect(recordedGetInfos).toHaveLength(6)
    for (const bytes of recordedGetInfos) expect(encodeGetInfo(decodeGetInfo(bytes))).toEqual(bytes)
  })

  test('carries every member there and back, unknown ones too', () => {
    const info: GetInfo = {
      versions: ['FIDO_2_3'],
      extensions: ['prf'],
      aaguid: new Uint8Array(16),
      options: new Map([['plat', false]]),
      maxMsgSize: 1200,
      pinUvAuthProtocols: [2, 1],
      maxCredentialCountInList: 8,
      maxCredentialIdLength: 128,
      transports: ['hybrid'],
      algorithms: [-7, -8],
      others: cborMap([
        [13, 4],
        [1000, 'grease'],
      ]),
    }
    expect(decodeGetInfo(encodeGetInfo(info))).toEqual(info)
  })

  test('needs nothing but versions and AAGUID', () => {
    const least = { versions: ['FIDO_2_0'], aaguid: new Uint8Array(16) }
    expect(decodeGetInfo(encodeGetInfo(least))).toEqual(least)
  })

  test('passes over options that are not boolean and algorithms of other types', () => {
    const odd = encodeCbor(
      cborMap([
        [1, []],
        [3, new Uint8Array(16)],
        [
          4,
          cborMap([
            ['rk', 1],
            ['uv', true],
          ]),
        ],
        [
          10,
          [
            cborMap([
              ['alg', -7],
              ['type', 'other'],
            ]),
          ],
        ],
      ]),
    )
    expect(decodeGetInfo(odd)).toMatchObject({ options: new Map([['uv', true]]), algorithms: [] })
  })

  test.each([
    ['no versions', cborMap([[3, new Uint8Array(16)]])],
    [
      'a version that is no text',
      cborMap([
        [1, [1]],
        [3, new Uint8Array(16)],
      ]),
    ],
    ['no AAGUID', cborMap([[1, []]])],
    [
      'a short AAGUID',
      cborMap([
        [1, []],
        [3, new Uint8Array(15)],
      ]),
    ],
    [
      'a negative PIN protocol',
      cborMap([
        [1, []],
        [3, new Uint8Array(16)],
        [6, [-1]],
      ]),
    ],
    [
      'transports that are no list',
      cborMap([
        [1, []],
        [3, new Uint8Array(16)],
        [9, 'usb'],
      ]),
    ],
    ['no map', []],
  ])('refuses %s', (_, value) => {
    refuses(() => decodeGetInfo(encodeCbor(value)), 'ctap-malformed')
  })

  test('survives truncation and any bytes', () => {
    for (const bytes of recordedGetInfos)
      atEveryTruncation(bytes, cut => {
        refuses(() => decodeGetInfo(cut))
      })
    survivesAnyBytes(decodeGetInfo, recordedGetInfos)
  })
})
