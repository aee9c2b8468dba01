import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, test } from 'vitest'
import {
  AuthenticatorAssertionResponse,
  AuthenticatorAttestationResponse,
  AuthenticatorResponse,
  Credential,
  CredentialsContainer,
  installCredentials,
  PublicKeyCredential,
} from '../../src/credentials.js'
import { creation, localLab, ORIGIN } from './lab.js'
import type { AnyCredentials } from './lab.js'

const NAMES = [
  'Credential',
  'CredentialsContainer',
  'AuthenticatorResponse',
  'AuthenticatorAttestationResponse',
  'AuthenticatorAssertionResponse',
  'PublicKeyCredential',
  'window',
  'isSecureContext',
  'location',
]

let uninstall = (): void => undefined
afterEach(() => {
  uninstall()
})

describe('installCredentials', () => {
  test('gives a global what code for browsers looks for, and takes it back', () => {
    const before = Object.getOwnPropertyNames(globalThis)
    const { credentials } = localLab()
    uninstall = installCredentials(globalThis, credentials)
    expect(NAMES.filter(name => !(name in globalThis))).toEqual([])
    expect(Reflect.get(Reflect.get(globalThis, 'navigator') as object, 'credentials')).toBe(credentials)
    expect(Reflect.get(globalThis, 'PublicKeyCredential')).toBe(credentials.PublicKeyCredential)
    expect(Reflect.get(globalThis, 'location')).toMatchObject({ origin: ORIGIN })
    uninstall()
    expect(Object.getOwnPropertyNames(globalThis)).toEqual(before)
    expect(Reflect.get((Reflect.get(globalThis, 'navigator') ?? {}) as object, 'credentials')).toBeUndefined()
    uninstall()
    expect(Object.getOwnPropertyNames(globalThis)).toEqual(before)
  })

  test('leaves what a browser has, and restores what it replaced', () => {
    const theirs = { create: 'theirs' }
    const navigator = Object.defineProperty({}, 'credentials', { get: () => theirs, configurable: true })
    const location = { hostname: 'example.com' }
    const target = { navigator, location, isSecureContext: false, PublicKeyCredential: 'theirs' }
    const { credentials } = localLab()
    uninstall = installCredentials(target, credentials)
    expect(Reflect.get(navigator, 'credentials')).toBe(credentials)
    expect([target.location, target.isSecureContext]).toEqual([location, false])
    uninstall()
    expect(Reflect.get(navigator, 'credentials')).toBe(theirs)
    expect(target.PublicKeyCredential).toBe('theirs')
    expect(Object.keys(target)).toEqual(['navigator', 'location', 'isSecureContext', 'PublicKeyCredential'])
  })

  test('an app’s origin has no location', () => {
    const target = {}
    const { credentials } = localLab({ origin: 'android:apk-key-hash:abc', appRpIds: [] })
    uninstall = installCredentials(target, credentials)
    expect('location' in target).toBe(false)
  })

  test('bytes of another realm are bytes', async () => {
    const { credentials } = localLab()
    const [challenge, id] = runInNewContext('[new ArrayBuffer(8), new Uint8Array([1])]') as [
      ArrayBuffer,
      Uint8Array,
    ]
    const user = { id, name: 'ada', displayName: 'Ada' }
    const made = await credentials.create({ publicKey: creation({ challenge, user }) })
    expect(made.type).toBe('public-key')
  })
})

// What idlharness.https.window.js asserts of the interfaces; see wpt.md.
describe('idlharness, idlharness-manual', () => {
  const interfaces: readonly [
    string,
    { readonly prototype: object },
    readonly string[],
    readonly string[],
  ][] = [
    ['Credential', Credential, ['id', 'type'], []],
    ['CredentialsContainer', CredentialsContainer, [], ['create', 'get', 'store', 'preventSilentAccess']],
    ['AuthenticatorResponse', AuthenticatorResponse, ['clientDataJSON'], []],
    [
      'AuthenticatorAttestationResponse',
      AuthenticatorAttestationResponse,
      ['attestationObject'],
      ['getTransports', 'getAuthenticatorData', 'getPublicKey', 'getPublicKeyAlgorithm'],
    ],
    [
      'AuthenticatorAssertionResponse',
      AuthenticatorAssertionResponse,
      ['authenticatorData', 'signature', 'userHandle'],
      [],
    ],
    [
      'PublicKeyCredential',
      PublicKeyCredential,
      ['rawId', 'response', 'authenticatorAttachment'],
      ['getClientExtensionResults', 'toJSON'],
    ],
  ]

  test.each(interfaces)('%s', (name, type, attributes, operations) => {
    expect([Reflect.get(type, 'name'), Reflect.get(type, 'length')]).toEqual([name, 0])
    expect(Object.prototype.toString.call(type.prototype)).toBe(`[object ${name}]`)
    for (const attribute of attributes) {
      const property = Object.getOwnPropertyDescriptor(type.prototype, attribute)
      expect(property).toMatchObject({ set: undefined, enumerable: true, configurable: true })
      // An attribute of another object is refused.
      expect(() => Reflect.get(type.prototype, attribute) as unknown).toThrow(TypeError)
    }
    for (const operation of operations) {
      const property = Object.getOwnPropertyDescriptor(type.prototype, operation)
      expect(property).toMatchObject({ enumerable: true, configurable: true, writable: true })
    }
  })

  test('static methods are the class’s own, and enumerable', () => {
    const { PublicKeyCredential: type } = localLab().credentials
    expect(Object.keys(type).sort()).toEqual(
      [
        'getClientCapabilities',
        'isConditionalMediationAvailable',
        'isUserVerifyingPlatformAuthenticatorAvailable',
        'signalAllAcceptedCredentials',
        'signalCurrentUserDetails',
        'signalUnknownCredential',
      ].sort(),
    )
    expect(Object.keys(PublicKeyCredential)).toEqual([
      'parseCreationOptionsFromJSON',
      'parseRequestOptionsFromJSON',
    ])
    expect([type.name, type.length]).toEqual(['PublicKeyCredential', 0])
  })

  test('promise methods reject where another object is this', async () => {
    const { create, get }: AnyCredentials = localLab().credentials as AnyCredentials
    await expect(Reflect.apply(create, {}, [{}])).rejects.toThrow(TypeError)
    await expect(Reflect.apply(get, undefined, [undefined])).rejects.toThrow(TypeError)
  })
})
