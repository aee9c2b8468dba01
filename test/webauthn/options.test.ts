import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/errors.js'
import { parseCreationOptions } from '../../src/webauthn/creation-options.js'
import { parseRequestOptions } from '../../src/webauthn/request-options.js'

const creation = {
  rp: { name: 'Example' },
  user: { id: 'AQ', name: 'alice', displayName: 'Alice' },
  challenge: 'AQID',
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
}
const request = { challenge: 'AQID' }
const longId = 'A'.repeat(1366)
const key = { type: 'public-key', id: 'AQID' }

const RUNS = 5000

/** Objects with the real member names and values of every kind. */
const hostile = fc.dictionary(
  fc.constantFrom(
    ...Object.keys(creation),
    'timeout',
    'excludeCredentials',
    'allowCredentials',
    'hints',
    'rpId',
  ),
  fc.oneof(fc.jsonValue(), fc.anything(), fc.constantFrom(...Object.values(creation))),
)

describe('creation options', () => {
  test('the least there may be', () => {
    expect(parseCreationOptions(creation)).toEqual({
      rp: { id: undefined, name: 'Example' },
      user: { id: Uint8Array.of(1), name: 'alice', displayName: 'Alice' },
      challenge: Uint8Array.of(1, 2, 3),
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      timeout: undefined,
      excludeCredentials: [],
      residentKey: 'discouraged',
      userVerification: 'preferred',
      attestation: 'none',
      attestationFormats: [],
      hints: [],
      extensions: {
        credProps: false,
        prf: undefined,
        largeBlob: undefined,
        protection: undefined,
        credBlob: false,
      },
    })
  })

  test('all there may be', () => {
    const full = {
      ...creation,
      rp: { id: 'example.com', name: 'Example' },
      timeout: 60_000,
      excludeCredentials: [{ ...key, transports: ['internal'] }],
      authenticatorSelection: {
        authenticatorAttachment: 'cross-platform',
        residentKey: 'preferred',
        requireResidentKey: true,
        userVerification: 'discouraged',
      },
      hints: ['security-key', 'hybrid'],
      attestation: 'direct',
      attestationFormats: ['packed'],
      extensions: { credProps: true, prf: {} },
    }
    expect(parseCreationOptions(full)).toMatchObject({
      rp: { id: 'example.com' },
      timeout: 60_000,
      excludeCredentials: [{ id: Uint8Array.of(1, 2, 3), type: 'public-key' }],
      residentKey: 'preferred',
      userVerification: 'discouraged',
      attestation: 'direct',
      attestationFormats: ['packed'],
      hints: ['security-key', 'hybrid'],
      extensions: { credProps: true },
    })
  })

  test('words of the future are passed over', () => {
    const future = {
      ...creation,
      pubKeyCredParams: [{ type: 'quantum-key', alg: 1 }, ...creation.pubKeyCredParams],
      excludeCredentials: [{ type: 'quantum-key', id: 'AQID' }],
      authenticatorSelection: {
        authenticatorAttachment: 'implant',
        residentKey: 'maybe',
        userVerification: 'often',
      },
      hints: ['implant'],
      attestation: 'exhaustive',
    }
    expect(parseCreationOptions(future)).toEqual(parseCreationOptions(creation))
  })

  test('an empty list of algorithms means the usual ones', () => {
    const { pubKeyCredParams } = parseCreationOptions({ ...creation, pubKeyCredParams: [] })
    expect(pubKeyCredParams.map(({ alg }) => alg)).toEqual([-7, -257])
  })

  test('requireResidentKey counts where residentKey is absent', () => {
    const authenticatorSelection = { requireResidentKey: true }
    expect(parseCreationOptions({ ...creation, authenticatorSelection }).residentKey).toBe('required')
  })

  test('broken surrogates come out well-formed', () => {
    expect(parseCreationOptions({ ...creation, rp: { name: 'a\ud800' } }).rp.name).toBe('a\ufffd')
  })

  test.each<[string, object]>([
    ['options.rp', { rp: undefined }],
    ['options.rp', { rp: 'example.com' }],
    ['options.rp.name', { rp: {} }],
    ['options.rp.name', { rp: { name: 'x'.repeat(65_537) } }],
    ['options.user', { user: 'ada' }],
    ['options.user.id', { user: [] }],
    ['options.user.id', { user: { ...creation.user, id: '' } }],
    ['options.user.id', { user: { ...creation.user, id: 'A'.repeat(87) } }],
    ['options.user.id', { user: { ...creation.user, id: 'A+==' } }],
    ['options.user.id', { user: { ...creation.user, id: 7 } }],
    ['options.user.name', { user: { id: 'AQ', displayName: '' } }],
    ['options.user.displayName', { user: { id: 'AQ', name: '' } }],
    ['options.challenge', { challenge: 'A'.repeat(21_848) }],
    ['options.challenge', { challenge: undefined }],
    ['options.pubKeyCredParams', { pubKeyCredParams: undefined }],
    ['options.pubKeyCredParams', { pubKeyCredParams: null }],
    ['options.pubKeyCredParams', { pubKeyCredParams: new Array(1025).fill(creation.pubKeyCredParams[0]) }],
    ['options.pubKeyCredParams[0].alg', { pubKeyCredParams: [{ type: 'public-key' }] }],
    ['options.pubKeyCredParams[1]', { pubKeyCredParams: [...creation.pubKeyCredParams, 5] }],
    ['options.pubKeyCredParams[0].type', { pubKeyCredParams: [{ alg: 1 }] }],
    ['options.timeout', { timeout: 1n }],
    ['options.excludeCredentials', { excludeCredentials: {} }],
    ['options.excludeCredentials', { excludeCredentials: new Array(257).fill(key) }],
    ['options.excludeCredentials[0].id', { excludeCredentials: [{ type: 'public-key', id: longId }] }],
    ['options.excludeCredentials[0].type', { excludeCredentials: [{ id: 'AQID' }] }],
    ['options.authenticatorSelection', { authenticatorSelection: true }],
    ['options.hints', { hints: null }],
    ['options.hints', { hints: 'hybrid' }],
    ['options.hints', { hints: new Array(65).fill('hybrid') }],
    ['options.hints[1]', { hints: ['hybrid', Symbol('hybrid')] }],
    ['options.attestationFormats', { attestationFormats: 'packed' }],
    ['options.extensions', { extensions: 'prf' }],
    ['options.extensions.prf', { extensions: { prf: true } }],
    ['options.extensions.prf.eval.first', { extensions: { prf: { eval: null } } }],
  ])('names %s', (member, change) => {
    expect(() => parseCreationOptions({ ...creation, ...change })).toThrow(
      expect.objectContaining({
        code: 'options-invalid',
        message: expect.stringMatching(`^${member.replaceAll(/[[\]]/g, '\\$&')} `) as string,
      }),
    )
  })

  test('an inherited member is ignored', () => {
    expect(() => parseCreationOptions(Object.create(creation))).toThrow('options.rp is missing')
  })

  test.each([undefined, null, 'x', 1, []])('refuses %j', json => {
    expect(() => parseCreationOptions(json)).toThrow(UsageError)
  })

  test('gives options or a UsageError for anything', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), hostile), json => {
        onlyUsageErrors(() => parseCreationOptions(json))
      }),
      { numRuns: RUNS },
    )
  })
})

describe('request options', () => {
  test('the least there may be', () => {
    expect(parseRequestOptions(request)).toEqual({
      challenge: Uint8Array.of(1, 2, 3),
      timeout: undefined,
      rpId: undefined,
      allowCredentials: [],
      userVerification: 'preferred',
      hints: [],
      extensions: { prf: undefined, largeBlob: undefined },
    })
  })

  test('all there may be', () => {
    const full = {
      ...request,
      timeout: 1,
      rpId: 'example.com',
      allowCredentials: [
        { type: 'quantum-key', id: 'AQID' },
        { ...key, transports: ['usb'] },
      ],
      userVerification: 'required',
      hints: ['hybrid'],
      extensions: {},
    }
    expect(parseRequestOptions(full)).toMatchObject({
      timeout: 1,
      rpId: 'example.com',
      allowCredentials: [{ id: Uint8Array.of(1, 2, 3), type: 'public-key' }],
      userVerification: 'required',
      hints: ['hybrid'],
    })
  })

  test.each<[string, object]>([
    ['options.challenge', { challenge: undefined }],
    ['options.challenge', { challenge: 'A+' }],
    ['options.rpId', { rpId: Symbol('example') }],
    ['options.userVerification', { userVerification: 'x'.repeat(65_537) }],
    ['options.allowCredentials', { allowCredentials: null }],
    ['options.extensions', { extensions: 'prf' }],
    ['options.extensions.prf.evalByCredential', { extensions: { prf: { evalByCredential: null } } }],
  ])('names %s', (member, change) => {
    expect(() => parseRequestOptions({ ...request, ...change })).toThrow(
      expect.objectContaining({
        code: 'options-invalid',
        message: expect.stringMatching(`^${member} `) as string,
      }),
    )
  })

  test('gives options or a UsageError for anything', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), hostile), json => {
        onlyUsageErrors(() => parseRequestOptions(json))
      }),
      { numRuns: RUNS },
    )
  })
})

function onlyUsageErrors(parse: () => unknown): void {
  try {
    parse()
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
  }
}
