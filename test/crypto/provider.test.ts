import { createHash, createHmac, createSecretKey } from 'node:crypto'
import { inspect } from 'node:util'
import { p256 } from '@noble/curves/nist.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { p256Point } from '../../src/bytes/brands.js'
import { encodeUtf8 } from '../../src/bytes/utf8.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { P256 } from '../../src/crypto/p256.js'
import { cases } from '../support/cases.js'
import { refuses, survivesAnyBytes } from '../support/decoder.js'
import { providers } from '../support/providers.js'
import { thrownBy } from '../support/thrown.js'

const keys = cases<Record<'privateKey' | 'publicKey' | 'publicKeyCompressed', string>>('derive', 'seedToKey')
const ORDER = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'
const PRIME = 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff'
const ROOT_OF_B = '66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4'
const NONCE = new Uint8Array(12)
const NOTHING = new Uint8Array()

it('has the parameters of P-256 that the library has', () => {
  expect(P256).toEqual(p256.Point.CURVE())
})

describe.each(providers)('crypto provider $name', crypto => {
  it('hashes the parts joined (FIPS 180-4)', () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    expect(encodeHex(crypto.sha256(encodeUtf8('abc')))).toBe(abc)
    expect(encodeHex(crypto.sha256(encodeUtf8('a'), NOTHING, encodeUtf8('bc')))).toBe(abc)
    expect(encodeHex(crypto.sha256())).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    )
  })

  it('authenticates the parts joined (RFC 4231 cases 1 and 2)', () => {
    const mac = 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'
    const key = new Uint8Array(20).fill(0x0b)
    expect(encodeHex(crypto.hmacSha256(key, encodeUtf8('Hi There')))).toBe(mac)
    expect(encodeHex(crypto.hmacSha256(key, encodeUtf8('Hi'), encodeUtf8(' There')))).toBe(mac)
    expect(encodeHex(crypto.hmacSha256(encodeUtf8('Jefe'), encodeUtf8('what do ya want for nothing?')))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
  })

  it('authenticates with keys and messages of any length as the reference does', () => {
    const lengths = [0, 1, 16, 31, 32, 63, 64, 65, 127, 128, 129, 200]
    const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index)
    for (const keyLength of lengths.slice(1)) {
      for (const length of lengths) {
        const [key, message] = [bytes(keyLength), bytes(length)]
        const mac = createHmac('sha256', createSecretKey(key)).update(message).digest('hex')
        expect(encodeHex(crypto.hmacSha256(key, message))).toBe(mac)
        expect(encodeHex(crypto.sha256(key, message))).toBe(
          createHash('sha256').update(key).update(message).digest('hex'),
        )
        expect(crypto.hmacKey(key).verify(message, decodeHex(mac))).toBe(true)
      }
    }
  })

  it('works as before after a part that is not bytes', () => {
    const key = new Uint8Array(32).fill(1)
    const mac = crypto.hmacSha256(key, NOTHING)
    const broken = new BigUint64Array(2) as unknown as Uint8Array
    expect(() => crypto.hmacSha256(key, broken)).toThrow()
    expect(() => crypto.sha256(key, broken)).toThrow()
    expect(crypto.hmacSha256(key, NOTHING)).toEqual(mac)
  })

  it('checks the tags of many messages with one key, cut ones too', () => {
    const secret = new Uint8Array(32).fill(5)
    const key = crypto.hmacKey(secret)
    const [one, other] = [encodeUtf8('one'), encodeUtf8('another')]
    const [tag, otherTag] = [crypto.hmacSha256(secret, one), crypto.hmacSha256(secret, other)]
    secret.fill(0)
    for (let round = 0; round < 2; round++) {
      expect(key.verify(one, tag)).toBe(true)
      expect(key.verify(other, otherTag.subarray(0, 4))).toBe(true)
      expect(key.verify(other, tag)).toBe(false)
      expect(key.verify(one, Uint8Array.of(...tag, 0))).toBe(false)
      for (const place of tag.keys())
        expect(key.verify(one, tag.with(place, (tag[place] ?? 0) ^ 1))).toBe(false)
    }
    expect(inspect(key)).toBe('[redacted]')
    key.destroy()
    expect(thrownBy(() => key.verify(one, tag))).toMatchObject({ code: 'session-misused' })
  })

  it('encrypts one AES-256 block (FIPS 197 C.3)', () => {
    const key = Uint8Array.from({ length: 32 }, (_, index) => index)
    const block = decodeHex('00112233445566778899aabbccddeeff')
    const encrypted = crypto.encryptBlock(key, block)
    expect(encodeHex(encrypted)).toBe('8ea2b7ca516745bfeafc49904b496089')
    expect(crypto.decryptBlock(key, encrypted)).toEqual(block)
  })

  it('seals with AES-256-GCM (GCM specification, cases 13 and 14)', () => {
    const key = crypto.aeadKey(new Uint8Array(32))
    expect(encodeHex(key.seal(NONCE, NOTHING, NOTHING))).toBe('530f8afbc74536b9a963b4f1c4cb738b')
    expect(encodeHex(key.seal(NONCE, NOTHING, new Uint8Array(16)))).toBe(
      'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919',
    )
  })

  it('opens what was sealed, and nothing else', () => {
    const key = crypto.aeadKey(new Uint8Array(32).fill(1))
    const aad = Uint8Array.of(1, 2)
    const sealed = key.seal(NONCE, aad, encodeUtf8('secret'))
    expect(key.open(NONCE, aad, sealed)).toEqual(encodeUtf8('secret'))
    expect(key.open(NONCE, NOTHING, sealed)).toBeUndefined()
    expect(key.open(new Uint8Array(12).fill(1), aad, sealed)).toBeUndefined()
    for (const index of sealed.keys()) {
      const altered = sealed.with(index, (sealed[index] ?? 0) ^ 1)
      expect(key.open(NONCE, aad, altered)).toBeUndefined()
      expect(key.open(NONCE, aad, sealed.slice(0, index))).toBeUndefined()
    }
  })

  it('keeps no AEAD key that the caller wipes, and forgets its own on demand', () => {
    const bytes = new Uint8Array(32)
    const key = crypto.aeadKey(bytes)
    bytes.fill(7)
    expect(encodeHex(key.seal(NONCE, NOTHING, NOTHING))).toBe('530f8afbc74536b9a963b4f1c4cb738b')
    key.destroy()
    expect(thrownBy(() => key.seal(NONCE, NOTHING, NOTHING))).toMatchObject({ code: 'session-misused' })
    expect(thrownBy(() => key.open(NONCE, NOTHING, new Uint8Array(16)))).toMatchObject({
      code: 'session-misused',
    })
  })

  it('agrees on a shared X coordinate (RFC 5903 section 8.1)', () => {
    const initiator = crypto.importEcdhKey(
      decodeHex('c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433'),
    )
    const responder = crypto.importEcdhKey(
      decodeHex('c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53'),
    )
    const shared = 'd6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de'
    expect(encodeHex(initiator.publicKey)).toBe(
      '04dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c37725811805271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3',
    )
    expect(encodeHex(initiator.sharedSecret(responder.publicKey))).toBe(shared)
    expect(encodeHex(responder.sharedSecret(initiator.publicKey))).toBe(shared)
  })

  it.each([
    ['off the curve', `${keys[0]?.publicKey.slice(0, -2) ?? ''}00`],
    ['beyond the field', `04${'ff'.repeat(64)}`],
    ['of zeros', '00'.repeat(65)],
  ])('agrees on nothing with a point %s', (_, hex) => {
    expect(() => crypto.generateEcdhKey().sharedSecret(p256Point(decodeHex(hex)))).toThrow()
  })

  it('makes fresh keys', () => {
    const [one, other] = [crypto.generateEcdhKey(), crypto.generateEcdhKey()]
    expect(one.publicKey).not.toEqual(other.publicKey)
    expect(crypto.decodePoint(one.publicKey)).toEqual(one.publicKey)
    expect(one.sharedSecret(other.publicKey)).toEqual(other.sharedSecret(one.publicKey))
  })

  it.each(keys)('reads the key $publicKeyCompressed in both forms', vector => {
    const bytes = decodeHex(vector.privateKey)
    const key = crypto.importEcdhKey(bytes)
    bytes.fill(0)
    expect(encodeHex(key.publicKey)).toBe(vector.publicKey)
    expect(encodeHex(crypto.decodePoint(decodeHex(vector.publicKeyCompressed)))).toBe(vector.publicKey)
    expect(encodeHex(crypto.decodePoint(decodeHex(vector.publicKey)))).toBe(vector.publicKey)
    const { publicKey: generator } = crypto.importEcdhKey(decodeHex('01'.padStart(64, '0')))
    expect(encodeHex(key.sharedSecret(generator))).toBe(vector.publicKey.slice(2, 66))
  })

  it.each([
    ['31 bytes', '01'.repeat(31), 'length-wrong'],
    ['33 bytes', '01'.repeat(33), 'length-wrong'],
    ['zero', '00'.repeat(32), 'point-invalid'],
    ['the order', ORDER, 'point-invalid'],
    ['more than the order', 'ff'.repeat(32), 'point-invalid'],
  ])('refuses a private key of %s', (_, hex, code) => {
    refuses(() => crypto.importEcdhKey(decodeHex(hex)), code)
  })

  it.each([
    ['nothing', ''],
    ['the point at infinity', '00'],
    ['65 zeros', '00'.repeat(65)],
    ['33 zeros', '00'.repeat(33)],
    ['64 bytes without a prefix', keys[0]?.publicKey.slice(2) ?? ''],
    ['a hybrid form', `06${keys[0]?.publicKey.slice(2) ?? ''}`],
    ['an X beyond the field', `02${'ff'.repeat(32)}`],
    ['coordinates beyond the field', `04${'ff'.repeat(64)}`],
    // (0, y) is on the curve, and so p stands for 0 here.
    ['an X that is the prime itself', `04${PRIME}${ROOT_OF_B}`],
    ['an X without a Y', `02${'01'.padStart(64, '0')}`],
    ['a Y off the curve', `${keys[0]?.publicKey.slice(0, -2) ?? ''}00`],
  ])('refuses %s as a point', (_, hex) => {
    refuses(() => crypto.decodePoint(decodeHex(hex)), 'point-invalid')
  })

  it('survives any bytes as a point', () => {
    const real = keys.flatMap(key => [decodeHex(key.publicKeyCompressed), decodeHex(key.publicKey)])
    survivesAnyBytes(bytes => crypto.decodePoint(bytes), real)
  })

  it('returns what it does not share with its input', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), bytes => {
        const before = Uint8Array.from(bytes)
        crypto.sha256(bytes).fill(0)
        crypto.hmacSha256(bytes, bytes).fill(0)
        crypto.encryptBlock(bytes, bytes.subarray(0, 16)).fill(0)
        crypto.decryptBlock(bytes, bytes.subarray(0, 16)).fill(0)
        const key = crypto.aeadKey(bytes)
        const sealed = key.seal(bytes.subarray(0, 12), bytes, bytes)
        key.open(bytes.subarray(0, 12), bytes, sealed)?.fill(0)
        expect(bytes).toEqual(before)
      }),
    )
    const own = crypto.generateEcdhKey()
    const read = crypto.decodePoint(own.publicKey)
    read.fill(0)
    expect(own.publicKey[0]).toBe(4)
  })

  it('prints its keys as [redacted]', () => {
    for (const key of [crypto.generateEcdhKey(), crypto.aeadKey(new Uint8Array(32))]) {
      expect(inspect(key)).toBe('[redacted]')
      expect(inspect({ key }, { depth: 5, showHidden: true })).toBe('{ key: [redacted] }')
      expect(JSON.stringify([key])).toBe('["[redacted]"]')
    }
  })

  it('refuses a private key that was destroyed', () => {
    const [key, other] = [crypto.generateEcdhKey(), crypto.generateEcdhKey()]
    key.destroy()
    key.destroy()
    expect(thrownBy(() => key.sharedSecret(other.publicKey))).toMatchObject({ code: 'session-misused' })
  })
})
