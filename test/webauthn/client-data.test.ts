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
