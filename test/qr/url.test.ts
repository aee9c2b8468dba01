import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHex } from '../../src/bytes/hex.js'
import { encodeDigits } from '../../src/qr/digits.js'
import { decodeQrPayload } from '../../src/qr/payload.js'
import type { QrPayload } from '../../src/qr/payload.js'
import { decodeQrUrl, encodeQrUrl } from '../../src/qr/url.js'
import { atEveryTruncation, refuses, returnsOrRefuses, survivesAnyText } from '../support/decoder.js'
import { cases, onlyCase, refused, taken } from '../support/cases.js'
import { chromiumCodes as chromium, codes, realCodes as real } from './vectors.js'

const texts = cases<{ url: string; cbor?: string }>('qr', 'texts')
const trace = onlyCase<{ url: string; secret: string; clientPublicKey: string }>('trace-ios', 'sessions')

const decode = (text: string): QrPayload => decodeQrUrl(text)

describe('decodeQrUrl', () => {
  it.each(taken(codes))('reads: $name', ({ url, cbor }) => {
    expect(decode(url)).toEqual(decodeQrPayload(decodeHex(cbor)))
    atEveryTruncation(url, decode)
  })

  it.each(chromium)('reads what Chromium 156 showed for $name', ({ url, cbor }) => {
    expect(decode(url)).toEqual(decodeQrPayload(decodeHex(cbor)))
  })

  it('reads the code of the iOS trace', () => {
    expect(decode(trace.url)).toMatchObject({
      publicKey: decodeHex(trace.clientPublicKey),
      secret: decodeHex(trace.secret),
      requestType: 'ga',
      dataChannels: [0],
    })
  })

  it.each(taken(texts))('reads $url', ({ url, cbor }) => {
    expect(decode(url)).toEqual(decodeQrPayload(decodeHex(cbor ?? '')))
  })

  it.each(refused(codes))('refuses: $name', ({ url, error }) => {
    refuses(() => decode(url), error)
  })

  it.each(refused(texts))('$name', ({ url, error }) => {
    refuses(() => decode(url), error)
  })

  it.each([
    ['a bare prefix', 'FIDO:/'],
    ['two slashes', `FIDO://${trace.url.slice(6)}`],
    ['a space before', ` ${trace.url}`],
    ['a line feed behind', `${trace.url}\n`],
    ['a dotless i', trace.url.replace('I', 'ı')],
    ['more than 4096 letters', `FIDO:/${'0'.repeat(4091)}`],
  ])('refuses %s', (_, text) => {
    refuses(() => decode(text), 'qr-url-malformed')
  })

  it('reads a code with a wrong digit as another code, or refuses it', () => {
    const url = chromium[0]?.url ?? ''
    const payload = decode(url)
    for (let index = 'FIDO:/'.length; index < url.length; index++) {
      const other = url[index] === '0' ? '1' : '0'
      const damaged = url.slice(0, index) + other + url.slice(index + 1)
      returnsOrRefuses(() => {
        expect(decode(damaged)).not.toEqual(payload)
      })
    }
  })

  it('survives any text', () => {
    const digits = fc.uint8Array({ maxLength: 120 }).map(bytes => `FIDO:/${encodeDigits(bytes)}`)
    survivesAnyText(
      decode,
      fc.oneof(
        digits,
        fc.string().map(text => `fido:/${text}`),
      ),
    )
  })
})

describe('encodeQrUrl', () => {
  it.each(chromium)('writes back what Chromium 156 showed for $name', ({ url, digitCount }) => {
    expect(encodeQrUrl(decode(url))).toBe(url)
    expect(url).toHaveLength('FIDO:/'.length + digitCount)
  })

  it('writes back the real codes that have no more than keys 0 to 5', () => {
    const plain = real.filter(({ channels }) => channels === undefined)
    expect(plain).not.toHaveLength(0)
    for (const { url } of plain) expect(encodeQrUrl(decode(url))).toBe(url)
  })
})
