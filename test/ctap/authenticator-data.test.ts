import { describe, expect, test } from 'vitest'
import { concatBytes } from '../../src/bytes/bytes.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { decodeUtf8 } from '../../src/bytes/utf8.js'
import { encodeCbor } from '../../src/cbor/cbor.js'
import { cborMap } from '../../src/cbor/value.js'
import { decodeAuthenticatorData, encodeAuthenticatorData } from '../../src/ctap/authenticator-data.js'
import type { AuthenticatorData } from '../../src/ctap/authenticator-data.js'
import { atEveryTruncation, refuses, survivesAnyBytes } from '../support/decoder.js'
import { chromiumCreate, chromiumGet } from './recorded.js'

const created = decodeHex(chromiumCreate.page['authenticatorData'] ?? '')
const asserted = decodeHex(chromiumGet.page['authenticatorData'] ?? '')
const header = (flags: number): Uint8Array =>
  concatBytes(new Uint8Array(32), Uint8Array.of(flags, 0, 0, 0, 9))
const credentialHead = (idLength: number): Uint8Array =>
  concatBytes(new Uint8Array(16), Uint8Array.of(idLength >> 8, idLength & 0xff))

describe('authenticator data', () => {
  test('reads a recorded registration and writes it again', () => {
    const data = decodeAuthenticatorData(created)
    expect(data.flags).toEqual({ up: true, uv: true, be: true, bs: true })
    expect(data.signCount).toBe(0)
    expect(decodeUtf8(data.attestedCredential?.aaguid ?? new Uint8Array())).toBe('hybrid-lab-phone')
    expect(encodeHex(data.attestedCredential?.credentialId ?? new Uint8Array())).toBe(
      chromiumCreate.page['rawId'],
    )
    expect(encodeAuthenticatorData(data)).toEqual(created)
  })

  test('reads a recorded sign-in and writes it again', () => {
    const data = decodeAuthenticatorData(asserted)
    expect(data.attestedCredential).toBeUndefined()
    expect(data.extensions).toBeUndefined()
    expect(encodeAuthenticatorData(data)).toEqual(asserted)
  })

  test('carries extensions, alone and behind a credential', () => {
    const extensions = cborMap([['prf', cborMap([['enabled', true]])]])
    for (const bytes of [created, asserted]) {
      const data: AuthenticatorData = { ...decodeAuthenticatorData(bytes), signCount: 0xffffffff, extensions }
      expect(decodeAuthenticatorData(encodeAuthenticatorData(data))).toEqual(data)
    }
  })

  test.each([
    [0x01, 'up'],
    [0x04, 'uv'],
    [0x08, 'be'],
    [0x10, 'bs'],
  ] as const)('flag %i is %s', (flag, name) => {
    const data = decodeAuthenticatorData(header(flag))
    expect(data.flags).toEqual({ up: false, uv: false, be: false, bs: false, [name]: true })
    expect(data.signCount).toBe(9)
    expect(encodeAuthenticatorData(data)).toEqual(header(flag))
  })

  test('finds the end of a key with every form of CBOR inside', () => {
    const publicKey = encodeCbor(
      cborMap([
        [1, [1, 'text', cborMap([[1, null]]), true]],
        [3, 70_000],
        [-1, new Uint8Array(300)],
        [-2, 24],
      ]),
    )
    const data: AuthenticatorData = {
      ...decodeAuthenticatorData(asserted),
      attestedCredential: { aaguid: new Uint8Array(16), credentialId: Uint8Array.of(1), publicKey },
      extensions: cborMap([]),
    }
    expect(decodeAuthenticatorData(encodeAuthenticatorData(data))).toEqual(data)
  })

  test.each([
    ['nothing', new Uint8Array()],
    ['36 bytes', new Uint8Array(36)],
    ['stray bytes', concatBytes(header(1), Uint8Array.of(0))],
    ['AT without credential', header(0x41)],
    ['a credential that ends early', concatBytes(header(0x41), credentialHead(4), Uint8Array.of(1))],
    ['a credential ID of 1024 bytes', concatBytes(header(0x41), credentialHead(1024), new Uint8Array(1025))],
    ['a key that is no map', concatBytes(header(0x41), credentialHead(0), Uint8Array.of(1))],
    ['a key of unsound length', concatBytes(header(0x41), credentialHead(0), Uint8Array.of(0x5f))],
    ['a key with a tag', concatBytes(header(0x41), credentialHead(0), Uint8Array.of(0xc1, 0xa0))],
    ['a key of huge claims', concatBytes(header(0x41), credentialHead(0), decodeHex('bbffffffffffffffff'))],
    ['ED without extensions', header(0x81)],
    ['extensions that are no map', concatBytes(header(0x81), Uint8Array.of(0x80))],
  ])('refuses %s', (_, bytes) => {
    refuses(() => decodeAuthenticatorData(bytes))
  })

  test('survives truncation and any bytes', () => {
    atEveryTruncation(created, cut => {
      refuses(() => decodeAuthenticatorData(cut))
    })
    const extended = encodeAuthenticatorData({
      ...decodeAuthenticatorData(created),
      extensions: cborMap([['credProtect', 2]]),
    })
    survivesAnyBytes(decodeAuthenticatorData, [created, asserted, extended])
  })
})
