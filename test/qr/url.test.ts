import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHex } from '../../src/bytes/hex.js'
import { encodeDigits } from '../../src/qr/digits.js'
import { decodeQrPayload } from '../../src/qr/payload.js'
import type { QrPayload } from '../../src/qr/payload.js'
import { decodeQrUrl, encodeQrUrl } from '../../src/qr/url.js'
import { atEveryTruncation, refuses, returnsOrRefuses, survivesAnyText } from '../support/decoder.js'
import { fixture } from '../support/fixture.js'
import type { QrVectors } from './vectors.js'

const { known, real, validUrls, invalidUrls } = fixture<QrVectors>('qr')
const { qr: chromium } = fixture<{ qr: { call: string; qr: string; cbor: string; digits: number }[] }>(
  'chromium-156',
)
const { qr: trace } = fixture<{ qr: { url: string; cbor: string; secret: string; clientPublic: string } }>(
  'trace-ios',
)

const decode = (text: string): QrPayload => decodeQrUrl(text)

describe('decodeQrUrl', () => {
  it.each([...known.filter(vector => vector.valid), ...real])('reads: $name', ({ url, cbor }) => {
    expect(decode(url)).toEqual(decodeQrPayload(decodeHex(cbor)))
    atEveryTruncation(url, decode)
  })

  it.each(chromium)('reads what Chromium 156 showed for $call', ({ qr, cbor }) => {
    expect(decode(qr)).toEqual(decodeQrPayload(decodeHex(cbor)))
  })

  it('reads the code of the iOS trace', () => {
    expect(decode(trace.url)).toMatchObject({
      publicKey: decodeHex(trace.clientPublic),
      secret: decodeHex(trace.secret),
      requestType: 'ga',
      dataChannels: [0],
    })
  })

  it.each(validUrls)('reads $url', ({ url }) => {
    expect(decode(url).knownTunnelServices).toBe(0)
  })

  it.each(known.filter(vector => !vector.valid))('refuses: $name', ({ url }) => {
    refuses(() => decode(url), 'qr-payload-invalid')
  })

  it.each(invalidUrls)('refuses $url ($note)', ({ url }) => {
    refuses(() => decode(url))
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
    const url = chromium[0]?.qr ?? ''
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
  it.each(chromium)('writes back what Chromium 156 showed for $call', ({ qr, digits }) => {
    expect(encodeQrUrl(decode(qr))).toBe(qr)
    expect(qr).toHaveLength('FIDO:/'.length + digits)
  })

  it('writes back the real codes that have no more than keys 0 to 5', () => {
    const plain = real.filter(({ expect: expected }) => expected?.channels === undefined)
    expect(plain).not.toHaveLength(0)
    for (const { url } of plain) expect(encodeQrUrl(decode(url))).toBe(url)
  })
})
