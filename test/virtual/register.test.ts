import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { decodeAuthenticatorData } from '../../src/ctap/authenticator-data.js'
import { decodeMakeCredentialResponse } from '../../src/ctap/make-credential.js'
import { VirtualAuthenticator } from '../../src/virtual/virtual-authenticator.js'
import type { VirtualAuthenticatorOptions } from '../../src/virtual/virtual-authenticator.js'
import { alwaysApprove } from '../../src/virtual/consent.js'
import { PHONE_PROFILES } from '../../src/virtual.js'
import { createTestPhone, random, registered } from '../support/virtual-phone.js'
import { sampleCredential } from '../support/sample-credential.js'

const idsOf = async (phone: ReturnType<typeof createTestPhone>): Promise<Uint8Array[]> =>
  (await phone.store.list()).map(({ credentialId }) => credentialId)

describe('registering', () => {
  it('keeps a passkey and tells of it', async () => {
    const phone = createTestPhone()
    const { id } = registered(await phone.register())
    expect(id).toHaveLength(32)
    expect(await phone.store.list()).toMatchObject([
      {
        credentialId: id,
        algorithm: -7,
        rpId: 'example.org',
        rpName: 'Example',
        userId: Uint8Array.of(1, 2, 3),
        userName: 'alice',
        userDisplayName: 'Alice',
        discoverable: true,
        signCount: 0,
        createdAt: 1000,
      },
    ])
    expect(phone.told).toEqual([
      { event: 'registered', rpId: 'example.org', credentialId: encodeBase64url(id), userName: 'alice' },
    ])
  })

  it('asks the user what matters', async () => {
    const phone = createTestPhone()
    await phone.register()
    expect(phone.asked).toEqual([
      {
        operation: 'register',
        rpId: 'example.org',
        rpName: 'Example',
        user: { id: Uint8Array.of(1, 2, 3), name: 'alice', displayName: 'Alice' },
        accounts: [],
        userVerification: true,
      },
    ])
  })

  it.each([
    [{ userVerified: true }, { up: true, uv: true, be: false, bs: false }],
    [{ userVerified: false }, { up: true, uv: false, be: false, bs: false }],
  ])('says what the user did (%j)', async ({ userVerified }, flags) => {
    const phone = createTestPhone(() => Promise.resolve({ approved: true, userVerified }))
    const response = await phone.register({ uv: false })
    const { authData } = decodeMakeCredentialResponse(response ?? new Uint8Array())
    expect(decodeAuthenticatorData(authData)).toMatchObject({ flags, signCount: 0 })
  })

  it('shows its AAGUID, zeros unless given', async () => {
    const aaguid = Uint8Array.from({ length: 16 }, (_, index) => index + 1)
    for (const [phone, expected] of [
      [createTestPhone(), new Uint8Array(16)],
      [createTestPhone(undefined, { aaguid }), aaguid],
    ] as const) {
      const { authData } = decodeMakeCredentialResponse((await phone.register()) ?? new Uint8Array())
      expect(decodeAuthenticatorData(authData).attestedCredential?.aaguid).toEqual(expected)
    }
  })

  it('does without the names of relying party and user', async () => {
    const phone = createTestPhone()
    // {1: hash, 2: {"id": "a.b"}, 3: {"id": h'07'}, 4: [{"alg": -7, "type": "public-key"}]}
    const text = `01a4015820${'00'.repeat(32)}02a162696463612e6203a162696441070481a263616c672664747970656a7075626c69632d6b6579`
    const response = await phone.send(Uint8Array.from(Buffer.from(text, 'hex')))
    const { id } = registered(response, 'a.b')
    expect(await phone.store.find(id)).toMatchObject({ rpName: '', userName: '', userDisplayName: '' })
    expect(await phone.store.find(id)).toMatchObject({ discoverable: false })
  })

  it('cuts long names between letters', async () => {
    const phone = createTestPhone()
    await phone.register({
      user: { id: Uint8Array.of(1), name: '🦊'.repeat(1000), displayName: 'é'.repeat(300) },
    })
    expect(await phone.store.list()).toMatchObject([
      { userName: '🦊'.repeat(256), userDisplayName: 'é'.repeat(256) },
    ])
  })

  it('makes a new key and a new identifier each time', async () => {
    const phone = createTestPhone()
    for (const rk of [false, false]) await phone.register({ rk })
    const [one, two] = await phone.store.list()
    expect(one?.credentialId).not.toEqual(two?.credentialId)
    expect(one?.privateKey).not.toEqual(two?.privateKey)
  })

  it('never gives an identifier twice, whatever its randomness does', async () => {
    const taken = new Uint8Array(32).fill(1)
    const pool = [taken, new Uint8Array(32).fill(2)]
    const repeating = {
      bytes: (length: number) => (length === 32 ? pool.shift() : undefined) ?? random.bytes(length),
    }
    const phone = createTestPhone(undefined, { random: repeating })
    await phone.store.put(sampleCredential(1, { credentialId: taken, rpId: 'other.org' }))
    expect(registered(await phone.register()).id).toEqual(new Uint8Array(32).fill(2))
  })
})

describe('the algorithm', () => {
  it.each([
    [[-257, -8, -7], undefined, -257],
    [[-37, -8, -7], undefined, -8],
    [[-7, -8], undefined, -7],
    [[-7, -8], [-8], -8],
  ])(
    'of %j with %j is %i: the first of the request that the phone has',
    async (asked, algorithms, chosen) => {
      const phone = createTestPhone(undefined, algorithms && { algorithms })
      const pubKeyCredParams = asked.map(alg => ({ alg, type: 'public-key' }))
      expect((await phone.register({ pubKeyCredParams }))?.[0]).toBe(0)
      expect(await phone.store.list()).toMatchObject([{ algorithm: chosen }])
    },
  )
})

describe('registering again', () => {
  it('replaces the discoverable passkey of the same account once the new one is confirmed', async () => {
    const phone = createTestPhone()
    const { id: old } = registered(await phone.register())
    const { id } = registered(await phone.register({ user: { id: Uint8Array.of(1, 2, 3), name: 'renamed' } }))
    expect(await idsOf(phone)).toEqual([old, id])
    await phone.phone.accept(encodeBase64url(id))
    expect(await idsOf(phone)).toEqual([id])
  })

  it.each([
    ['another user', { user: { id: Uint8Array.of(9) } }],
    ['another relying party', { rp: { id: 'example.com' } }],
    ['a passkey that is not discoverable', { rk: false }],
  ])('keeps the old one beside %s', async (_, changes) => {
    const phone = createTestPhone()
    await phone.register()
    await phone.register(changes)
    expect(await phone.store.list()).toHaveLength(2)
  })

  it('leaves one passkey an account also when registrations overlap', async () => {
    const phone = createTestPhone()
    await Promise.all([phone.register(), phone.register(), phone.register()])
    const [first, second, third] = await idsOf(phone)
    await phone.phone.accept(encodeBase64url(second ?? Uint8Array.of()))
    expect(await idsOf(phone)).toEqual([second, third])
    expect(await phone.phone.accept(encodeBase64url(first ?? Uint8Array.of()))).toBe(false)
    await phone.phone.accept(encodeBase64url(third ?? Uint8Array.of()))
    expect(await idsOf(phone)).toEqual([third])
  })
})

describe('the exclude list', () => {
  it.each([true, false])('stops a second passkey after the user was asked (discoverable: %s)', async rk => {
    const phone = createTestPhone()
    const { id } = registered(await phone.register({ rk }))
    const excludeList = [
      { id: new Uint8Array(16), type: 'public-key' },
      { id, type: 'public-key' },
    ]
    expect(await phone.register({ excludeList })).toEqual(Uint8Array.of(0x19))
    expect(phone.asked[1]).toMatchObject({
      operation: 'already-registered',
      accounts: [{ credentialId: id, userName: 'alice', userDisplayName: 'Alice', createdAt: 1000 }],
    })
    expect(await idsOf(phone)).toEqual([id])
    expect(phone.told).toHaveLength(1)
  })

  it('tells nothing of the passkey when the user refuses', async () => {
    const phone = createTestPhone(request =>
      Promise.resolve(
        request.operation === 'register'
          ? { approved: true, userVerified: true }
          : { approved: false, how: 'hang-up' },
      ),
    )
    const { id } = registered(await phone.register())
    expect(await phone.register({ excludeList: [{ id, type: 'public-key' }] })).toBeUndefined()
  })

  it.each([
    ['of another relying party', { rp: { id: 'example.com' } }, 'public-key', 'example.com'],
    ['of another type', {}, 'password', 'example.org'],
  ])('does not count entries %s', async (_, changes, type, rpId) => {
    const phone = createTestPhone()
    const { id } = registered(await phone.register({ rk: false }))
    registered(await phone.register({ ...changes, rk: false, excludeList: [{ id, type }] }), rpId)
    expect(await phone.store.list()).toHaveLength(2)
  })
})

describe('what it cannot register', () => {
  it.each([
    [0x26, { pubKeyCredParams: [] }],
    [0x26, { pubKeyCredParams: [{ alg: -37, type: 'public-key' }] }],
    [0x26, { pubKeyCredParams: [{ alg: -7, type: 'password' }] }],
    [0x03, { rp: { id: '' } }],
    [0x03, { rp: { id: 'a'.repeat(256) } }],
    [0x03, { user: { id: new Uint8Array(0) } }],
    [0x03, { user: { id: new Uint8Array(65) } }],
    [0x02, { pinUvAuthParam: new Uint8Array(16), pinUvAuthProtocol: 2 }],
    [0x2c, { up: false }],
    [0x02, { enterpriseAttestation: 0 }],
    [0x02, { enterpriseAttestation: 1 }],
    [0x02, { enterpriseAttestation: 2 }],
    [0x26, { pubKeyCredParams: [], up: false }],
    [0x2c, { up: false, enterpriseAttestation: 1 }],
  ])('status %i, without asking (%#)', async (status, changes) => {
    const phone = createTestPhone()
    expect(await phone.register(changes)).toEqual(Uint8Array.of(status))
    expect(phone.asked).toEqual([])
    expect(await phone.store.list()).toEqual([])
  })

  it('is nothing with `up: true`, nor an enterprise’s wish where `ep` is listed', async () => {
    registered(await createTestPhone().register({ up: true }))
    const { generic } = PHONE_PROFILES
    const options = new Map([...(generic.info.options ?? []), ['ep', true]])
    const profile = { ...generic, info: { ...generic.info, options } }
    registered(await createTestPhone(undefined, { profile }).register({ enterpriseAttestation: 1 }))
    options.set('ep', false)
    expect(await createTestPhone(undefined, { profile }).register({ enterpriseAttestation: 1 })).toEqual(
      Uint8Array.of(0x02),
    )
  })

  it.each<[string, Partial<VirtualAuthenticatorOptions>]>([
    ['an AAGUID of another length', { aaguid: new Uint8Array(15) }],
    ['an algorithm that is not known', { algorithms: [-7, -37] }],
    [
      'a chain without certificates',
      { attestation: { format: 'packed', certificates: [], privateKey: new Uint8Array(32) } },
    ],
    [
      'a chain whose key is no scalar',
      {
        attestation: { format: 'packed', certificates: [new Uint8Array(1)], privateKey: new Uint8Array(31) },
      },
    ],
  ])('is not made with %s', (_, options) => {
    const make = (): unknown =>
      new VirtualAuthenticator({
        store: createTestPhone().store,
        consent: alwaysApprove(),
        random,
        ...options,
      })
    expect(make).toThrow(expect.objectContaining({ code: 'argument-invalid' }))
  })
})
