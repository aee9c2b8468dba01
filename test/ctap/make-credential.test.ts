import { describe, expect, test } from 'vitest'
import { concatBytes } from '../../src/bytes/bytes.js'
import { decodeHex } from '../../src/bytes/hex.js'
import { encodeCbor } from '../../src/cbor/cbor.js'
import { cborMap } from '../../src/cbor/value.js'
import type { CborMap } from '../../src/cbor/value.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import {
  decodeMakeCredentialRequest,
  decodeMakeCredentialResponse,
  encodeMakeCredentialRequest,
  encodeMakeCredentialResponse,
} from '../../src/ctap/make-credential.js'
import type { MakeCredentialRequest } from '../../src/ctap/make-credential.js'
import { CtapError } from '../../src/errors.js'
import { atEveryTruncation, refuses, survivesAnyBytes } from '../support/decoder.js'
import { chromiumCreate } from './recorded.js'

const request: MakeCredentialRequest = {
  clientDataHash: new Uint8Array(32).fill(7),
  rp: { id: 'example.com', name: 'Example' },
  user: { id: Uint8Array.of(1, 2, 3), name: 'alice', displayName: '' },
  pubKeyCredParams: [
    { alg: -7, type: 'public-key' },
    { alg: -257, type: 'public-key' },
  ],
  rk: false,
  uv: false,
}

const withMembers = (change: (members: Map<number | string, unknown>) => void): Uint8Array => {
  const members = new Map<number | string, unknown>([
    [1, request.clientDataHash],
    [2, new Map([['id', 'example.com']])],
    [3, new Map([['id', Uint8Array.of(1)]])],
    [4, []],
  ])
  change(members)
  return concatBytes(Uint8Array.of(1), encodeCbor(members as CborMap))
}

describe('makeCredential request', () => {
  test('reads what Chromium sent', () => {
    expect(decodeMakeCredentialRequest(chromiumCreate.request)).toEqual({
      clientDataHash: nobleProvider.sha256(decodeHex(chromiumCreate.page['clientDataJSON'] ?? '')),
      rp: { id: 'localhost', name: 'hybrid lab' },
      user: { id: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), name: 'alice@example.org', displayName: 'Alice' },
      pubKeyCredParams: [
        { alg: -7, type: 'public-key' },
        { alg: -257, type: 'public-key' },
      ],
      rk: true,
      uv: true,
    })
  })

  test('writes the same bytes as Chromium', () => {
    const decoded = decodeMakeCredentialRequest(chromiumCreate.request)
    expect(encodeMakeCredentialRequest(decoded)).toEqual(chromiumCreate.request)
  })

  test('leaves out options that are false and lists that are empty, but no name', () => {
    const encoded = encodeMakeCredentialRequest({
      ...request,
      rp: { id: 'example.com' },
      user: { id: Uint8Array.of(1) },
      excludeList: [],
    })
    const expected = cborMap([
      [1, request.clientDataHash],
      [
        2,
        cborMap([
          ['id', 'example.com'],
          ['name', ''],
        ]),
      ],
      [
        3,
        cborMap([
          ['id', Uint8Array.of(1)],
          ['name', ''],
          ['displayName', ''],
        ]),
      ],
      [
        4,
        request.pubKeyCredParams.map(({ alg, type }) =>
          cborMap([
            ['alg', alg],
            ['type', type],
          ]),
        ),
      ],
    ])
    expect(encoded).toEqual(concatBytes(Uint8Array.of(1), encodeCbor(expected)))
  })

  test.each([
    [{ rk: true, uv: false }, 'a162726bf5'],
    [{ rk: false, uv: true }, 'a1627576f5'],
    [{ rk: false, up: false, uv: false }, 'a1627570f4'],
  ])('writes options %j', (options, hex) => {
    const bytes = encodeMakeCredentialRequest({ ...request, ...options })
    expect(bytes.slice(-5)).toEqual(decodeHex(hex))
  })

  test('carries every member there and back', () => {
    const full: MakeCredentialRequest = {
      ...request,
      excludeList: [{ id: Uint8Array.of(9), type: 'public-key' }],
      extensions: cborMap([['prf', cborMap([])]]),
      rk: true,
      uv: true,
      up: true,
      pinUvAuthParam: Uint8Array.of(4),
      pinUvAuthProtocol: 2,
      enterpriseAttestation: 1,
    }
    expect(decodeMakeCredentialRequest(encodeMakeCredentialRequest(full))).toEqual(full)
  })

  test('sends an exclude list whole, without transports', () => {
    const excludeList = Array.from({ length: 70 }, (_, index) => ({
      id: Uint8Array.of(index),
      type: 'public-key',
    }))
    const decoded = decodeMakeCredentialRequest(encodeMakeCredentialRequest({ ...request, excludeList }))
    expect(decoded.excludeList).toEqual(excludeList)
  })

  test('takes names that are absent and members that it does not know', () => {
    const decoded = decodeMakeCredentialRequest(withMembers(members => members.set(99, true)))
    expect(decoded.rp).toEqual({ id: 'example.com' })
    expect(decoded).toMatchObject({ rk: false, uv: false, pubKeyCredParams: [] })
  })

  test.each<[string, (members: Map<number | string, unknown>) => void]>([
    ['no clientDataHash', members => members.delete(1)],
    ['a short clientDataHash', members => members.set(1, new Uint8Array(31))],
    ['no rp', members => members.delete(2)],
    ['an rp without id', members => members.set(2, new Map())],
    [
      'an rp whose name is no text',
      members =>
        members.set(
          2,
          new Map<string, unknown>([
            ['id', 'a'],
            ['name', 1],
          ]),
        ),
    ],
    ['a user without id', members => members.set(3, new Map())],
    ['no pubKeyCredParams', members => members.delete(4)],
    ['an algorithm that is no map', members => members.set(4, [1])],
    ['an excludeList that is no array', members => members.set(5, true)],
    ['a descriptor without type', members => members.set(5, [new Map([['id', Uint8Array.of(1)]])])],
    ['options that are no map', members => members.set(7, true)],
    ['rk that is no boolean', members => members.set(7, new Map([['rk', 1]]))],
  ])('refuses %s', (_, change) => {
    refuses(() => decodeMakeCredentialRequest(withMembers(change)), 'ctap-malformed')
  })

  test('refuses another command, and an empty request', () => {
    refuses(() => decodeMakeCredentialRequest(Uint8Array.of(2, 0xa0)), 'ctap-malformed')
    refuses(() => decodeMakeCredentialRequest(new Uint8Array()), 'ctap-malformed')
    refuses(() => decodeMakeCredentialRequest(Uint8Array.of(1, 0x80)), 'ctap-malformed')
  })

  test('survives truncation and any bytes', () => {
    atEveryTruncation(chromiumCreate.request, cut => {
      refuses(() => decodeMakeCredentialRequest(cut))
    })
    survivesAnyBytes(decodeMakeCredentialRequest, [chromiumCreate.request])
  })
})

describe('makeCredential response', () => {
  test('reads what was answered to Chromium and writes it again', () => {
    const response = decodeMakeCredentialResponse(chromiumCreate.response)
    expect(response.fmt).toBe('packed')
    expect(response.authData).toHaveLength(164)
    expect(response.attStmt?.get('alg')).toBe(-7)
    expect(encodeMakeCredentialResponse(response)).toEqual(chromiumCreate.response)
  })

  test('carries every member there and back', () => {
    const full = {
      fmt: 'none',
      authData: Uint8Array.of(1),
      attStmt: cborMap([]),
      epAtt: false,
      largeBlobKey: new Uint8Array(32),
      unsignedExtensionOutputs: cborMap([['prf', cborMap([['enabled', true]])]]),
    }
    expect(decodeMakeCredentialResponse(encodeMakeCredentialResponse(full))).toEqual(full)
  })

  test('takes a response without attestation statement', () => {
    const response = { fmt: 'none', authData: Uint8Array.of(1) }
    expect(decodeMakeCredentialResponse(encodeMakeCredentialResponse(response))).toEqual(response)
  })

  test.each([
    ['19', 'ERR_CREDENTIAL_EXCLUDED'],
    ['27ff', 'ERR_OPERATION_DENIED'],
  ])('status %s is a CtapError', (hex, statusName) => {
    expect(() => decodeMakeCredentialResponse(decodeHex(hex))).toThrow(
      expect.objectContaining({ code: 'ctap-error', statusName }),
    )
  })

  test.each(['', '00', '0080', '00a0', '00a101646e6f6e65', '00a301646e6f6e650241010301'])(
    'refuses %s',
    hex => {
      refuses(() => decodeMakeCredentialResponse(decodeHex(hex)))
    },
  )

  test('survives truncation and any bytes', () => {
    atEveryTruncation(chromiumCreate.response, cut => {
      refuses(() => decodeMakeCredentialResponse(cut))
    })
    survivesAnyBytes(exceptStatus(decodeMakeCredentialResponse), [chromiumCreate.response])
  })
})

/** A status byte from a stranger is an answer, not a malformed one. */
function exceptStatus(decode: (bytes: Uint8Array) => unknown): (bytes: Uint8Array) => unknown {
  return bytes => {
    try {
      return decode(bytes)
    } catch (error) {
      if (error instanceof CtapError) return error
      throw error
    }
  }
}
