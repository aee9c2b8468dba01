import { describe, expect, it, test } from 'vitest'
import { decodeHex, encodeHex } from '../../src/bytes/hex.js'
import { encodeCbor } from '../../src/cbor/cbor.js'
import { cborMap } from '../../src/cbor/value.js'
import { decodeAuthenticatorData } from '../../src/ctap/authenticator-data.js'
import { encodeGetAssertionResponse } from '../../src/ctap/get-assertion.js'
import { decodeGetInfo } from '../../src/ctap/get-info.js'
import { decodeMakeCredentialResponse } from '../../src/ctap/make-credential.js'
import { encodePostHandshake } from '../../src/message/post-handshake.js'
import { createLab, createRelyingParty } from '../../src/testing.js'
import { PHONE_PROFILES } from '../../src/virtual.js'
import type { PhoneProfileName } from '../../src/virtual.js'
import { sampleCredential } from '../support/sample-credential.js'
import { cases, onlyCase } from '../support/cases.js'
import { APPROVE, createTestPhone, MAKE_CREDENTIAL, registered, signedIn } from '../support/virtual-phone.js'
import type { TestPhone } from '../support/virtual-phone.js'

const NAMES = Object.keys(PHONE_PROFILES) as PhoneProfileName[]
const ZEROS = '00'.repeat(16)
const IOS_INFO = 'f24a8e70d0d3f82c293732523cc4de5a'
const PLAY_OPTIONS = { rk: true, up: true, uv: true, plat: false }
const IOS_OPTIONS = { rk: true, uv: true, jsonMessages: true }

/** What is told in protocol.md 10.1, 15.1 and 15.4, and the AAGUIDs that vendors give. */
const TABLE = [
  ['generic', ZEROS, ZEROS, PLAY_OPTIONS, ['credProtect', 'largeBlob', 'prf'], ['ctap'], 'many'],
  ['android', ZEROS, 'ea9b8d664d011d213ce4b6b48cb575d4', PLAY_OPTIONS, ['prf'], ['ctap'], 'one'],
  [
    'ios',
    IOS_INFO,
    'fbfc3007154e4ecc8c0b6e020557d7bd',
    IOS_OPTIONS,
    ['largeBlob', 'prf'],
    ['ctap', 'dc'],
    'one',
  ],
  ['ms-authenticator', ZEROS, 'de1e552ddb1d4423a619566b625cdc84', PLAY_OPTIONS, ['prf'], ['ctap'], 'one'],
  [
    ...(['ms-authenticator-ios', IOS_INFO, '90a3ccdf635c4729a2489b709135078f', IOS_OPTIONS] as const),
    ...([['largeBlob', 'prf'], ['ctap', 'dc'], 'one'] as const),
  ],
] as const

const phoneOf = (profile: PhoneProfileName): TestPhone => createTestPhone(undefined, { profile })

describe.each(TABLE)('%s', (profile, infoAaguid, aaguid, options, extensions, features, commands) => {
  it('introduces itself', () => {
    const { phone } = phoneOf(profile)
    const info = decodeGetInfo(phone.getInfo())
    expect(info).toMatchObject({
      versions: ['FIDO_2_0', 'FIDO_2_1'],
      extensions,
      transports: ['internal', 'hybrid'],
      pinUvAuthProtocols: undefined,
      // None of the phones on record says it (protocol.md 15.1).
      maxMsgSize: profile === 'generic' ? 65_536 : undefined,
    })
    expect(encodeHex(info.aaguid)).toBe(infoAaguid)
    expect(Object.fromEntries(info.options ?? [])).toEqual(options)
    expect([phone.features, phone.commands]).toEqual([features, commands])
  })

  it('makes passkeys with its AAGUID and flags', async () => {
    const phone = phoneOf(profile)
    const { authData } = decodeMakeCredentialResponse((await phone.register()) ?? new Uint8Array())
    const { attestedCredential, flags, signCount } = decodeAuthenticatorData(authData)
    const isSynced = profile === 'android' || profile === 'ios'
    expect(encodeHex(attestedCredential?.aaguid ?? new Uint8Array())).toBe(aaguid)
    expect(flags).toEqual({ up: true, uv: true, be: isSynced, bs: isSynced })
    expect(signCount).toBe(0)
    const used = decodeAuthenticatorData(signedIn(await phone.signIn()).authData)
    expect([used.signCount, used.flags.bs]).toEqual([profile === 'generic' ? 1 : 0, isSynced])
  })

  it('verifies its user as that phone does', async () => {
    const phone = phoneOf(profile)
    await phone.register({ uv: false })
    await phone.signIn({ uv: false })
    const asks = phone.asked.map(({ userVerification }) => userVerification)
    expect(asks).toEqual(profile === 'generic' ? [false, false] : [true, true])
  })

  it('refuses as that phone does', async () => {
    const deny = (): Promise<{ approved: false; how: 'deny' | 'timeout' }> =>
      Promise.resolve({ approved: false, how: 'deny' })
    const phone = createTestPhone(deny, { profile })
    expect(await phone.register()).toEqual(profile === 'generic' ? Uint8Array.of(0x27) : undefined)
    const failing = createTestPhone(() => Promise.resolve({ approved: true, userVerified: false }), {
      profile,
    })
    expect(await failing.register()).toEqual(profile === 'generic' ? Uint8Array.of(0x27) : undefined)
  })

  it('takes or drops a registration without displayName', async () => {
    const phone = phoneOf(profile)
    const user = cborMap([
      ['id', Uint8Array.of(1)],
      ['name', 'ada'],
    ])
    const response = await phone.send(rawRegistration(user))
    if (profile === 'generic') registered(response)
    else expect(response).toBeUndefined()
    expect(phone.asked).toHaveLength(profile === 'generic' ? 1 : 0)
    const complete = cborMap([...user, ['displayName', '']])
    registered(await phone.send(rawRegistration(complete)))
  })

  it('serves a whole registration and sign-in over the tunnel', async () => {
    const lab = createLab()
    const rp = await createRelyingParty({ origin: 'https://login.example.com', rpId: 'example.com' })
    const phone = lab.phone({ profile })
    const served: Promise<unknown>[] = []
    const onQr = (qr: { url: string }): void => {
      served.push(phone.scan(qr.url))
    }
    const ceremony = { origin: rp.origin, onQr }
    const created = await lab.client().create(await rp.creationOptions(), ceremony)
    const { id, transports } = await rp.register(created)
    expect(transports).toEqual(['hybrid', 'internal'])
    const options = await rp.requestOptions({ allowCredentials: [{ id }] })
    expect((await rp.signIn(await lab.client().get(options, ceremony))).id).toBe(id)
    expect((await rp.signIn(await lab.client().get(await rp.requestOptions(), ceremony))).id).toBe(id)
    expect(await Promise.all(served)).toMatchObject([{ answered: 1 }, { answered: 1 }, { answered: 1 }])
  })

  it('takes as many commands a connection as that phone', async () => {
    const lab = createLab()
    const phone = lab.phone({ profile })
    let served: Promise<unknown> | undefined
    const onQr = (qr: { url: string }): void => {
      served = phone.scan(qr.url)
    }
    const connection = await lab.client().connect({ requestType: 'ga', onQr })
    expect(connection.features).toEqual(features)
    const signIn = requestOf(TRACE.frames[1]?.message)
    const noCredentials = Uint8Array.of(0x2e)
    await phone.store.put(
      sampleCredential(1, { rpId: 'example.com', privateKey: new Uint8Array(32).fill(1) }),
    )
    expect((await connection.call(signIn))[0]).toBe(0)
    await phone.store.delete(sampleCredential(1).credentialId)
    if (commands === 'many') expect(await connection.call(signIn)).toEqual(noCredentials)
    else await expect(connection.call(signIn)).rejects.toMatchObject({ kind: expect.any(String) as string })
    await connection.close()
    expect(await served).toMatchObject({ answered: commands === 'many' ? 2 : 1 })
  })
})

test('the table has every profile', () => {
  expect(TABLE.map(([name]) => name).toSorted()).toEqual(NAMES.toSorted())
})

interface IosTrace {
  readonly frames: readonly { readonly message: string }[]
}

const TRACE = onlyCase<IosTrace>('trace-ios', 'sessions')

/** Without the type of the message. */
const requestOf = (message = ''): Uint8Array => decodeHex(message.slice(2))

/** makeCredential that asks for no user verification, with whatever user. */
function rawRegistration(user: ReturnType<typeof cborMap>): Uint8Array {
  const { clientDataHash, rp, pubKeyCredParams } = MAKE_CREDENTIAL
  const parameters = cborMap([
    [1, clientDataHash],
    [
      2,
      cborMap([
        ['id', rp.id],
        ['name', rp.name],
      ]),
    ],
    [3, user],
    [
      4,
      pubKeyCredParams.map(({ alg, type }) =>
        cborMap([
          ['alg', alg],
          ['type', type],
        ]),
      ),
    ],
  ])
  return Uint8Array.of(1, ...encodeCbor(parameters))
}

describe('the recorded iPhone', () => {
  const recorded = cases<{ message: string; getInfo: string }>('post-handshake', 'messages')
  const introduction = recorded.find(({ name }) => name === 'iOS 2026')

  it.each(['ios', 'ms-authenticator-ios'] as const)('introduces itself like %s, byte for byte', profile => {
    const { phone } = phoneOf(profile)
    expect(encodeHex(phone.getInfo())).toBe(introduction?.getInfo)
    const message = encodeHex(encodePostHandshake({ getInfo: phone.getInfo(), features: phone.features }))
    expect(message).toBe(introduction?.message)
    expect(message).toBe(TRACE.frames[0]?.message)
  })

  it('answers a sign-in like ios, byte for byte but for the signature', async () => {
    const [, request, response] = TRACE.frames
    const given = signedIn(requestOf(response?.message))
    const phone = createTestPhone(() => Promise.resolve(APPROVE), { profile: 'ios' })
    await phone.store.put(
      sampleCredential(1, {
        rpId: 'example.com',
        credentialId: given.credential?.id ?? new Uint8Array(),
        userId: given.user?.id ?? new Uint8Array(),
        privateKey: new Uint8Array(32).fill(1),
        backedUp: true,
        signCount: 0,
      }),
    )
    const answer = signedIn(await phone.send(requestOf(request?.message)))
    expect(answer.signature).not.toEqual(given.signature)
    const { signature } = given
    expect(encodeHex(encodeGetAssertionResponse({ ...answer, signature }))).toBe(response?.message.slice(2))
  })

  it('does not answer getInfo', async () => {
    expect(await phoneOf('ios').send(Uint8Array.of(4))).toBeUndefined()
    expect((await phoneOf('android').send(Uint8Array.of(4)))?.[0]).toBe(0)
  })
})

describe('Android', () => {
  it.each([
    ['a map out of order', '02a2020001626964'],
    ['an unknown command', '40'],
    ['a missing member', '02a0'],
    ['nothing', ''],
    ['a sign-in without passkeys', encodeHex(requestOf(TRACE.frames[1]?.message))],
  ])('hangs up on %s', async (_, hex) => {
    expect(await phoneOf('android').send(decodeHex(hex))).toBeUndefined()
  })

  it('answers that it has none of the passkeys named', async () => {
    const allowList = [{ id: new Uint8Array(16), type: 'public-key' }]
    expect(await phoneOf('android').signIn({ allowList })).toEqual(Uint8Array.of(0x2e))
  })

  it('names the user only where the request named no passkey', async () => {
    const phone = phoneOf('android')
    const { id } = registered(await phone.register())
    expect(signedIn(await phone.signIn()).user).toMatchObject({ name: 'alice' })
    const named = signedIn(await phone.signIn({ allowList: [{ id, type: 'public-key' }] }))
    expect([named.user, named.userSelected]).toEqual([undefined, undefined])
  })

  it('makes ES256 keys only', async () => {
    const pubKeyCredParams = [{ alg: -8, type: 'public-key' }]
    expect(await phoneOf('android').register({ pubKeyCredParams })).toEqual(Uint8Array.of(0x26))
  })
})

describe('a profile', () => {
  it('may be a description of one’s own', () => {
    const profile = { ...PHONE_PROFILES.android, features: ['ctap', 'dc'] }
    const { phone } = createTestPhone(undefined, { profile })
    expect([phone.features, phone.commands]).toEqual([['ctap', 'dc'], 'one'])
  })

  it('is changed in parts by options', async () => {
    const options = { profile: 'ios', signCounter: 'counting', backup: 'eligible', algorithms: [-8] } as const
    const aaguid = new Uint8Array(16).fill(5)
    const phone = createTestPhone(undefined, { ...options, aaguid })
    const pubKeyCredParams = [{ alg: -8, type: 'public-key' }]
    const answer = decodeMakeCredentialResponse(
      (await phone.register({ pubKeyCredParams })) ?? new Uint8Array(),
    )
    const { attestedCredential, flags } = decodeAuthenticatorData(answer.authData)
    expect(attestedCredential?.aaguid).toEqual(aaguid)
    expect(encodeHex(decodeGetInfo(phone.phone.getInfo()).aaguid)).toBe(IOS_INFO)
    expect(flags).toMatchObject({ be: true, bs: false })
    expect(decodeAuthenticatorData(signedIn(await phone.signIn()).authData).signCount).toBe(1)
  })

  it('without ctap among its features is refused before anybody waits', async () => {
    const phone = createLab().phone({ profile: { ...PHONE_PROFILES.generic, features: ['dc'] } })
    const lab = createLab()
    let scanning: Promise<unknown> | undefined
    const stop = new AbortController()
    const connecting = lab.client().connect({
      requestType: 'ga',
      signal: stop.signal,
      onQr: qr => {
        scanning = phone.scan(qr.url).finally(() => {
          stop.abort()
        })
        scanning.catch(() => undefined)
      },
    })
    await expect(connecting).rejects.toMatchObject({ code: 'aborted' })
    await expect(scanning).rejects.toMatchObject({ code: 'argument-invalid' })
  })
})
