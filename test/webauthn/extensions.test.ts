import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server'
import { describe, expect, test } from 'vitest'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { cborMap } from '../../src/cbor/value.js'
import type { CborMap, CborValue } from '../../src/cbor/value.js'
import { HybridError } from '../../src/errors.js'
import { prfResults } from '../../src/webauthn/prf-results.js'
import { toWebAuthnError } from '../../src/webauthn/webauthn-error.js'
import { chromiumCreate, chromiumGet } from '../ctap/recorded.js'
import { asked, asking, clientDataOf, pageText, registered, registrationOf, signedIn } from './ceremonies.js'

const key = { id: 'AQID', type: 'public-key' }
const blob = new Uint8Array(5000).fill(7)
const large = ['largeBlob']

const output = (...members: readonly (readonly [string, CborValue])[]): CborMap =>
  cborMap([['largeBlob', cborMap(members)]])

describe('largeBlob at registration', () => {
  test.each<[object, readonly string[], object | undefined]>([
    [{ support: 'required' }, large, output(['support', 'required'])],
    [{ support: 'preferred' }, large, output(['support', 'preferred'])],
    [{ support: 'perhaps' }, large, output(['support', 'preferred'])],
    [{}, large, output(['support', 'preferred'])],
    [{ support: 'preferred' }, ['largeBlobKey'], undefined],
  ])('%j to a phone that knows %j', (largeBlob, known, expected) => {
    expect(asked({ largeBlob }, known)).toEqual(expected)
  })

  test('refuses a phone that cannot do what is required', () => {
    expect(() => asked({ largeBlob: { support: 'required' } }, undefined)).toThrow(
      expect.objectContaining({ code: 'extension-missing' }),
    )
    expect(nameOf(() => asked({ largeBlob: { support: 'required' } }, ['largeBlobKey']))).toBe(
      'NotAllowedError',
    )
  })

  test.each<[CborMap | undefined, boolean]>([
    [output(['supported', true]), true],
    [output(['supported', false]), false],
    [undefined, false],
  ])('tells whether the credential can keep one', (unsigned, supported) => {
    const json = registered({ largeBlob: {} }, { unsigned })
    expect(json.clientExtensionResults).toEqual({ largeBlob: { supported } })
  })

  test('refuses a credential without a required one', () => {
    expect(nameOf(() => registered({ largeBlob: { support: 'required' } }, {}))).toBe('NotAllowedError')
  })
})

describe('largeBlob at sign-in', () => {
  test('reading', async () => {
    const changes = { extensions: { largeBlob: { read: true } } }
    expect(await asking(changes, large)).toEqual(output(['read', true]))
    expect(await asking(changes, ['prf'])).toBeUndefined()
    const answer = output(['blob', new Uint8Array(deflateRawSync(blob))], ['originalSize', blob.length])
    const { clientExtensionResults } = await signedIn(changes, answer)
    expect(clientExtensionResults).toEqual({ largeBlob: { blob: encodeBase64url(blob) } })
  })

  test('reading what cannot be compressed, and nothing', async () => {
    const changes = { extensions: { largeBlob: { read: true } } }
    for (const bytes of [Uint8Array.of(1), new Uint8Array()]) {
      const answer = output(['blob', new Uint8Array(deflateRawSync(bytes))], ['originalSize', bytes.length])
      const { clientExtensionResults } = await signedIn(changes, answer)
      expect(clientExtensionResults).toEqual({ largeBlob: { blob: encodeBase64url(bytes) } })
    }
  })

  test.each<[string, CborMap | undefined]>([
    ['nothing', undefined],
    ['no blob', output()],
    ['a broken one', output(['blob', Uint8Array.of(0xff)], ['originalSize', 1])],
    ['none at all', output(['blob', new Uint8Array()], ['originalSize', 1])],
    ['a cut one', output(['blob', deflateRawSync(blob).subarray(0, 5)], ['originalSize', 5000])],
    ['more than it said', output(['blob', new Uint8Array(deflateRawSync(blob))], ['originalSize', 4999])],
    ['less than it said', output(['blob', new Uint8Array(deflateRawSync(blob))], ['originalSize', 5001])],
    ['a bomb', output(['blob', new Uint8Array(deflateRawSync(Buffer.alloc(2 ** 24)))], ['originalSize', 9])],
    [
      'too much',
      output(['blob', new Uint8Array(deflateRawSync(Buffer.alloc(65_537)))], ['originalSize', 65_537]),
    ],
  ])('a phone that gives %s gives none', async (_, answer) => {
    const { clientExtensionResults } = await signedIn({ extensions: { largeBlob: { read: true } } }, answer)
    expect(clientExtensionResults).toEqual({ largeBlob: {} })
  })

  test('writing', async () => {
    const changes = {
      extensions: { largeBlob: { write: encodeBase64url(blob) } },
      allowCredentials: [{ id: pageText(chromiumGet, 'rawId'), type: 'public-key' }],
    }
    const sent = (await asking(changes, large))?.get('largeBlob') as Map<string, CborValue>
    expect(sent.get('originalSize')).toBe(blob.length)
    expect(new Uint8Array(inflateRawSync(sent.get('write') as Uint8Array))).toEqual(blob)
    const written = await signedIn(changes, output(['written', true]))
    expect(written.clientExtensionResults).toEqual({ largeBlob: { written: true } })
    expect((await signedIn(changes)).clientExtensionResults).toEqual({ largeBlob: { written: false } })
  })

  test('asking for nothing gives nothing', async () => {
    const changes = { extensions: { largeBlob: { read: false } } }
    expect(await asking(changes, large)).toBeUndefined()
    expect((await signedIn(changes, output(['written', true]))).clientExtensionResults).toEqual({})
  })
})

describe('credProtect', () => {
  const policy = (credentialProtectionPolicy: string, enforceCredentialProtectionPolicy = false): object => ({
    credentialProtectionPolicy,
    enforceCredentialProtectionPolicy,
  })

  test.each([
    ['userVerificationOptional', 1],
    ['userVerificationOptionalWithCredentialIDList', 2],
    ['userVerificationRequired', 3],
  ])('%s is level %i', (name, level) => {
    expect(asked(policy(name), ['credProtect'])).toEqual(cborMap([['credProtect', level]]))
    expect(asked(policy(name), ['prf'])).toBeUndefined()
  })

  test('an enforced one needs a phone that knows it, but for the lowest', () => {
    expect(asked(policy('userVerificationOptional', true), undefined)).toBeUndefined()
    expect(nameOf(() => asked(policy('userVerificationRequired', true), undefined))).toBe('NotAllowedError')
  })

  test.each<[CborValue | undefined, boolean, boolean]>([
    [3, true, true],
    [2, true, true],
    [1, true, false],
    [undefined, true, false],
    ['3', true, false],
    [1, false, true],
    [undefined, false, true],
  ])('level %j in the answer, enforced %s: taken %s', (level, enforced, taken) => {
    const inputs = policy('userVerificationOptionalWithCredentialIDList', enforced)
    const ceremony = (): unknown => registered(inputs, { signed: cborMap([['credProtect', level]]) })
    if (taken) expect(ceremony()).toMatchObject({ clientExtensionResults: {} })
    else expect(ceremony).toThrow(expect.objectContaining({ code: 'response-invalid' }))
  })

  test('only the signed level counts', () => {
    const inputs = policy('userVerificationRequired', true)
    expect(() => registered(inputs, { unsigned: cborMap([['credProtect', 3]]) })).toThrow(HybridError)
  })
})

test('others are passed over', () => {
  const inputs = {
    minPinLength: true,
    appidExclude: 'https://example.com',
    uvm: true,
    credBlob: 'AQID',
    getCredBlob: true,
  }
  const known = ['minPinLength', 'credBlob', 'uvm', 'prf', 'largeBlob', 'credProtect', 'hmac-secret']
  expect(asked(inputs, known)).toBeUndefined()
})

// WebAuthn L3 section 10.1.1.
test('appid is for sign-ins, where it is passed over', async () => {
  expect(() => asked({ appid: '' }, [])).toThrow(expect.objectContaining({ code: 'options-unsupported' }))
  expect(await asking({ extensions: { appid: 'https://example.com' } }, [])).toBeUndefined()
})

test('credBlob is answered with false, getCredBlob and minPinLength with nothing', async () => {
  const known = ['credBlob', 'minPinLength']
  const signed = cborMap([
    ['credBlob', true],
    ['minPinLength', 4],
  ])
  expect(registered({ credBlob: 'AQID' }, { signed }, known).clientExtensionResults).toEqual({
    credBlob: false,
  })
  expect(registered({ credBlob: Uint8Array.of(1) }, {}).clientExtensionResults).toEqual({ credBlob: false })
  expect(registered({ minPinLength: true }, { signed }, known).clientExtensionResults).toEqual({})
  expect(registered({ getCredBlob: true }, { signed }, known).clientExtensionResults).toEqual({})
  expect((await signedIn({ extensions: { getCredBlob: true } })).clientExtensionResults).toEqual({})
})

test('all at once go in one map, and a relying party verifies what comes back', async () => {
  const extensions = {
    credProps: true,
    prf: {},
    largeBlob: { support: 'required' },
    credentialProtectionPolicy: 'userVerificationRequired',
    enforceCredentialProtectionPolicy: true,
  }
  expect([...(asked(extensions, ['prf', 'largeBlob', 'credProtect']) ?? [])].map(([name]) => name)).toEqual([
    'prf',
    'largeBlob',
    'credProtect',
  ])
  const unsigned = cborMap([['prf', cborMap([['enabled', true]])], ...output(['supported', true])])
  const response = registered(extensions, { unsigned, signed: cborMap([['credProtect', 3]]) })
  expect(response.clientExtensionResults).toEqual({
    credProps: {},
    prf: { enabled: true },
    largeBlob: { supported: true },
  })
  const { challenge, origin } = clientDataOf(chromiumCreate)
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: 'localhost',
  })
  expect(verified).toMatchObject({
    verified: true,
    registrationInfo: { authenticatorExtensionResults: { credProtect: 3 } },
  })
})

test('a relying party verifies a sign-in with extensions', async () => {
  const { challenge, origin } = clientDataOf(chromiumGet)
  const known = await verifyRegistrationResponse({
    response: registered({}, {}),
    expectedChallenge: clientDataOf(chromiumCreate).challenge,
    expectedOrigin: origin,
    expectedRPID: 'localhost',
  })
  if (known.registrationInfo === undefined) throw new Error('the registration was not verified')
  const prf = cborMap([['prf', cborMap([['results', cborMap([['first', new Uint8Array(32)]])]])]])
  const response = await signedIn({ extensions: { prf: { eval: { first: 'AQID' } } } }, prf)
  expect(prfResults(response)?.first).toEqual(new Uint8Array(32))
  const verified = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: 'localhost',
    credential: known.registrationInfo.credential,
  })
  expect(verified.verified).toBe(true)
})

describe('inputs that no browser takes', () => {
  test.each<[string, object]>([
    ['NotSupportedError', { extensions: { prf: { evalByCredential: {} } } }],
    ['NotSupportedError', { extensions: { largeBlob: { read: true } } }],
    ['NotSupportedError', { extensions: { largeBlob: { write: 'AQID' } } }],
    ['TypeError', { extensions: { prf: { eval: {} } } }],
    ['EncodingError', { extensions: { prf: { eval: { first: 1 } } } }],
    ['TypeError', { extensions: { prf: { eval: { first: 'AQID', second: new Uint8Array(65_537) } } } }],
    ['TypeError', { extensions: { prf: true } }],
    ['TypeError', { extensions: { largeBlob: true } }],
    ['NotSupportedError', { extensions: { credentialProtectionPolicy: 'perhaps' } }],
    ['NotSupportedError', { extensions: { credentialProtectionPolicy: null } }],
    ['EncodingError', { extensions: { credBlob: 'A+' } }],
    ['EncodingError', { extensions: { prf: { eval: { first: 'A+==' } } } }],
    ['NotSupportedError', { pubKeyCredParams: [{ type: 'quantum-key', alg: 1 }] }],
    ['NotAllowedError', { authenticatorSelection: { authenticatorAttachment: 'platform' } }],
  ])('registration: %s for %j', (name, changes) => {
    expect(nameOf(() => registrationOf(changes))).toBe(name)
  })

  test.each<[string, object]>([
    ['NotSupportedError', { extensions: { prf: { evalByCredential: { AQID: { first: '' } } } } }],
    ['SyntaxError', { extensions: { prf: { evalByCredential: { BAUG: { first: '' } } } }, allow: true }],
    ['SyntaxError', { extensions: { prf: { evalByCredential: { '': { first: '' } } } }, allow: true }],
    ['SyntaxError', { extensions: { prf: { evalByCredential: { 'AQID=': { first: '' } } } }, allow: true }],
    ['TypeError', { extensions: { prf: { evalByCredential: { AQID: { second: '' } } } }, allow: true }],
    ['EncodingError', { extensions: { prf: { evalByCredential: { AQID: { first: '*' } } } }, allow: true }],
    ['NotSupportedError', { extensions: { largeBlob: { support: 'required' } } }],
    ['NotSupportedError', { extensions: { largeBlob: { read: true, write: 'AQID' } }, allow: true }],
    ['NotSupportedError', { extensions: { largeBlob: { write: 'AQID' } } }],
    ['NotSupportedError', { extensions: { largeBlob: { write: 'AQID' } }, allowCredentials: [key, key] }],
    ['TypeError', { extensions: { largeBlob: 'read' } }],
    ['NotAllowedError', { allowCredentials: [{ type: 'public-key', id: '' }] }],
    ['NotSupportedError', { allowCredentials: [{ type: 'quantum-key', id: 'AQID' }] }],
  ])('sign-in: %s for %j', async (name, { allow, ...changes }: { allow?: boolean }) => {
    const failure: unknown = await asking(
      { ...(allow && { allowCredentials: [key] }), ...changes },
      [],
    ).catch((error: unknown) => error)
    expect(nameOf(() => { throw failure })).toBe(name) // prettier-ignore
  })
})

function nameOf(parse: () => unknown): string {
  try {
    parse()
  } catch (error) {
    if (error instanceof HybridError) return toWebAuthnError(error, 'create').name
  }
  return 'none'
}
