import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decodeBase64url, encodeBase64url } from '../../src/bytes/base64url.js'
import { encodeHex } from '../../src/bytes/hex.js'
import { encodeCbor } from '../../src/cbor/cbor.js'
import { cborMap } from '../../src/cbor/value.js'
import type { CborMap } from '../../src/cbor/value.js'
import type { RegistrationResponseJSON } from '../../src/webauthn/registration-json.js'
import { prfResults } from '../../src/webauthn/prf-results.js'
import { asked, asking, registered, signedIn } from './ceremonies.js'

/** What the spec makes of an input, by another implementation of SHA-256. */
const saltOf = (input: string): Uint8Array =>
  new Uint8Array(createHash('sha256').update('WebAuthn PRF\0').update(decodeBase64url(input)).digest())

const [one, two] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
const results = cborMap([
  ['first', one],
  ['second', two],
])
const known = ['prf']
const allowCredentials = ['AQID', 'BAUG', '_w'].map(id => ({ id, type: 'public-key' }))

describe('prf at registration', () => {
  test.each<[string, object, readonly string[] | undefined, CborMap | undefined]>([
    ['no inputs', {}, known, cborMap([['prf', cborMap([])]])],
    [
      'one input',
      { eval: { first: 'AQID' } },
      known,
      cborMap([['prf', cborMap([['eval', cborMap([['first', saltOf('AQID')]])]])]]),
    ],
    [
      'two inputs, one empty',
      { eval: { first: 'AQID', second: '' } },
      known,
      cborMap([
        [
          'prf',
          cborMap([
            [
              'eval',
              cborMap([
                ['first', saltOf('AQID')],
                ['second', saltOf('')],
              ]),
            ],
          ]),
        ],
      ]),
    ],
    [
      'a phone that knows hmac-secret',
      { eval: { first: 'AQID' } },
      ['hmac-secret'],
      cborMap([['hmac-secret', true]]),
    ],
    ['a phone that knows both', {}, ['hmac-secret', 'prf'], cborMap([['prf', cborMap([])]])],
    ['a phone that knows neither', { eval: { first: 'AQID' } }, ['largeBlob'], undefined],
    ['a phone that lists nothing', {}, undefined, undefined],
  ])('%s', (_, prf, extensions, expected) => {
    expect(asked({ prf }, extensions)).toEqual(expected)
  })

  test.each<[string, CborMap | undefined, CborMap | undefined, object]>([
    ['nothing', undefined, undefined, { enabled: false }],
    ['enabled', cborMap([['prf', cborMap([['enabled', true]])]]), undefined, { enabled: true }],
    ['disabled', cborMap([['prf', cborMap([['enabled', false]])]]), undefined, { enabled: false }],
    ['hmac-secret', undefined, cborMap([['hmac-secret', true]]), { enabled: true }],
    [
      'results',
      cborMap([
        [
          'prf',
          cborMap([
            ['enabled', true],
            ['results', results],
          ]),
        ],
      ]),
      undefined,
      { enabled: true, results: { first: encodeBase64url(one) } },
    ],
  ])('answers of %s', (_, unsigned, signed, expected) => {
    const json = registered({ prf: { eval: { first: 'AQID' } } }, { unsigned, signed })
    expect(json.clientExtensionResults).toEqual({ prf: expected })
  })

  test('results without inputs, and outputs of an extension that was not asked for, are ignored', () => {
    const unsigned = cborMap([['prf', cborMap([['enabled', true], ['results', results]])]]) // prettier-ignore
    expect(registered({ prf: {} }, { unsigned }).clientExtensionResults).toEqual({ prf: { enabled: true } })
    expect(registered({}, { unsigned: cborMap([['prf', 7]]) }).clientExtensionResults).toEqual({})
  })

  test.each<[string, CborMap, string]>([
    ['no map', cborMap([['prf', true]]), 'response-invalid'],
    ['results that are no map', cborMap([['prf', cborMap([['results', 1]])]]), 'ctap-malformed'],
    ['no first result', cborMap([['prf', cborMap([['results', cborMap([])]])]]), 'ctap-malformed'],
    [
      'a short result',
      cborMap([['prf', cborMap([['results', cborMap([['first', Uint8Array.of(1)]])]])]]),
      'ctap-malformed',
    ],
  ])('refuses an answer with %s', (_, unsigned, code) => {
    expect(() => registered({ prf: { eval: { first: 'AQID' } } }, { unsigned })).toThrow(
      expect.objectContaining({ code }),
    )
  })
})

describe('prf at sign-in', () => {
  test.each<[string, object, readonly string[], CborMap | undefined]>([
    [
      'one input',
      { eval: { first: 'AQID' } },
      known,
      cborMap([['prf', cborMap([['eval', cborMap([['first', saltOf('AQID')]])]])]]),
    ],
    ['no inputs', {}, known, undefined],
    ['a phone that knows only hmac-secret', { eval: { first: 'AQID' } }, ['hmac-secret'], undefined],
  ])('%s', async (_, prf, extensions, expected) => {
    expect(await asking({ extensions: { prf } }, extensions)).toEqual(expected)
  })

  test('inputs by credential go under byte strings in canonical order', async () => {
    const prf = { eval: { first: 'AQID' }, evalByCredential: { BAUG: { first: 'AA' }, _w: { first: 'AQ' } } }
    const request = await asking({ extensions: { prf }, allowCredentials }, known)
    expect(encodeHex(encodeCbor(request ?? cborMap([])))).toBe(
      `a163707266a264${hexOf('eval')}a165${hexOf('first')}5820${encodeHex(saltOf('AQID'))}` +
        `70${hexOf('evalByCredential')}a2` +
        `41ffa165${hexOf('first')}5820${encodeHex(saltOf('AQ'))}` +
        `43040506a165${hexOf('first')}5820${encodeHex(saltOf('AA'))}`,
    )
  })

  test('bytes will do for inputs', async () => {
    const first = Uint8Array.of(0, 1, 2, 3).subarray(1)
    const expected = await asking({ extensions: { prf: { eval: { first: 'AQID' } } } }, known)
    for (const given of [first, first.slice().buffer, new DataView(first.slice().buffer)])
      expect(await asking({ extensions: { prf: { eval: { first: given } } } }, known)).toEqual(expected)
  })

  test.each<[string, object, object]>([
    ['nothing', {}, {}],
    ['one result', { second: undefined }, { first: encodeBase64url(one) }],
    ['two results', {}, { first: encodeBase64url(one), second: encodeBase64url(two) }],
  ])('answers of %s', async (name, _, expected) => {
    const prf = { eval: { first: 'AQID', ...(name === 'two results' && { second: 'AQ' }) } }
    const output = cborMap([['results', name === 'nothing' ? undefined : results]])
    const json = await signedIn({ extensions: { prf } }, cborMap([['prf', output]]))
    expect(json.clientExtensionResults).toEqual({ prf: name === 'nothing' ? {} : { results: expected } })
    expect(prfResults(json)?.first).toEqual(name === 'nothing' ? undefined : one)
    expect(prfResults(json)?.second).toEqual(name === 'two results' ? two : undefined)
  })

  test('what a phone gives unasked stays with the phone', async () => {
    const output = cborMap([['prf', cborMap([['results', results]])]])
    expect((await signedIn({}, output)).clientExtensionResults).toEqual({})
    expect((await signedIn({ extensions: { prf: {} } }, output)).clientExtensionResults).toEqual({ prf: {} })
  })
})

test('prfResults refuses results that no phone gave', () => {
  const response = { clientExtensionResults: { prf: { results: { first: 'AQ' } } } }
  expect(() => prfResults(response as unknown as RegistrationResponseJSON)).toThrow('first')
})

function hexOf(text: string): string {
  return encodeHex(new TextEncoder().encode(text))
}
