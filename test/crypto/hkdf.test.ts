import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { HkdfBlocks, hkdfExpand, hkdfExtract } from '../../src/crypto/hkdf.js'
import { SecretBytes } from '../../src/crypto/secret-bytes.js'
import { providers } from '../support/providers.js'
import { thrownBy } from '../support/thrown.js'

// RFC 5869 appendix A.1 and A.3.
const KEY = new Uint8Array(22).fill(0x0b)
const A1 = {
  salt: decodeHex('000102030405060708090a0b0c'),
  info: decodeHex('f0f1f2f3f4f5f6f7f8f9'),
  prk: '077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5',
  okm: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
}
const A3 = {
  prk: '19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04',
  okm: '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
}

describe.each(providers)('HKDF on $name', crypto => {
  it('gives what RFC 5869 gives', () => {
    const prk = hkdfExtract(crypto, A1.salt, KEY)
    expect(encodeHex(prk)).toBe(A1.prk)
    expect(encodeHex(hkdfExpand(crypto, prk, A1.info, 42))).toBe(A1.okm)
  })

  it('takes an empty salt and an empty info', () => {
    const prk = hkdfExtract(crypto, new Uint8Array(), KEY)
    expect(encodeHex(prk)).toBe(A3.prk)
    expect(encodeHex(hkdfExpand(crypto, prk, new Uint8Array(), 42))).toBe(A3.okm)
  })

  it('gives blocks one by one, whatever happens to those given before', () => {
    const blocks = new HkdfBlocks(crypto, decodeHex(A3.prk))
    const first = blocks.next()
    expect(encodeHex(first)).toBe(A3.okm.slice(0, 64))
    first.fill(0)
    expect(encodeHex(blocks.next())).toMatch(new RegExp(`^${A3.okm.slice(64)}`))
  })

  it('ends after 255 blocks', () => {
    const prk = decodeHex(A3.prk)
    expect(hkdfExpand(crypto, prk, new Uint8Array(), 255 * 32)).toHaveLength(255 * 32)
    expect(thrownBy(() => hkdfExpand(crypto, prk, new Uint8Array(), 255 * 32 + 1))).toMatchObject({
      code: 'argument-invalid',
    })
  })

  it('ends when destroyed', () => {
    const blocks = new HkdfBlocks(crypto, decodeHex(A3.prk))
    blocks.destroy()
    expect(thrownBy(() => blocks.next())).toMatchObject({ code: 'session-misused' })
    expect(inspect(blocks)).toBe('[redacted]')
  })
})

describe('SecretBytes', () => {
  it('copies, does not print, and wipes', () => {
    const original = Uint8Array.of(1, 2, 3)
    const secret = new SecretBytes(original)
    const { bytes } = secret
    original.fill(9)
    expect(bytes).toEqual(Uint8Array.of(1, 2, 3))
    expect(`${inspect(secret)} ${String(secret)} ${JSON.stringify(secret)}`).toBe(
      '[redacted] [redacted] "[redacted]"',
    )
    secret.destroy()
    secret.destroy()
    expect(bytes).toEqual(new Uint8Array(3))
    expect(thrownBy(() => secret.bytes)).toMatchObject({ code: 'session-misused' })
  })
})
