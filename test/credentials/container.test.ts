import { createHash } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import { LocalClient } from '../../src/client/local-client.js'
import { createCredentials } from '../../src/credentials/create-credentials.js'
import type { CredentialsOptions } from '../../src/credentials/create-credentials.js'
import type { CredentialClient } from '../../src/credentials/credential-client.js'
import {
  AuthenticatorAssertionResponse,
  AuthenticatorAttestationResponse,
  AuthenticatorResponse,
  Credential,
  CredentialsContainer,
  PublicKeyCredential,
} from '../../src/credentials.js'
import { WebAuthnError } from '../../src/webauthn/webauthn-error.js'
import { createTestPhone } from '../support/virtual-phone.js'
import { creation, localLab, neverAnswers, ORIGIN, phoneLab } from './lab.js'

const challenge = new Uint8Array(16)

const decoded = (buffer: ArrayBuffer): string => new TextDecoder().decode(buffer)

describe('a credential', () => {
  test('has the classes, the attributes and the methods of WebAuthn L3', async () => {
    const { credentials } = phoneLab()
    const made = await credentials.create({ publicKey: creation() })
    expect(made).toBeInstanceOf(PublicKeyCredential)
    expect(made).toBeInstanceOf(credentials.PublicKeyCredential)
    expect(made).toBeInstanceOf(Credential)
    expect(made.response).toBeInstanceOf(AuthenticatorAttestationResponse)
    expect(made.response).toBeInstanceOf(AuthenticatorResponse)
    expect([made.type, made.authenticatorAttachment]).toEqual(['public-key', 'cross-platform'])
    expect(Buffer.from(made.rawId).toString('base64url')).toBe(made.id)
    expect(made.response.getTransports()).toContain('hybrid')
    expect(made.response.getPublicKeyAlgorithm()).toBe(-7)

    const used = await credentials.get({ publicKey: { challenge } })
    expect(used?.response).toBeInstanceOf(AuthenticatorAssertionResponse)
    expect(used?.id).toBe(made.id)
    expect(new Uint8Array(used?.response.userHandle ?? new ArrayBuffer())).toEqual(Uint8Array.of(1, 2, 3, 4))
    expect(used?.toJSON().response.userHandle).toBe('AQIDBA')
  })

  test('gives the same object for an attribute, and a new one for a method', async () => {
    const { credentials } = localLab()
    const { response } = await credentials.create({ publicKey: creation() })
    expect(response.clientDataJSON).toBe(response.clientDataJSON)
    expect(response.attestationObject).toBe(response.attestationObject)
    expect(response.getTransports()).not.toBe(response.getTransports())
    const made = await credentials.create({ publicKey: creation() })
    expect(made.rawId).toBe(made.rawId)
    expect(made.response).toBe(made.response)
    expect(made.toJSON()).not.toBe(made.toJSON())
  })

  test('gives the outputs of extensions with buffers, and as JSON without', async () => {
    const { credentials } = localLab()
    const input = Uint8Array.of(1)
    const publicKey = creation({ extensions: { prf: { eval: { first: input } }, credProps: true } })
    const made = await credentials.create({ publicKey })
    const { prf, credProps } = made.getClientExtensionResults()
    expect([prf?.enabled, credProps?.rk]).toEqual([true, expect.any(Boolean)])
    expect(prf?.results?.first).toBeInstanceOf(ArrayBuffer)
    expect(prf?.results?.first.byteLength).toBe(32)
    const results = made.toJSON().clientExtensionResults.prf
    expect(results).toEqual({
      enabled: true,
      results: { first: Buffer.from(prf?.results?.first ?? new ArrayBuffer()).toString('base64url') },
    })
  })

  test('takes options as JSON, too', async () => {
    const { credentials } = localLab()
    const publicKey = {
      rp: { name: 'Acme' },
      user: { id: 'AQ', name: 'ada', displayName: 'Ada' },
      challenge: 'AQID',
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
    }
    const { response } = await credentials.create({ publicKey })
    expect(JSON.parse(decoded(response.clientDataJSON))).toMatchObject({ challenge: 'AQID' })
  })
})

describe('requests', () => {
  test('silent gives null, conditional shows nothing and ends with its signal', async () => {
    const { credentials, shown } = phoneLab()
    expect(await credentials.get({ publicKey: { challenge }, mediation: 'silent' })).toBeNull()
    const controller = new AbortController()
    const { signal } = controller
    const waiting = credentials.get({ publicKey: { challenge }, mediation: 'conditional', signal })
    // It does not stand in the way of another request.
    await credentials.create({ publicKey: creation() })
    expect(shown()).toBe(1)
    controller.abort('enough')
    await expect(waiting).rejects.toBe('enough')
    const making = credentials.create({ publicKey: creation(), mediation: 'conditional' })
    await expect(making).rejects.toMatchObject({ name: 'NotAllowedError' })
    expect(shown()).toBe(1)
  })

  test('there is one at a time', async () => {
    const { credentials } = localLab({}, {}, neverAnswers)
    const controller = new AbortController()
    const first = credentials.create({ publicKey: creation(), signal: controller.signal })
    const second = credentials.get({ publicKey: { challenge } })
    await expect(second).rejects.toMatchObject({ name: 'OperationError' })
    await expect(second).rejects.toBeInstanceOf(WebAuthnError)
    controller.abort()
    await expect(first).rejects.toBe(controller.signal.reason)
  })

  test('the next may follow an aborted one at once', async () => {
    let asked = 0
    const { credentials } = localLab({}, {}, () =>
      ++asked === 1 ? neverAnswers() : Promise.resolve({ approved: true, userVerified: true }),
    )
    const controller = new AbortController()
    const first = credentials.create({ publicKey: creation(), signal: controller.signal })
    await vi.waitFor(() => expect(asked).toBe(1))
    controller.abort()
    const second = credentials.create({ publicKey: creation() })
    await expect(first).rejects.toMatchObject({ name: 'AbortError' })
    expect((await second).type).toBe('public-key')
  })

  test('one that is aborted while it waits for its turn is never begun', async () => {
    const begun: string[] = []
    const slow: CredentialClient = {
      create: (options, { signal }) => {
        begun.push(options.user.name)
        return new Promise((_, reject) => {
          signal?.addEventListener('abort', () => setTimeout(() => reject(new Error('late')), 0))
        })
      },
      get: neverAnswers,
    }
    const credentials = createCredentials({ client: slow, origin: ORIGIN })
    const named = (name: string): Parameters<typeof creation>[0] => ({
      user: { id: Uint8Array.of(1), name, displayName: name },
    })
    const [one, two] = [new AbortController(), new AbortController()]
    const first = credentials.create({ publicKey: creation(named('first')), signal: one.signal })
    await vi.waitFor(() => expect(begun).toEqual(['first']))
    one.abort()
    const second = credentials.create({ publicKey: creation(named('second')), signal: two.signal })
    two.abort('changed my mind')
    await expect(first).rejects.toMatchObject({ name: 'AbortError' })
    await expect(second).rejects.toBe('changed my mind')
    const last = new AbortController()
    void credentials
      .create({ publicKey: creation(named('third')), signal: last.signal })
      .catch(() => undefined)
    await vi.waitFor(() => expect(begun).toEqual(['first', 'third']))
  })

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'NotSupportedError'],
    ['no passkey', { password: true }, 'NotSupportedError'],
    ['an unknown mediation', { publicKey: { challenge }, mediation: 'maybe' }, 'TypeError'],
    ['no signal', { publicKey: { challenge }, signal: {} }, 'TypeError'],
    ['no object', 'x', 'TypeError'],
  ])('asking for %s is refused', async (_, options, name) => {
    const { credentials } = localLab()
    const getting = Reflect.apply(credentials.get, credentials, [options]) as Promise<unknown>
    await expect(getting).rejects.toMatchObject({ name })
  })

  test('a listener may fail a request', async () => {
    const { credentials } = localLab({
      onResponse: () => {
        throw new Error('no server')
      },
    })
    await expect(credentials.create({ publicKey: creation() })).rejects.toMatchObject({
      name: 'OperationError',
    })
  })
})

describe('several clients', () => {
  /** Two clients that only say who they are. */
  const fakes = (): Pick<CredentialsOptions, 'clients'> & { readonly asked: string[] } => {
    const asked: string[] = []
    const client = (name: string, attachment: 'platform' | 'cross-platform'): CredentialClient => {
      const serve = (): Promise<never> => {
        asked.push(name)
        return Promise.reject(new Error(name))
      }
      return { attachment, create: serve, get: serve }
    }
    const onQr = (): undefined => undefined
    const clients = [
      { name: 'Phone', client: client('phone', 'cross-platform'), onQr },
      { name: 'This device', client: client('device', 'platform') },
    ]
    return { clients, asked }
  }

  const credential = (
    ...transports: string[]
  ): { id: Uint8Array; type: 'public-key'; transports: string[] } => ({
    id: Uint8Array.of(1),
    type: 'public-key',
    transports,
  })

  test.each<[string, object, string]>([
    ['nothing is said', {}, 'phone'],
    [
      'a platform passkey is wanted',
      { authenticatorSelection: { authenticatorAttachment: 'platform' } },
      'device',
    ],
    ['an unknown attachment is', { authenticatorSelection: { authenticatorAttachment: 'implant' } }, 'phone'],
    ['the hint is client-device', { hints: ['client-device', 'hybrid'] }, 'device'],
    ['the hint is hybrid', { hints: ['hybrid', 'client-device'] }, 'phone'],
    ['the hint is security-key', { hints: ['security-key'] }, 'phone'],
    [
      'hint and attachment differ',
      { hints: ['client-device'], authenticatorSelection: { authenticatorAttachment: 'cross-platform' } },
      'phone',
    ],
  ])('where %s, the registration goes to the %s', async (_, changes, name) => {
    const { asked, clients } = fakes()
    const credentials = createCredentials({ clients, origin: ORIGIN })
    await expect(credentials.create({ publicKey: creation(changes) })).rejects.toThrow(name)
    expect(asked).toEqual([name])
  })

  test.each<[string, object, string]>([
    ['nothing is said', {}, 'phone'],
    ['the passkey is of this device', { allowCredentials: [credential('internal')] }, 'device'],
    ['it may be of a phone', { allowCredentials: [credential('internal', 'hybrid')] }, 'phone'],
    ['nobody knows where it is', { allowCredentials: [credential()] }, 'phone'],
    [
      'a hint says otherwise',
      { allowCredentials: [credential('hybrid')], hints: ['client-device'] },
      'device',
    ],
  ])('where %s, the sign-in goes to the %s', async (_, changes, name) => {
    const { clients } = fakes()
    const credentials = createCredentials({ clients, origin: ORIGIN })
    await expect(credentials.get({ publicKey: { challenge, ...changes } })).rejects.toThrow(name)
  })

  test('the user chooses among those that can serve it', async () => {
    const { asked, clients } = fakes()
    const offered: string[][] = []
    const credentials = createCredentials({
      clients,
      origin: ORIGIN,
      chooseClient: (choices, { kind, signal }) => {
        offered.push([kind, String(signal.aborted), ...choices.map(({ name }) => name)])
        return choices[1]
      },
    })
    await expect(credentials.get({ publicKey: { challenge, hints: ['client-device'] } })).rejects.toThrow(
      'phone',
    )
    expect(offered).toEqual([['get', 'false', 'This device', 'Phone']])
    const authenticatorSelection = { authenticatorAttachment: 'platform' as const }
    await expect(credentials.create({ publicKey: creation({ authenticatorSelection }) })).rejects.toThrow(
      'device',
    )
    expect([offered.length, asked]).toEqual([1, ['phone', 'device']])
  })

  test.each<[string, CredentialsOptions['chooseClient'], string]>([
    ['chooses none', () => undefined, 'NotAllowedError'],
    [
      'throws',
      () => {
        throw new Error('x')
      },
      'OperationError',
    ],
    [
      'invents one',
      choices => ({ ...choices[0], name: 'x', client: { create: neverAnswers, get: neverAnswers } }),
      'TypeError',
    ],
  ])('a chooser that %s fails the request', async (_, chooseClient, name) => {
    const { asked, clients } = fakes()
    const credentials = createCredentials({ clients, origin: ORIGIN, chooseClient })
    await expect(credentials.get({ publicKey: { challenge } })).rejects.toMatchObject({ name })
    expect(asked).toEqual([])
  })

  test('a platform request never reaches a phone', async () => {
    const { credentials, shown } = phoneLab()
    const publicKey = creation({ authenticatorSelection: { authenticatorAttachment: 'platform' } })
    await expect(credentials.create({ publicKey })).rejects.toMatchObject({ name: 'NotAllowedError' })
    expect(shown()).toBe(0)
  })

  test.each<[string, object]>([
    ['no client', {}],
    ['an empty list', { clients: [] }],
    ['both', { client: {}, clients: [{ name: 'x', client: {} }] }],
    ['a client over hybrid without onQr', { client: { attachment: 'cross-platform' } }],
  ])('%s is refused at once', (_, options) => {
    const create = (): unknown =>
      Reflect.apply(createCredentials, undefined, [{ origin: ORIGIN, ...options }])
    expect(create).toThrow(expect.objectContaining({ code: 'argument-invalid' }))
  })
})

describe('where requests come from', () => {
  const clientDataOf = async (
    changes: Partial<CredentialsOptions>,
    publicKey = creation(),
  ): Promise<string> => {
    const { response } = await localLab(changes).credentials.create({ publicKey })
    return decoded(response.clientDataJSON)
  }

  test.each([
    [{}, '"crossOrigin":false}'],
    [{ topOrigin: ORIGIN }, '"crossOrigin":false}'],
    [{ topOrigin: 'https://app.example' }, '"crossOrigin":true,"topOrigin":"https://app.example"}'],
    [{ topOrigin: 'app://desk' }, '"crossOrigin":true,"topOrigin":"app://desk"}'],
    [{ topOrigin: 'null' }, '"crossOrigin":true,"topOrigin":"null"}'],
    [{ crossOrigin: true }, `"crossOrigin":true,"topOrigin":"${ORIGIN}"}`],
    [{ topOrigin: 'https://app.example', crossOrigin: false }, '"crossOrigin":false}'],
  ])('%j ends client data with %s', async (changes, end) => {
    expect(await clientDataOf(changes)).toBe(
      `{"type":"webauthn.create","challenge":"AAAAAAAAAAAAAAAAAAAAAA","origin":"${ORIGIN}",${end}`,
    )
  })

  test.each([
    'https://app.example/',
    'example',
    'https://app.example/a',
    'app://desk/a',
    'HTTPS://app.example',
  ])('the top origin %s is refused at once', topOrigin => {
    expect(() => localLab({ topOrigin })).toThrow(expect.objectContaining({ code: 'origin-invalid' }))
  })

  const APPS = [
    'android:apk-key-hash:7d1043473d55bfa90e8530d35801d4e381bc69f0',
    'chrome-extension://gpgnkkkjkjkjkjkjkjkjkjkjkjkjkjkj',
    'app://desk',
    'ios:bundle-id:com.example.app',
  ]

  test.each(APPS)('%s is an origin where the embedder vouches for it', async origin => {
    expect(() => localLab({ origin })).toThrow(expect.objectContaining({ code: 'origin-invalid' }))
    const vouched = { origin, appRpIds: ['example.com'] }
    const publicKey = creation({ rp: { id: 'example.com', name: 'Acme' } })
    expect(JSON.parse(await clientDataOf(vouched, publicKey))).toMatchObject({ origin, crossOrigin: false })
    for (const id of ['login.example.com', 'com', undefined]) {
      const refused = clientDataOf(
        vouched,
        creation({ rp: { name: 'Acme', ...(id !== undefined && { id }) } }),
      )
      await expect(refused).rejects.toMatchObject({ name: 'SecurityError' })
    }
  })

  test.each(['http://example.com', 'file://host', 'data:text', 'https://example.com/a', 'app://desk/a', ''])(
    'nobody can vouch for %s',
    origin => {
      const vouched = { origin, appRpIds: ['example.com'] }
      expect(() => localLab(vouched)).toThrow(expect.objectContaining({ code: 'origin-invalid' }))
    },
  )

  test('an origin of the web gains nothing by it', async () => {
    const refused = clientDataOf(
      { appRpIds: ['example.org'] },
      creation({ rp: { id: 'example.org', name: 'x' } }),
    )
    await expect(refused).rejects.toMatchObject({ name: 'SecurityError' })
  })
})

describe('remoteClientDataJSON', () => {
  const remoteClientDataJSON = '{"type":"webauthn.create", "origin":"https://far.example"}'
  const rp = { id: 'far.example', name: 'Far' }
  const asking = (json: string): ReturnType<typeof creation> =>
    creation({ rp, extensions: { remoteClientDataJSON: json } })

  test('is taken verbatim where the embedder allows it', async () => {
    const { credentials } = localLab({ allowRemoteClientData: true })
    const made = await credentials.create({ publicKey: asking(remoteClientDataJSON) })
    expect(decoded(made.response.clientDataJSON)).toBe(remoteClientDataJSON)
    expect(made.getClientExtensionResults()).toEqual({ remoteClientDataJSON: true })
    const rpIdHash = createHash('sha256').update('far.example').digest()
    expect(new Uint8Array(made.response.getAuthenticatorData(), 0, 32)).toEqual(Uint8Array.from(rpIdHash))
    const extensions = { remoteClientDataJSON: '{}' }
    const used = await credentials.get({ publicKey: { challenge, rpId: 'far.example', extensions } })
    expect(decoded(used?.response.clientDataJSON ?? new ArrayBuffer())).toBe('{}')
    expect(used?.getClientExtensionResults()).toEqual({ remoteClientDataJSON: true })
  })

  test.each<[string, Partial<CredentialsOptions>, ReturnType<typeof creation>, string]>([
    ['without leave', {}, asking(remoteClientDataJSON), 'NotAllowedError'],
    [
      'without an RP ID',
      { allowRemoteClientData: true },
      creation({ extensions: { remoteClientDataJSON } }),
      'NotAllowedError',
    ],
    ['that is not JSON', { allowRemoteClientData: true }, asking('{'), 'EncodingError'],
  ])('%s is refused', async (_, changes, publicKey, name) => {
    await expect(localLab(changes).credentials.create({ publicKey })).rejects.toMatchObject({ name })
  })
})

describe('static methods', () => {
  test('a phone gives what some phone can do; conditional-mediation', async () => {
    const { PublicKeyCredential: type } = phoneLab().credentials
    expect(await type.getClientCapabilities()).toEqual({
      conditionalCreate: false,
      conditionalGet: false,
      'extension:credProps': true,
      'extension:largeBlob': true,
      'extension:prf': true,
      'extension:remoteClientDataJSON': false,
      hybridTransport: true,
      passkeyPlatformAuthenticator: true,
      relatedOrigins: false,
      signalAllAcceptedCredentials: false,
      signalCurrentUserDetails: false,
      signalUnknownCredential: false,
      userVerifyingPlatformAuthenticator: false,
    })
    expect(await type.isUserVerifyingPlatformAuthenticatorAvailable()).toBe(false)
    expect(await type.isConditionalMediationAvailable()).toBe(false)
  })

  test('this device gives what its authenticator can do, and several what any can', async () => {
    const { phone } = createTestPhone()
    const local = new LocalClient({ authenticator: phone })
    const fetchRelatedOrigins = neverAnswers
    const { PublicKeyCredential: type } = createCredentials({
      client: local,
      origin: ORIGIN,
      fetchRelatedOrigins,
    })
    expect(await type.getClientCapabilities()).toMatchObject({
      hybridTransport: false,
      relatedOrigins: true,
      signalUnknownCredential: true,
      userVerifyingPlatformAuthenticator: true,
    })
    expect(await type.isUserVerifyingPlatformAuthenticatorAvailable()).toBe(true)
    const far: CredentialClient = { create: neverAnswers, get: neverAnswers }
    const clients = [
      { name: 'a', client: local },
      { name: 'b', client: far },
    ]
    const both = await createCredentials({
      clients,
      origin: ORIGIN,
    }).PublicKeyCredential.getClientCapabilities()
    expect(both).toMatchObject({ hybridTransport: true, signalUnknownCredential: true })
  })

  test('a signal over hybrid resolves, its origin checked', async () => {
    const { PublicKeyCredential: type } = phoneLab().credentials
    const credentialId = 'AQID'
    await type.signalUnknownCredential({ rpId: 'example.com', credentialId })
    await type.signalUnknownCredential({ rpId: 'login.example.com', credentialId })
    for (const rpId of ['com', 'example.org', 'xample.com']) {
      const refused = type.signalUnknownCredential({ rpId, credentialId })
      await expect(refused).rejects.toMatchObject({ name: 'SecurityError' })
    }
  })

  test('a signal says to a client where it comes from', async () => {
    const told: unknown[] = []
    const client: CredentialClient = {
      create: neverAnswers,
      get: neverAnswers,
      signalCurrentUserDetails: (options, { origin }) => {
        told.push([options, origin])
        return Promise.resolve()
      },
    }
    const { PublicKeyCredential: type } = createCredentials({ client, origin: ORIGIN })
    const details = { rpId: 'example.com', userId: 'AQ', name: 'ada', displayName: 'Ada' }
    await type.signalCurrentUserDetails({ ...details, ...{ icon: 'x' } })
    expect(told).toEqual([[details, ORIGIN]])
  })

  test('a suffix that many share is refused on this device', async () => {
    const { credentials } = localLab({ origin: 'https://ada.github.io' })
    const signal = credentials.PublicKeyCredential.signalUnknownCredential({
      rpId: 'github.io',
      credentialId: 'AQ',
    })
    await expect(signal).rejects.toMatchObject({ name: 'SecurityError' })
  })
})

test('nobody but the library makes objects of the classes', () => {
  const classes = [
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    AuthenticatorResponse,
    Credential,
    CredentialsContainer,
    PublicKeyCredential,
    localLab().credentials.PublicKeyCredential,
  ]
  for (const type of classes)
    expect(() => Reflect.construct(type, [Symbol('inside'), {}]) as unknown).toThrow('Illegal constructor')
})
