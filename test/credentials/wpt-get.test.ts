import { describe, expect, test } from 'vitest'
import type { ClientInputs } from '../../src/webauthn/extensions-json.js'
import type { BufferSource } from '../../src/credentials/page-dictionaries.js'
import type { AuthenticationCredential } from '../../src/credentials/public-key-credential.js'
import { PHONE_PROFILES } from '../../src/virtual/phone-profiles.js'
import { creation, localLab } from './lab.js'
import type { AnyCredentials, LocalLab } from './lab.js'

// What the files of web-platform-tests assert of `get` and of JSON; see wpt.md.

const challenge = new Uint8Array()
const { generic } = PHONE_PROFILES

/** Signs in with a passkey that was just made, and members of the options that may be anything. */
async function used(
  changes: (id: ArrayBuffer) => object,
  extensions: ClientInputs<BufferSource> = {},
  lab = localLab(),
): Promise<AuthenticationCredential> {
  const { rawId } = await lab.credentials.create({ publicKey: creation({ extensions }) })
  const publicKey = { challenge, allowCredentials: [{ id: rawId, type: 'public-key' }], ...changes(rawId) }
  return (await (lab.credentials as AnyCredentials).get({ publicKey })) as AuthenticationCredential
}

const asking =
  (extensions: object): (() => object) =>
  () => ({ extensions })

/** A phone that knows these extensions. */
function knowing(...extensions: string[]): LocalLab {
  return localLab({}, { profile: { ...generic, info: { ...generic.info, extensions } } })
}

describe('getcredential-passing, -rk-passing, -hints, -extensions, -allowcredentials', () => {
  const stranger = { id: new Uint8Array(8), type: 'not-yet-supported-by-browser' }
  test.each<[string, (id: ArrayBuffer) => object]>([
    ['default', () => ({})],
    ['no list', () => ({ allowCredentials: undefined })],
    ['an empty list', () => ({ allowCredentials: [] })],
    ['unknown first', id => ({ allowCredentials: [stranger, { id, type: 'public-key' }] })],
    ['unknown last', id => ({ allowCredentials: [{ id, type: 'public-key' }, stranger] })],
    ['transports', id => ({ allowCredentials: [{ id, type: 'public-key', transports: ['warp'] }] })],
    ['hints', () => ({ hints: ['client-device', 'x', 'hybrid', 'client-device'] })],
    ['extensions null', () => ({ extensions: null })],
    ['extensions of an array', () => ({ extensions: [] })],
    ['extensions of a buffer', () => ({ extensions: new ArrayBuffer(0) })],
    ['an unknown extension', asking({ foo: { foo: true } })],
    ['an unknown verification', () => ({ userVerification: 'sometimes' })],
  ])('%s', async (_name, changes) => {
    const { response, type } = await used(changes)
    expect(type).toBe('public-key')
    expect(response.signature.byteLength).toBeGreaterThan(0)
  })
})

describe.each<[string, [string, () => object, string][]]>([
  [
    'getcredential-badargs-rpid',
    [
      ['empty', () => ({ rpId: '' }), 'SecurityError'],
      ['null', () => ({ rpId: null }), 'SecurityError'],
      ['with a space', () => ({ rpId: 'invalid domain.com' }), 'SecurityError'],
      ['with a dash', () => ({ rpId: '-invaliddomain.com' }), 'SecurityError'],
      ['with a number', () => ({ rpId: '0invaliddomain.com' }), 'SecurityError'],
      ['with a port', () => ({ rpId: 'login.example.com:443' }), 'SecurityError'],
    ],
  ],
  [
    'getcredential-badargs-sharedarraybuffer',
    [
      ['challenge', () => ({ challenge: new SharedArrayBuffer(8) }), 'TypeError'],
      [
        'an allowed ID',
        () => ({ allowCredentials: [{ type: 'public-key', id: new Uint8Array(new SharedArrayBuffer(8)) }] }),
        'TypeError',
      ],
    ],
  ],
  [
    'getcredential-allowcredentials',
    [
      // The file has NotAllowedError here.
      [
        'unknown types only',
        () => ({ allowCredentials: [{ type: 'x', id: new Uint8Array(8) }] }),
        'NotSupportedError',
      ],
      [
        'a passkey that is not there',
        () => ({ allowCredentials: [{ type: 'public-key', id: new Uint8Array(8) }] }),
        'NotAllowedError',
      ],
    ],
  ],
  ['getcredential-extensions', [['text', asking('hi mom' as unknown as object), 'TypeError']]],
  [
    'getcredential-large-blob-not-supported',
    [
      ['support', asking({ largeBlob: { support: 'preferred' } }), 'NotSupportedError'],
      [
        'read and write',
        asking({ largeBlob: { read: true, write: new ArrayBuffer(0) } }),
        'NotSupportedError',
      ],
    ],
  ],
  [
    'getcredential-prf',
    [
      [
        'a stranger’s ID',
        asking({ prf: { evalByCredential: { Zm9v: { first: new ArrayBuffer(4) } } } }),
        'SyntaxError',
      ],
      [
        'a broken ID',
        asking({ prf: { evalByCredential: { 'Zm9v=': { first: new ArrayBuffer(4) } } } }),
        'SyntaxError',
      ],
      [
        'no list',
        () => ({
          allowCredentials: [],
          extensions: { prf: { evalByCredential: { Zm9v: { first: new Uint8Array(4) } } } },
        }),
        'NotSupportedError',
      ],
    ],
  ],
])('%s', (_file, cases) => {
  test.each(cases)('%s', async (_name, changes, name) => {
    await expect(used(changes)).rejects.toMatchObject({ name })
  })
})

test('getcredential-badargs-userverification', async () => {
  const options = new Map([...(generic.info.options ?? []), ['uv', false] as const])
  const lab = localLab({}, { profile: { ...generic, info: { ...generic.info, options } } })
  const using = used(() => ({ userVerification: 'required' }), {}, lab)
  await expect(using).rejects.toMatchObject({ name: 'NotAllowedError' })
})

describe('getcredential-prf, extension-prf', () => {
  const [salt1, salt2] = [new ArrayBuffer(8), Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0).buffer]

  test('one point, two points, and a point for one credential', async () => {
    const { credentials } = localLab()
    const { rawId, id } = await credentials.create({ publicKey: creation({ extensions: { prf: {} } }) })
    const outputs = async (prf: NonNullable<ClientInputs<BufferSource>['prf']>): Promise<string[]> => {
      const allowCredentials = [{ id: rawId, type: 'public-key' as const }]
      const got = await credentials.get({ publicKey: { challenge, allowCredentials, extensions: { prf } } })
      const { first, second } = got?.getClientExtensionResults().prf?.results ?? {}
      return [first, second].map(buffer => (buffer === undefined ? '' : Buffer.from(buffer).toString('hex')))
    }
    const [one = '', none] = await outputs({ eval: { first: salt1 } })
    expect([one.length, none]).toEqual([64, ''])
    const [same, other] = await outputs({ eval: { first: salt1, second: salt2 } })
    expect(same).toBe(one)
    expect(other).not.toBe(one)
    expect(await outputs({ eval: { first: salt1, second: salt1 } })).toEqual([one, one])
    expect(await outputs({ evalByCredential: { [id]: { first: salt1 } } })).toEqual([one, ''])
    expect(await outputs({})).toEqual(['', ''])
  })

  test('getcredential-extensions: no results of a phone that cannot', async () => {
    const extensions = { prf: { eval: { first: Uint8Array.of(1) } } }
    const got = await used(asking(extensions), {}, knowing())
    expect(got.getClientExtensionResults().prf).toEqual({})
  })
})

describe('getcredential-large-blob-supported, -not-supported', () => {
  const write = new TextEncoder().encode('there is no way a bee should be able to fly')
  const required = { largeBlob: { support: 'required' } }

  test('nothing is there, then it is written and read', async () => {
    const { credentials } = localLab()
    const { rawId } = await credentials.create({ publicKey: creation({ extensions: required }) })
    const results = async (largeBlob: object): Promise<unknown> => {
      const allowCredentials = [{ id: rawId, type: 'public-key' as const }]
      const got = await credentials.get({
        publicKey: { challenge, allowCredentials, extensions: { largeBlob } },
      })
      return got?.getClientExtensionResults().largeBlob
    }
    expect(await results({ read: true })).toEqual({})
    expect(await results({ write })).toEqual({ written: true })
    expect(await results({ read: true })).toEqual({ blob: write.slice().buffer })
  })

  test('a phone that cannot', async () => {
    const reading = await used(asking({ largeBlob: { read: true } }), {}, knowing())
    expect(reading.getClientExtensionResults().largeBlob).toEqual({})
    const writing = await used(asking({ largeBlob: { write } }), {}, knowing())
    expect(writing.getClientExtensionResults().largeBlob).toEqual({ written: false })
  })
})

test('storecredential', async () => {
  const { credentials } = localLab()
  const made = await credentials.create({ publicKey: creation() })
  await expect(credentials.store(made)).rejects.toMatchObject({ name: 'NotSupportedError' })
  await expect(credentials.store({} as never)).rejects.toThrow(TypeError)
})

test('getclientcapabilities', async () => {
  const capabilities = await localLab().credentials.PublicKeyCredential.getClientCapabilities()
  const names = Object.keys(capabilities)
  expect(names).toEqual([...names].sort())
  expect(Object.values(capabilities).every(value => typeof value === 'boolean')).toBe(true)
})

test.each([true, false])('isuserverifyingplatformauthenticatoravailable: %s', async uv => {
  const options = new Map([...(generic.info.options ?? []), ['uv', uv] as const])
  const { credentials } = localLab({}, { profile: { ...generic, info: { ...generic.info, options } } })
  expect(await credentials.PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()).toBe(uv)
})

describe('public-key-credential-creation-options-from-json, -request-options-from-json', () => {
  const { PublicKeyCredential: type } = localLab().credentials
  const bytes = new TextEncoder().encode('test').buffer
  const points = { first: 'dGVzdA', second: 'dGVzdA' }
  const parsedPoints = { first: bytes, second: bytes }
  const json = {
    rp: { id: 'example.com', name: 'Example Inc' },
    user: { id: 'dGVzdA', name: 'test@example.com', displayName: 'test user' },
    challenge: 'dGVzdA',
    pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
    hints: ['duplicated-value', 'duplicated-value'],
  }

  test('creation options', () => {
    expect(type.parseCreationOptionsFromJSON(json)).toEqual({
      ...json,
      user: { ...json.user, id: bytes },
      challenge: bytes,
      // The defaults of WebAuthn L3.
      attestation: 'none',
      attestationFormats: [],
      excludeCredentials: [],
    })
  })

  test('extensions of a registration', () => {
    const extensions = {
      appidExclude: 'https://example.com/appid',
      credentialProtectionPolicy: 'userVerificationRequired',
      enforceCredentialProtectionPolicy: true,
      minPinLength: true,
      credProps: true,
      largeBlob: { support: 'required', write: 'dGVzdA' },
      credBlob: 'dGVzdA',
      prf: { eval: points, evalByCredential: { 'test cred': points } },
    }
    const unknown = { supplementalPubKeys: { scopes: ['spk scope'] } }
    expect(
      type.parseCreationOptionsFromJSON({ ...json, extensions: { ...extensions, ...unknown } }).extensions,
    ).toEqual({
      ...extensions,
      largeBlob: { support: 'required', write: bytes },
      credBlob: bytes,
      prf: { eval: parsedPoints, evalByCredential: { 'test cred': parsedPoints } },
    })
  })

  test.each(['user', 'challenge', 'credBlob'])('broken base64url in %s is an EncodingError', member => {
    const broken = {
      user: { user: { ...json.user, id: 'not valid base64url' } },
      challenge: { challenge: 'not valid base64url' },
      credBlob: { extensions: { credBlob: 'not valid base64url' } },
    }[member]
    const parse = (): unknown => type.parseCreationOptionsFromJSON({ ...json, ...broken })
    expect(parse).toThrow(expect.objectContaining({ name: 'EncodingError' }))
  })

  test('a missing member is a TypeError', () => {
    expect(() => type.parseCreationOptionsFromJSON({})).toThrow(TypeError)
    expect(() => type.parseRequestOptionsFromJSON({})).toThrow(TypeError)
  })

  test('request options: public-key-credential-request-options-from-json', () => {
    const extensions = {
      appid: 'app id',
      largeBlob: { read: true },
      getCredBlob: true,
      prf: { eval: points, evalByCredential: { 'test cred': points } },
    }
    const request = {
      challenge: 'dGVzdA',
      timeout: 60_000,
      rpId: 'example.com',
      allowCredentials: [{ type: 'public-key', id: 'dGVzdA', transports: ['hybrid'] }],
      userVerification: 'required',
      hints: ['hybrid', 'security-key'],
      extensions,
    }
    expect(type.parseRequestOptionsFromJSON(request)).toEqual({
      ...request,
      challenge: bytes,
      allowCredentials: [{ type: 'public-key', id: bytes, transports: ['hybrid'] }],
      extensions: {
        ...extensions,
        enforceCredentialProtectionPolicy: false,
        prf: { eval: parsedPoints, evalByCredential: { 'test cred': parsedPoints } },
      },
    })
  })
})

test('public-key-credential-to-json', async () => {
  const { credentials } = localLab()
  const text = (buffer: ArrayBuffer): string => Buffer.from(buffer).toString('base64url')
  const made = await credentials.create({ publicKey: creation({ extensions: { credProps: true } }) })
  const { response } = made
  expect(made.toJSON()).toEqual({
    id: made.id,
    rawId: text(made.rawId),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      authenticatorData: text(response.getAuthenticatorData()),
      publicKey: text(response.getPublicKey() ?? new ArrayBuffer()),
      publicKeyAlgorithm: response.getPublicKeyAlgorithm(),
      transports: response.getTransports(),
    },
    authenticatorAttachment: made.authenticatorAttachment,
    clientExtensionResults: made.getClientExtensionResults(),
    type: made.type,
  })
  const got = await credentials.get({ publicKey: { challenge } })
  expect(got?.toJSON()).toEqual({
    id: made.id,
    rawId: text(made.rawId),
    response: {
      clientDataJSON: text(got?.response.clientDataJSON ?? new ArrayBuffer()),
      authenticatorData: text(got?.response.authenticatorData ?? new ArrayBuffer()),
      signature: text(got?.response.signature ?? new ArrayBuffer()),
      userHandle: text(got?.response.userHandle ?? new ArrayBuffer()),
    },
    authenticatorAttachment: 'platform',
    clientExtensionResults: {},
    type: 'public-key',
  })
})
