import { describe, expect, test } from 'vitest'
import { createCredentials } from '../../src/credentials/create-credentials.js'
import type { CredentialsOptions } from '../../src/credentials/create-credentials.js'
import type { CredentialClient } from '../../src/credentials/credential-client.js'
import {
  AuthenticatorAssertionResponse,
  AuthenticatorAttestationResponse,
  AuthenticatorResponse,
  Credential,
  PublicKeyCredential,
} from '../../src/credentials.js'
import { WebAuthnError } from '../../src/webauthn/webauthn-error.js'
import { creation, localLab, neverAnswers, ORIGIN, phoneLab } from './lab.js'
import type { AnyCredentials } from './lab.js'

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

  test('also takes options as JSON', async () => {
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
    await expect.poll(() => asked).toBe(1)
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
    await expect.poll(() => begun).toEqual(['first'])
    one.abort()
    const second = credentials.create({ publicKey: creation(named('second')), signal: two.signal })
    two.abort('changed my mind')
    await expect(first).rejects.toMatchObject({ name: 'AbortError' })
    await expect(second).rejects.toBe('changed my mind')
    const last = new AbortController()
    void credentials
      .create({ publicKey: creation(named('third')), signal: last.signal })
      .catch(() => undefined)
    await expect.poll(() => begun).toEqual(['first', 'third'])
  })

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'NotSupportedError'],
    ['no passkey', { password: true }, 'NotSupportedError'],
    ['an unknown mediation', { publicKey: { challenge }, mediation: 'maybe' }, 'TypeError'],
    ['no signal', { publicKey: { challenge }, signal: {} }, 'TypeError'],
    ['no object', 'x', 'TypeError'],
  ])('asking for %s is refused', async (_, options, name) => {
    const { credentials } = localLab()
    await expect((credentials as AnyCredentials).get(options)).rejects.toMatchObject({ name })
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
