import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { encodeCbor } from '../../src/cbor/cbor.js'
import { cborMap } from '../../src/cbor/value.js'
import { decodeAuthenticatorData } from '../../src/ctap/authenticator-data.js'
import { decodeCoseKey, decodeEs256Key, encodeCoseKey, encodeEs256Key } from '../../src/ctap/cose-key.js'
import type { CoseKey } from '../../src/ctap/cose-key.js'
import { encodeSubjectPublicKeyInfo } from '../../src/ctap/subject-public-key-info.js'
import { atEveryTruncation, refuses, survivesAnyBytes } from '../support/decoder.js'
import { chromiumCreate } from './recorded.js'

const authData = decodeAuthenticatorData(decodeHex(chromiumCreate.page['authenticatorData'] ?? ''))
const recorded = authData.attestedCredential?.publicKey ?? new Uint8Array()
const info = (key: CoseKey): Uint8Array | undefined => encodeSubjectPublicKeyInfo(key)

describe('COSE key', () => {
  test('reads the recorded ES256 key and writes it again', () => {
    const key = decodeCoseKey(recorded)
    expect(key).toMatchObject({ type: 'ec2', algorithm: -7, curve: 1 })
    expect(encodeCoseKey(key)).toEqual(recorded)
    expect(encodeEs256Key(decodeEs256Key(recorded))).toEqual(recorded)
  })

  test.each<CoseKey>([
    { type: 'okp', algorithm: -8, curve: 6, x: new Uint8Array(32) },
    { type: 'rsa', algorithm: -257, modulus: new Uint8Array(256).fill(1), exponent: Uint8Array.of(1, 0, 1) },
    { type: 'akp', algorithm: -48, publicKey: new Uint8Array(1312) },
    { type: 'akp', algorithm: -49, publicKey: new Uint8Array(1952) },
    { type: 'akp', algorithm: -50, publicKey: new Uint8Array(2592) },
    {
      type: 'other',
      algorithm: -51,
      members: cborMap([
        [1, 7],
        [3, -51],
        [-1, new Uint8Array(1312)],
      ]),
    },
  ])('carries $type there and back', key => {
    expect(decodeCoseKey(encodeCoseKey(key))).toEqual(key)
  })

  test.each([
    ['no map', []],
    ['no algorithm', cborMap([[1, 2]])],
    ['no type', cborMap([[3, -7]])],
    [
      'EC2 without y',
      cborMap([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, new Uint8Array(32)],
      ]),
    ],
    [
      'RSA without exponent',
      cborMap([
        [1, 3],
        [3, -257],
        [-1, new Uint8Array(256)],
      ]),
    ],
    [
      'OKP without curve',
      cborMap([
        [1, 1],
        [3, -8],
        [-2, new Uint8Array(32)],
      ]),
    ],
  ])('refuses %s', (_, value) => {
    refuses(() => decodeCoseKey(encodeCbor(value)), 'ctap-malformed')
  })

  test.each([
    [-48, 1312],
    [-49, 1952],
    [-50, 2592],
  ])('the key of ML-DSA algorithm %i has %i bytes', (algorithm, length) => {
    const encoded = (bytes: number): Uint8Array =>
      encodeCbor(
        cborMap([
          [1, 7],
          [3, algorithm],
          [-1, new Uint8Array(bytes)],
        ]),
      )
    expect(decodeCoseKey(encoded(length))).toMatchObject({ type: 'akp', algorithm })
    for (const wrong of [0, length - 1, length + 1])
      refuses(() => decodeCoseKey(encoded(wrong)), 'ctap-malformed')
  })

  test('an ES256 key is on P-256', () => {
    const { x, y } = { x: new Uint8Array(32), y: new Uint8Array(32).fill(1) }
    const key = { type: 'ec2', algorithm: -7, curve: 1, x, y } as const
    refuses(() => decodeEs256Key(encodeCoseKey(key)), 'point-invalid')
    refuses(() => decodeEs256Key(encodeCoseKey({ ...key, curve: 2 })), 'ctap-malformed')
    refuses(() => decodeEs256Key(encodeCoseKey({ ...key, algorithm: -35 })), 'ctap-malformed')
  })

  test('survives truncation and any bytes', () => {
    atEveryTruncation(recorded, cut => {
      refuses(() => decodeCoseKey(cut))
    })
    survivesAnyBytes(decodeCoseKey, [recorded])
  })
})

describe('SubjectPublicKeyInfo', () => {
  test('of the recorded key is what Chromium gave to the page', () => {
    const der = info(decodeCoseKey(recorded))
    expect(encodeHex(der ?? new Uint8Array())).toBe(chromiumCreate.page['publicKey'])
  })

  test('of an Ed25519 key is what Node writes', () => {
    const { publicKey } = generateKeyPairSync('ed25519')
    const spki = publicKey.export({ type: 'spki', format: 'der' })
    const x = Uint8Array.from(spki.subarray(-32))
    expect(info({ type: 'okp', algorithm: -8, curve: 6, x })).toEqual(Uint8Array.from(spki))
  })

  test.each([512, 1024, 2048])('of an RSA key of %i bits is what Node writes', modulusLength => {
    const spki = generateKeyPairSync('rsa', { modulusLength }).publicKey.export({
      type: 'spki',
      format: 'der',
    })
    const jwk = createPublicKey({ key: spki, type: 'spki', format: 'der' }).export({ format: 'jwk' })
    const modulus = Uint8Array.from(Buffer.from(jwk.n ?? '', 'base64url'))
    const exponent = Uint8Array.from(Buffer.from(jwk.e ?? '', 'base64url'))
    const padded = Uint8Array.of(0, ...modulus)
    expect(info({ type: 'rsa', algorithm: -257, modulus, exponent })).toEqual(Uint8Array.from(spki))
    expect(info({ type: 'rsa', algorithm: -257, modulus: padded, exponent })).toEqual(Uint8Array.from(spki))
  })

  test('of an RSA key of nothing is still DER', () => {
    const none = new Uint8Array()
    const der = info({ type: 'rsa', algorithm: -257, modulus: none, exponent: none })
    expect(encodeHex(der ?? none).endsWith('3006020100020100')).toBe(true)
  })

  test.each<CoseKey>([
    { type: 'ec2', algorithm: -35, curve: 2, x: new Uint8Array(48), y: new Uint8Array(48) },
    { type: 'okp', algorithm: -8, curve: 7, x: new Uint8Array(57) },
    { type: 'rsa', algorithm: -37, modulus: new Uint8Array(256), exponent: Uint8Array.of(3) },
    { type: 'other', algorithm: -48, members: cborMap([]) },
  ])('is not made for algorithm $algorithm', key => {
    expect(info(key)).toBeUndefined()
  })
})
