import { describe, expect, test } from 'vitest'
import { concatBytes } from '../../src/bytes/bytes.js'
import { decodeHex } from '../../src/bytes/hex.js'
import { encodeCbor } from '../../src/cbor/cbor.js'
import { cborMap } from '../../src/cbor/value.js'
import {
  decodeGetAssertionRequest,
  decodeGetAssertionResponse,
  encodeGetAssertionRequest,
  encodeGetAssertionResponse,
} from '../../src/ctap/get-assertion.js'
import type { GetAssertionRequest, GetAssertionResponse } from '../../src/ctap/get-assertion.js'
import { CtapError } from '../../src/errors.js'
import { atEveryTruncation, refuses, survivesAnyBytes } from '../support/decoder.js'
import { chromiumGet, iosGet } from './recorded.js'

const request: GetAssertionRequest = {
  rpId: 'example.com',
  clientDataHash: new Uint8Array(32).fill(7),
  up: true,
  uv: false,
}

describe('getAssertion request', () => {
  test.each([
    ['Chromium', chromiumGet.request, 'localhost'],
    ['the iPhone’s laptop', iosGet.request, 'example.com'],
  ])('reads what %s sent and writes it again', (_, bytes, rpId) => {
    const decoded = decodeGetAssertionRequest(bytes)
    expect(decoded).toMatchObject({ rpId, up: true, uv: true })
    expect(decoded.allowList).toBeUndefined()
    expect(encodeGetAssertionRequest(decoded)).toEqual(bytes)
  })

  test('leaves out what says nothing', () => {
    const expected = cborMap([
      [1, 'example.com'],
      [2, request.clientDataHash],
    ])
    expect(encodeGetAssertionRequest({ ...request, allowList: [] })).toEqual(
      concatBytes(Uint8Array.of(2), encodeCbor(expected)),
    )
  })

  test('writes up only when false', () => {
    const bytes = encodeGetAssertionRequest({ ...request, up: false })
    expect(bytes.slice(-5)).toEqual(decodeHex('a1627570f4'))
    expect(decodeGetAssertionRequest(bytes)).toEqual({ ...request, up: false })
  })

  test('carries every member there and back', () => {
    const full: GetAssertionRequest = {
      ...request,
      allowList: [
        { id: Uint8Array.of(1), type: 'public-key' },
        { id: Uint8Array.of(2), type: 'public-key' },
      ],
      extensions: cborMap([['prf', cborMap([])]]),
      up: false,
      uv: true,
      pinUvAuthParam: Uint8Array.of(1),
      pinUvAuthProtocol: 1,
    }
    expect(decodeGetAssertionRequest(encodeGetAssertionRequest(full))).toEqual(full)
  })

  test.each([
    ['no rpId', cborMap([[2, request.clientDataHash]])],
    ['no clientDataHash', cborMap([[1, 'a']])],
    [
      'an allowList of numbers',
      cborMap([
        [1, 'a'],
        [2, request.clientDataHash],
        [3, [1]],
      ]),
    ],
    [
      'up that is no boolean',
      cborMap([
        [1, 'a'],
        [2, request.clientDataHash],
        [5, cborMap([['up', 1]])],
      ]),
    ],
  ])('refuses %s', (_, members) => {
    refuses(
      () => decodeGetAssertionRequest(concatBytes(Uint8Array.of(2), encodeCbor(members))),
      'ctap-malformed',
    )
  })

  test('survives truncation and any bytes', () => {
    atEveryTruncation(chromiumGet.request, cut => {
      refuses(() => decodeGetAssertionRequest(cut))
    })
    survivesAnyBytes(decodeGetAssertionRequest, [chromiumGet.request, iosGet.request])
  })
})

describe('getAssertion response', () => {
  test('reads what was answered to Chromium and writes it again', () => {
    const response = decodeGetAssertionResponse(chromiumGet.response)
    expect(response.user).toEqual({ id: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) })
    expect(response.userSelected).toBeUndefined()
    expect(encodeGetAssertionResponse(response)).toEqual(chromiumGet.response)
  })

  test('reads what an iPhone answered and writes it again', () => {
    const response = decodeGetAssertionResponse(iosGet.response)
    expect(response.user).toMatchObject({ name: '', displayName: '' })
    expect(response.userSelected).toBe(true)
    expect(encodeGetAssertionResponse(response)).toEqual(iosGet.response)
  })

  test('carries every member there and back, and does without most', () => {
    const least: GetAssertionResponse = { authData: Uint8Array.of(1), signature: Uint8Array.of(2) }
    const full: GetAssertionResponse = {
      ...least,
      credential: { id: Uint8Array.of(3), type: 'public-key' },
      user: { id: Uint8Array.of(4), name: 'alice' },
      numberOfCredentials: 2,
      userSelected: false,
      largeBlobKey: Uint8Array.of(5),
      unsignedExtensionOutputs: cborMap([['prf', cborMap([])]]),
    }
    expect(decodeGetAssertionResponse(encodeGetAssertionResponse(least))).toEqual(least)
    expect(decodeGetAssertionResponse(encodeGetAssertionResponse(full))).toEqual(full)
  })

  test('ignores transports of the credential', () => {
    const credential = cborMap([
      ['id', Uint8Array.of(3)],
      ['type', 'public-key'],
      ['transports', ['cable']],
    ])
    const bytes = encodeCbor(
      cborMap([
        [1, credential],
        [2, Uint8Array.of(1)],
        [3, Uint8Array.of(2)],
      ]),
    )
    expect(decodeGetAssertionResponse(concatBytes(Uint8Array.of(0), bytes)).credential).toEqual({
      id: Uint8Array.of(3),
      type: 'public-key',
    })
  })

  test.each(['', '00', '00a0', '00a1024101', '00a10341'])('refuses %s', hex => {
    refuses(() => decodeGetAssertionResponse(decodeHex(hex)))
  })

  test('survives truncation and any bytes', () => {
    atEveryTruncation(iosGet.response, cut => {
      refuses(() => decodeGetAssertionResponse(cut))
    })
    const decode = (bytes: Uint8Array): unknown => {
      try {
        return decodeGetAssertionResponse(bytes)
      } catch (error) {
        if (error instanceof CtapError) return error
        throw error
      }
    }
    survivesAnyBytes(decode, [chromiumGet.response, iosGet.response])
  })
})
