import { describe, expect, it } from 'vitest'
import { routingId } from '../../src/bytes/brands.js'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import {
  decodeClientPayloadHeader,
  decodeRoutingId,
  encodeClientPayloadHeader,
  encodeRoutingId,
} from '../../src/tunnel/headers.js'
import { atEveryTruncation, refuses, survivesAnyText } from '../support/decoder.js'

describe('the routing ID header', () => {
  it.each(['0a1b2c', '0A1B2C', '000000', 'ffffff'])('is read: %s', value => {
    const id = decodeRoutingId([value])
    expect(encodeHex(id)).toBe(value.toLowerCase())
    expect(encodeRoutingId(id)).toBe(value.toUpperCase())
  })

  it('is written in upper case', () => {
    expect(encodeRoutingId(routingId(decodeHex('0a1b2c')))).toBe('0A1B2C')
  })

  it.each([
    ['is missing', undefined],
    ['has no value', []],
    ['is repeated', ['0a1b2c', '0a1b2c']],
    ['is joined', ['0a1b2c, 0a1b2c']],
    ['is empty', ['']],
    ['is too short', ['0a1b']],
    ['has an odd digit', ['0a1b2']],
    ['is too long', ['0a1b2c3d']],
    ['is no hex', ['0a1b2g']],
    ['has a space', [' 0a1b2c']],
    ['has a line feed', ['0a1b2c\n']],
    ['has a prefix', ['0x0a1b']],
  ])('is refused when it %s', (_, values) => {
    refuses(() => decodeRoutingId(values), 'routing-id-malformed')
  })

  it('is refused when it is cut, and survives any text', () => {
    atEveryTruncation('0a1b2c', cut => decodeRoutingId([cut]))
    for (let length = 0; length < 6; length++) refuses(() => decodeRoutingId(['0a1b2c'.slice(0, length)]))
    survivesAnyText(text => decodeRoutingId([text]))
  })
})

describe('the client payload header', () => {
  it.each(['a0', 'A1FF', 'ab'.repeat(1024)])('is read: %s', value => {
    const payload = decodeClientPayloadHeader(value)
    expect(encodeHex(payload)).toBe(value.toLowerCase())
    expect(encodeClientPayloadHeader(payload)).toBe(value.toUpperCase())
  })

  it.each([
    ['is missing', undefined],
    ['is empty', ''],
    ['has an odd digit', 'a0f'],
    ['is no hex', 'a0g0'],
    ['has a space', ' a0'],
    ['is repeated', 'a0, a0'],
    ['has 1025 bytes', 'ab'.repeat(1025)],
  ])('is refused when it %s', (_, value) => {
    refuses(() => decodeClientPayloadHeader(value), 'client-payload-malformed')
  })

  it('survives any text', () => {
    survivesAnyText(decodeClientPayloadHeader)
  })
})
