import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { cborMap } from '../../src/cbor/value.js'
import type { CborKey, CborMap, CborValue } from '../../src/cbor/value.js'
import { decodeAuthenticatorData } from '../../src/ctap/authenticator-data.js'
import { decodeMakeCredentialResponse } from '../../src/ctap/make-credential.js'
import type { MakeCredentialResponse } from '../../src/ctap/make-credential.js'
import { APPROVE, createTestPhone, registered, signedIn } from '../support/virtual-phone.js'
import type { TestPhone } from '../support/virtual-phone.js'

const map = (...members: readonly (readonly [CborKey, CborValue | undefined])[]): CborMap => cborMap(members)
const salt = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const hmac = (key: Uint8Array, data: Uint8Array): Uint8Array =>
  Uint8Array.from(createHmac('sha256', key).update(data).digest())

const made = (response: Uint8Array | undefined): MakeCredentialResponse =>
  decodeMakeCredentialResponse(response ?? Uint8Array.of(0xff))

const newestSecret = async (phone: TestPhone): Promise<Uint8Array> =>
  (await phone.store.list()).at(-1)?.hmacSecret ?? new Uint8Array()

const unverified = (): Promise<{ approved: true; userVerified: false }> =>
  Promise.resolve({ approved: true, userVerified: false })

describe('prf', () => {
  it('is enabled at registration, and evaluated there when asked', async () => {
    const phone = createTestPhone()
    const enabled = made(await phone.register({ extensions: map(['prf', map()]) }))
    expect(enabled.unsignedExtensionOutputs).toEqual(map(['prf', map(['enabled', true])]))
    expect(decodeAuthenticatorData(enabled.authData).extensions).toBeUndefined()

    const evaluating = map(['prf', map(['eval', map(['first', salt(1)])])])
    const evaluated = made(await phone.register({ extensions: evaluating }))
    const results = map(['first', hmac(await newestSecret(phone), salt(1))])
    expect(evaluated.unsignedExtensionOutputs).toEqual(
      map(['prf', map(['enabled', true], ['results', results])]),
    )
  })

  it('answers nothing that was not asked', async () => {
    const phone = createTestPhone()
    expect(made(await phone.register()).unsignedExtensionOutputs).toBeUndefined()
    expect(signedIn(await phone.signIn()).unsignedExtensionOutputs).toBeUndefined()
  })

  it('gives one or two results, the same each time', async () => {
    const phone = createTestPhone()
    await phone.register()
    const secret = await newestSecret(phone)
    for (const [first, second] of [
      [1, undefined],
      [1, 2],
      [2, 2],
    ] as const) {
      const salts = map(['first', salt(first)], ['second', second && salt(second)])
      const extensions = map(['prf', map(['eval', salts])])
      expect(signedIn(await phone.signIn({ extensions })).unsignedExtensionOutputs).toEqual(
        map([
          'prf',
          map([
            'results',
            map(['first', hmac(secret, salt(first))], ['second', second && hmac(secret, salt(second))]),
          ]),
        ]),
      )
    }
  })

  it('prefers the salts of the credential', async () => {
    const phone = createTestPhone()
    const { id } = registered(await phone.register())
    const resultOf = async (own: Uint8Array, rest: CborMap): Promise<CborValue | undefined> => {
      const evalByCredential = new Map([[own, map(['first', salt(7)])]])
      const prf = cborMap([...rest, ['evalByCredential', evalByCredential]])
      const allowList = [{ id, type: 'public-key' }]
      const answer = signedIn(await phone.signIn({ allowList, extensions: map(['prf', prf]) }))
      return answer.unsignedExtensionOutputs?.get('prf')
    }
    const secret = await newestSecret(phone)
    const all = map(['eval', map(['first', salt(1)])])
    const result = (fill: number): CborMap => map(['results', map(['first', hmac(secret, salt(fill))])])
    expect(await resultOf(id, all)).toEqual(result(7))
    expect(await resultOf(salt(9), all)).toEqual(result(1))
    expect(await resultOf(salt(9), map())).toBeUndefined()
  })

  it('asks for user verification even if the request does not', async () => {
    const phone = createTestPhone(unverified)
    await phone.register({ uv: false })
    const extensions = map(['prf', map(['eval', map(['first', salt(1)])])])
    expect(await phone.signIn({ uv: false, extensions })).toEqual(Uint8Array.of(0x27))
    expect(await phone.register({ uv: false, extensions })).toEqual(Uint8Array.of(0x27))
    expect(phone.asked.at(-1)?.userVerification).toBe(true)
  })

  it('has nothing to say for a passkey without a secret', async () => {
    const phone = createTestPhone()
    await phone.register()
    const [stored] = await phone.store.list()
    if (stored !== undefined) await phone.store.put({ ...stored, hmacSecret: new Uint8Array() })
    const extensions = map(['prf', map(['eval', map(['first', salt(1)])])])
    expect(signedIn(await phone.signIn({ extensions })).unsignedExtensionOutputs).toBeUndefined()
  })

  it.each<[string, CborValue]>([
    ['no map', true],
    ['a short salt', map(['eval', map(['first', salt(1).slice(1)])])],
    ['no first salt', map(['eval', map(['second', salt(1)])])],
    ['a credential ID of text', map(['evalByCredential', map(['AAAA', map(['first', salt(1)])])])],
  ])('%s: status 17, and nobody is asked', async (_, prf) => {
    const phone = createTestPhone()
    expect(await phone.register({ extensions: map(['prf', prf]) })).toEqual(Uint8Array.of(0x11))
    expect(await phone.signIn({ extensions: map(['prf', prf]) })).toEqual(Uint8Array.of(0x11))
    expect(phone.asked).toEqual([])
  })
})

describe('credProtect', () => {
  it.each([1, 2, 3])('of level %i is kept and attested', async level => {
    const phone = createTestPhone()
    const { authData } = made(await phone.register({ extensions: map(['credProtect', level]) }))
    expect(decodeAuthenticatorData(authData).extensions).toEqual(map(['credProtect', level]))
    expect(await phone.store.list()).toMatchObject([{ credProtect: level }])
  })

  it.each([0, 4, true, 'userVerificationRequired'])('of level %s is refused', async level => {
    const phone = createTestPhone()
    expect(await phone.register({ extensions: map(['credProtect', level]) })).toEqual(Uint8Array.of(0x11))
  })

  it.each([
    [1, { unnamed: true, named: true }],
    [2, { unnamed: false, named: true }],
    [3, { unnamed: false, named: false }],
  ])('of level %i decides who finds it without user verification', async (level, found) => {
    const phone = createTestPhone(() => Promise.resolve(APPROVE))
    const extensions = map(['credProtect', level])
    const id = decodeAuthenticatorData(made(await phone.register({ extensions })).authData).attestedCredential
      ?.credentialId
    const list = [{ id: id ?? new Uint8Array(), type: 'public-key' }]
    expect((await phone.signIn({ uv: false }))?.[0]).toBe(found.unnamed ? 0 : 0x2e)
    expect((await phone.signIn({ uv: false, allowList: list }))?.[0]).toBe(found.named ? 0 : 0x2e)
    expect((await phone.signIn())?.[0]).toBe(0)
    expect((await phone.register({ uv: false, rk: false, excludeList: list }))?.[0]).toBe(
      found.named ? 0x19 : 0,
    )
    expect((await phone.register({ excludeList: list }))?.[0]).toBe(0x19)
  })
})

describe('largeBlob', () => {
  const write = (blob: Uint8Array, originalSize = 100): CborMap =>
    map(['largeBlob', map(['write', blob], ['originalSize', originalSize])])
  const READ = map(['largeBlob', map(['read', true])])

  it('says at registration that there is room', async () => {
    const answer = made(
      await createTestPhone().register({ extensions: map(['largeBlob', map(['support', 'required'])]) }),
    )
    expect(answer.unsignedExtensionOutputs).toEqual(map(['largeBlob', map(['supported', true])]))
  })

  it('is written, read and replaced', async () => {
    const phone = createTestPhone()
    await phone.register()
    const outputs = async (extensions: CborMap): Promise<CborMap | undefined> =>
      signedIn(await phone.signIn({ extensions })).unsignedExtensionOutputs
    expect(await outputs(READ)).toBeUndefined()
    for (const blob of [Uint8Array.of(1, 2, 3), new Uint8Array(4096).fill(7)]) {
      expect(await outputs(write(blob))).toEqual(map(['largeBlob', map(['written', true])]))
      expect(await outputs(READ)).toEqual(map(['largeBlob', map(['blob', blob], ['originalSize', 100])]))
    }
    expect(await outputs(write(new Uint8Array(4097)))).toEqual(map(['largeBlob', map(['written', false])]))
    expect(await phone.store.list()).toMatchObject([
      { largeBlob: new Uint8Array(4096).fill(7), signCount: 6 },
    ])
  })

  it.each<[string, CborMap]>([
    ['read and write', map(['read', true], ['write', salt(1)], ['originalSize', 1])],
    ['a write without size', map(['write', salt(1)])],
    ['a blob of text', map(['write', 'text'], ['originalSize', 1])],
  ])('%s: status 17', async (_, largeBlob) => {
    const phone = createTestPhone()
    await phone.register()
    expect(await phone.signIn({ extensions: map(['largeBlob', largeBlob]) })).toEqual(Uint8Array.of(0x11))
  })
})

it('extensions that the phone does not list are passed over, whatever is in them', async () => {
  const phone = createTestPhone(undefined, { profile: 'android' })
  const extensions = map(
    ['credProtect', 9],
    ['largeBlob', 'x'],
    ['minPinLength', true],
    ['hmac-secret', true],
  )
  const { authData, unsignedExtensionOutputs } = made(await phone.register({ extensions }))
  expect(decodeAuthenticatorData(authData).extensions).toBeUndefined()
  expect(unsignedExtensionOutputs).toBeUndefined()
  expect((await phone.signIn({ extensions }))?.[0]).toBe(0)
})
