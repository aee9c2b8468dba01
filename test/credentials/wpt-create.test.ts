import { describe, expect, test } from 'vitest'
import { decodeCbor } from '../../src/cbor/cbor.js'
import { isCborMap } from '../../src/cbor/map-reader.js'
import { createLab } from '../../src/testing/lab.js'
import { VirtualClock } from '../../src/testing/virtual-clock.js'
import { createCredentials } from '../../src/credentials/create-credentials.js'
import type { AnyCredentials, LocalLab } from './lab.js'
import { PHONE_PROFILES } from '../../src/virtual/phone-profiles.js'
import { creation, localLab, neverAnswers, ORIGIN, phoneLab } from './lab.js'

// What the files of web-platform-tests assert of `create`; see wpt.md. Each group is named for its file.

const { generic } = PHONE_PROFILES

/** A phone whose getInfo differs. */
function phoneWith(changes: Partial<(typeof generic)['info']>): LocalLab {
  return localLab({}, { profile: { ...generic, info: { ...generic.info, ...changes } } })
}

/** Registers with a member of the options that may be anything. */
async function created(changes: object, lab = localLab()): Promise<unknown> {
  const publicKey: object = { ...creation(), ...changes }
  return await (lab.credentials as AnyCredentials).create({ publicKey })
}

/** A member that is absent, however it was given. */
function without(name: 'rp' | 'user', member: string): object {
  return { [name]: { ...creation()[name], [member]: undefined } }
}

function withUser(id: unknown): object {
  return { user: { ...creation().user, id } }
}

const sharedBuffer = new SharedArrayBuffer(8)

describe.each<[string, [string, object, string][]]>([
  [
    'createcredential-badargs-rp',
    [
      ['rp missing', { rp: undefined }, 'TypeError'],
      ['rp is a string', { rp: 'hi mom' }, 'TypeError'],
      ['rp is empty', { rp: {} }, 'TypeError'],
      ['rp.name missing', without('rp', 'name'), 'TypeError'],
      ['rp.id is an object', { rp: { name: 'Acme', id: {} } }, 'SecurityError'],
      ['rp.id is null', { rp: { name: 'Acme', id: null } }, 'SecurityError'],
      ['rp.id is empty', { rp: { name: 'Acme', id: '' } }, 'SecurityError'],
      ['rp.id is invalid', { rp: { name: 'Acme', id: 'invalid domain.com' } }, 'SecurityError'],
      ['rp.id has a port', { rp: { name: 'Acme', id: 'login.example.com:443' } }, 'SecurityError'],
    ],
  ],
  [
    'createcredential-badargs-user',
    [
      ['user missing', { user: undefined }, 'TypeError'],
      ['user is a string', { user: 'hi mom' }, 'TypeError'],
      ['user is empty', { user: {} }, 'TypeError'],
      ['id missing', withUser(undefined), 'TypeError'],
      ['id is an object', withUser({}), 'TypeError'],
      ['id is null', withUser(null), 'TypeError'],
      ['id is an empty text', withUser(''), 'TypeError'],
      ['id is an empty array', withUser([]), 'TypeError'],
      ['id is an empty buffer', withUser(new ArrayBuffer(0)), 'TypeError'],
      ['id has 65 bytes', withUser(new ArrayBuffer(65)), 'TypeError'],
      ['id has 66 bytes', withUser(new Int16Array(33)), 'TypeError'],
      ['id has 68 bytes', withUser(new Float32Array(17)), 'TypeError'],
      ['id has 72 bytes', withUser(new Float64Array(9)), 'TypeError'],
      ['id is a view of 65 bytes', withUser(new DataView(new ArrayBuffer(65))), 'TypeError'],
      ['name missing', without('user', 'name'), 'TypeError'],
      ['displayName missing', without('user', 'displayName'), 'TypeError'],
    ],
  ],
  [
    'createcredential-badargs-challenge',
    [
      ['missing', { challenge: undefined }, 'TypeError'],
      ['a string', { challenge: 'hi mom' }, 'TypeError'],
      ['null', { challenge: null }, 'TypeError'],
      ['an object', { challenge: {} }, 'TypeError'],
    ],
  ],
  [
    'createcredential-badargs-sharedarraybuffer',
    [
      ['challenge', { challenge: sharedBuffer }, 'TypeError'],
      ['a view as challenge', { challenge: new Uint8Array(sharedBuffer) }, 'TypeError'],
      ['user.id', withUser(sharedBuffer), 'TypeError'],
      ['a view as user.id', withUser(new Uint8Array(sharedBuffer)), 'TypeError'],
      ['an excluded ID', { excludeCredentials: [{ type: 'public-key', id: sharedBuffer }] }, 'TypeError'],
    ],
  ],
  [
    'createcredential-badargs-authnrselection',
    [
      ['empty text', { authenticatorSelection: '' }, 'TypeError'],
      ['text', { authenticatorSelection: 'none' }, 'TypeError'],
      [
        'the other attachment',
        { authenticatorSelection: { authenticatorAttachment: 'cross-platform' } },
        'NotAllowedError',
      ],
    ],
  ],
  [
    'createcredential-pubkeycredparams',
    [
      ['missing', { pubKeyCredParams: undefined }, 'TypeError'],
      ['text', { pubKeyCredParams: 'hi mom' }, 'TypeError'],
      ['null', { pubKeyCredParams: null }, 'TypeError'],
      ['an unknown type', { pubKeyCredParams: [{ type: 'something-else', alg: -36 }] }, 'NotSupportedError'],
      ['an empty type', { pubKeyCredParams: [{ type: '', alg: -36 }] }, 'NotSupportedError'],
      ['type null', { pubKeyCredParams: [{ type: null, alg: -36 }] }, 'NotSupportedError'],
      ['an object as type', { pubKeyCredParams: [{ type: {}, alg: -36 }] }, 'NotSupportedError'],
      // The file has NotAllowedError here.
      ['an unknown algorithm', { pubKeyCredParams: [{ type: 'public-key', alg: 42 }] }, 'NotSupportedError'],
      ['algorithm 0', { pubKeyCredParams: [{ type: 'public-key', alg: 0 }] }, 'NotSupportedError'],
    ],
  ],
  [
    'createcredential-excludecredentials',
    [
      ['text', { excludeCredentials: 'hi mom' }, 'TypeError'],
      ['an object', { excludeCredentials: {} }, 'TypeError'],
    ],
  ],
  [
    'createcredential-extensions',
    [
      ['text', { extensions: 'hi mom' }, 'TypeError'],
      ['appid, empty', { extensions: { appid: '' } }, 'NotSupportedError'],
      ['appid null', { extensions: { appid: null } }, 'NotSupportedError'],
      ['appid', { extensions: { appid: 'anything' } }, 'NotSupportedError'],
    ],
  ],
  [
    'createcredential-prf',
    [
      [
        'evalByCredential',
        { extensions: { prf: { evalByCredential: { Zm9v: { first: new ArrayBuffer(4) } } } } },
        'NotSupportedError',
      ],
    ],
  ],
])('%s', (_file, cases) => {
  test.each(cases)('%s', async (_name, changes, name) => {
    await expect(created(changes)).rejects.toMatchObject({ name })
  })
})

describe('createcredential-passing, -hints, -extensions', () => {
  test.each<[string, object]>([
    ['defaults', {}],
    ['the host as RP ID', { rp: { name: 'Acme', id: 'login.example.com' } }],
    ['a short user ID', withUser(new ArrayBuffer(1))],
    ['the longest user ID', withUser(new ArrayBuffer(64))],
    ['Uint8Array', withUser(new Uint8Array(64))],
    ['Int8Array', withUser(new Int8Array(64))],
    ['Int16Array', withUser(new Int16Array(32))],
    ['Int32Array', withUser(new Int32Array(16))],
    ['Float32Array', withUser(new Float32Array(16))],
    ['DataView', withUser(new DataView(new ArrayBuffer(16)))],
    ['no timeout', { timeout: undefined }],
    ['an empty challenge', { challenge: new ArrayBuffer(0) }],
    ['Float64Array challenge', { challenge: new Float64Array(9) }],
    ['DataView challenge', { challenge: new DataView(new ArrayBuffer(65)) }],
    ['a very large challenge', { challenge: new ArrayBuffer(8192) }],
    ['no algorithms', { pubKeyCredParams: [] }],
    ['no list of excluded', { excludeCredentials: undefined }],
    ['an empty list of excluded', { excludeCredentials: [] }],
    ['an unknown excluded', { excludeCredentials: [{ id: new Uint8Array(162), type: 'public-key' }] }],
    ['an unknown attestation', { attestation: 'all of it' }],
    ['an unknown extension', { extensions: { foo: '{}' } }],
    ['hints twice', { hints: ['security-key', 'security-key'] }],
    ['hints of the future', { hints: ['not-a-defined-value', 'hybrid', 'not-a-defined-value'] }],
    ['requireResidentKey as text', { authenticatorSelection: { requireResidentKey: 'foo' } }],
  ])('%s', async (_name, changes) => {
    expect(await created(changes)).toMatchObject({ type: 'public-key' })
  })
})

test('createcredential-excludecredentials: an existing credential', async () => {
  const { credentials } = localLab()
  const { rawId: id } = await credentials.create({ publicKey: creation() })
  const excluding = creation({ excludeCredentials: [{ id, type: 'public-key' }] })
  await expect(credentials.create({ publicKey: excluding })).rejects.toMatchObject({
    name: 'InvalidStateError',
  })
})

test.each([
  ['reason', 'CustomError'],
  ['error', new Error('error')],
  ['nothing', undefined],
])('createcredential-abort, getcredential-abort: %s', async (_name, reason) => {
  const { credentials } = localLab({}, {}, neverAnswers)
  const challenge = new Uint8Array()
  for (const begin of [
    (signal: AbortSignal): Promise<unknown> => credentials.create({ publicKey: creation(), signal }),
    (signal: AbortSignal): Promise<unknown> => credentials.get({ publicKey: { challenge }, signal }),
  ]) {
    const [before, after] = [new AbortController(), new AbortController()]
    before.abort(reason)
    await expect(begin(before.signal)).rejects.toBe(before.signal.reason)
    const begun = begin(after.signal)
    after.abort(reason)
    await expect(begun).rejects.toBe(after.signal.reason)
    if (reason === undefined) await expect(begun).rejects.toMatchObject({ name: 'AbortError' })
  }
})

test('createcredential-abort over hybrid', async () => {
  const controller = new AbortController()
  const { credentials } = phoneLab({ onQr: () => controller.abort('CustomError') })
  const creating = credentials.create({ publicKey: creation(), signal: controller.signal })
  await expect(creating).rejects.toBe('CustomError')
})

test('createcredential-clientdata', async () => {
  const { response } = await localLab().credentials.create({
    publicKey: creation({ challenge: Uint8Array.of(0xff) }),
  })
  expect(new TextDecoder().decode(response.clientDataJSON)).toBe(
    `{"type":"webauthn.create","challenge":"_w","origin":"${ORIGIN}","crossOrigin":false}`,
  )
})

test('createcredential-getpublickey', async () => {
  const { response } = await localLab().credentials.create({ publicKey: creation() })
  expect(response.getPublicKeyAlgorithm()).toBe(-7)
  const attestation = decodeCbor(new Uint8Array(response.attestationObject))
  const authData = isCborMap(attestation) ? attestation.get('authData') : undefined
  expect(new Uint8Array(response.getAuthenticatorData())).toEqual(authData)
  const spki = Buffer.from(response.getPublicKey() ?? new ArrayBuffer())
  // x and y are the last 64 bytes; in the COSE key each has three bytes before it.
  const key = Buffer.from(response.getAuthenticatorData())
  expect(key.includes(spki.subarray(-64, -32))).toBe(true)
  expect(key.includes(spki.subarray(-32))).toBe(true)
})

test('createcredential-timeout: no phone comes', async () => {
  const clock = new VirtualClock()
  const client = createLab({ clock }).client()
  const credentials = createCredentials({ client, origin: ORIGIN, onQr: () => undefined })
  const creating = credentials.create({ publicKey: creation({ timeout: 1 }) })
  const refused = expect(creating).rejects.toMatchObject({ name: 'NotAllowedError' })
  await clock.advance(600_000)
  await refused
})

describe('createcredential-large-blob-supported, credblob-not-supported, createcredential-prf', () => {
  test.each([{ support: 'preferred' }, {}, { support: 'required' }])('largeBlob %j', async largeBlob => {
    const made = await localLab().credentials.create({ publicKey: creation({ extensions: { largeBlob } }) })
    expect(made.getClientExtensionResults().largeBlob).toEqual({ supported: true })
  })

  test('credBlob is false', async () => {
    const publicKey = creation({ extensions: { credBlob: new ArrayBuffer(16) } })
    const made = await localLab().credentials.create({ publicKey })
    expect(made.getClientExtensionResults()).toEqual({ credBlob: false })
  })

  test.each([
    [['prf'], true],
    [[], false],
  ])('prf of a phone that knows %j', async (extensions, enabled) => {
    const publicKey = creation({ extensions: { prf: {} } })
    const made = await phoneWith({ extensions }).credentials.create({ publicKey })
    expect(made.getClientExtensionResults().prf).toEqual({ enabled })
  })
})

describe('createcredential-resident-key', () => {
  const able = (rk: boolean): LocalLab =>
    phoneWith({ options: new Map([...(generic.info.options ?? []), ['rk', rk] as const]) })

  test.each([
    [true, 'required', { rk: true }],
    [true, 'preferred', { rk: true }],
    [true, 'discouraged', {}],
    [false, 'preferred', { rk: false }],
    [false, 'discouraged', { rk: false }],
  ] as const)('able: %s, %s', async (rk, residentKey, credProps) => {
    const publicKey = creation({ authenticatorSelection: { residentKey }, extensions: { credProps: true } })
    const made = await able(rk).credentials.create({ publicKey })
    expect(made.getClientExtensionResults()).toEqual({ credProps })
  })

  // The file has NotAllowedError here; WebAuthn L3 section 5.1.3 lists ConstraintError.
  test.each([
    ['discoverable', 'rk', { residentKey: 'required' }],
    ['verified', 'uv', { userVerification: 'required' }],
  ] as const)('%s, on a device that cannot', async (_name, option, authenticatorSelection) => {
    const options = new Map([...(generic.info.options ?? []), [option, false] as const])
    const making = phoneWith({ options }).credentials.create({
      publicKey: creation({ authenticatorSelection }),
    })
    await expect(making).rejects.toMatchObject({ name: 'ConstraintError' })
  })
})
