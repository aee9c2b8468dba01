import { describe, expect, it } from 'vitest'
import { eid, routingId, tunnelServiceId } from '../../src/bytes/brands.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { decodeEid, encodeEid } from '../../src/advert/eid.js'
import { UsageError } from '../../src/errors.js'
import { atEveryTruncation, refuses, survivesAnyBytes } from '../support/decoder.js'
import { refused, taken } from '../support/cases.js'
import { adverts, plaintexts } from './vectors.js'

const valid = [...adverts, ...taken(plaintexts)]

const decode = (bytes: Uint8Array): unknown => decodeEid(eid(bytes))

describe('the plaintext of an advert', () => {
  it.each(valid)('is read: $advertPlaintext', vector => {
    const fields = decodeEid(eid(decodeHex(vector.advertPlaintext)))
    expect(encodeHex(fields.nonce)).toBe(vector.nonce)
    expect(encodeHex(fields.routingId)).toBe(vector.routingId)
    expect(fields.tunnelServiceId).toBe(vector.encodedDomain)
  })

  it.each(valid)('is written: $advertPlaintext', vector => {
    const fields = {
      nonce: decodeHex(vector.nonce ?? ''),
      routingId: routingId(decodeHex(vector.routingId ?? '')),
      tunnelServiceId: tunnelServiceId(vector.encodedDomain ?? NaN),
    }
    expect(encodeHex(encodeEid(fields))).toBe(vector.advertPlaintext)
  })

  it.each(valid)('is refused when cut: $advertPlaintext', ({ advertPlaintext: plaintext }) => {
    atEveryTruncation(decodeHex(plaintext), decode)
    refuses(() => decode(decodeHex(plaintext).subarray(1)), 'length-wrong')
  })

  it.each(refused(plaintexts))('is $name', ({ advertPlaintext, error }) => {
    refuses(() => decode(decodeHex(advertPlaintext)), error)
  })

  it('survives any bytes', () => {
    survivesAnyBytes(
      decode,
      valid.map(({ advertPlaintext }) => decodeHex(advertPlaintext)),
    )
  })

  it('is read into copies, from a Buffer too', () => {
    const plaintext = Buffer.from(valid[0]?.advertPlaintext ?? '', 'hex')
    const { nonce, routingId: routing } = decodeEid(eid(plaintext))
    plaintext.fill(0)
    expect(encodeHex(nonce)).toBe(valid[0]?.nonce)
    expect(encodeHex(routing)).toBe(valid[0]?.routingId)
  })

  it.each([9, 11])('has no room for a nonce of %i bytes', length => {
    const fields = { routingId: routingId(new Uint8Array(3)), tunnelServiceId: tunnelServiceId(0) }
    expect(() => encodeEid({ ...fields, nonce: new Uint8Array(length) })).toThrow(UsageError)
  })
})
