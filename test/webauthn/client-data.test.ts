import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeUtf8 } from '../../src/bytes/utf8.js'
import { encodeClientData } from '../../src/webauthn/client-data.js'

const type = 'webauthn.get'
const challenge = Uint8Array.of(0xfb, 0xff)

const written = (origin: string): string => decodeUtf8(encodeClientData({ type, challenge, origin }))

test('members stand in the order of the specification', () => {
  expect(written('https://example.com')).toBe(
    '{"type":"webauthn.get","challenge":"-_8","origin":"https://example.com","crossOrigin":false}',
  )
})

test.each([
  [undefined, 'aa40198eb2f4f346d5b7c07b70f826293f044e3714f29edea7d0255dd8e796bc'],
  ['https://app.example', '9eebf1e1b01116e9acede85dd2069f718748955a3de400646cd5490addc515b2'],
])('of a frame below %s', (topOrigin, hash) => {
  const zeros = { type, challenge: new Uint8Array(3), origin: 'https://login.example' } as const
  const clientData = encodeClientData({ ...zeros, topOrigin })
  expect(createHash('sha256').update(clientData).digest('hex')).toBe(hash)
})

test('text is escaped as the specification’s CCDToString does', () => {
  expect(written('a"\\\n\u001f/é\u007f\u2028😀')).toContain('"a\\"\\\\\\u000a\\u001f/é\u007f\u2028😀"')
})

test('any text comes back from a JSON parser', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), origin => {
      expect(JSON.parse(written(origin))).toEqual({
        type,
        challenge: '-_8',
        origin: origin.toWellFormed(),
        crossOrigin: false,
      })
    }),
  )
})
