import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../src/bytes/bytes.js'
import { cborMap } from '../../src/cbor/value.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import { decodeAuthenticatorData } from '../../src/ctap/authenticator-data.js'
import { decodeKeyAgreementResponse, encodeClientPinRequest } from '../../src/ctap/client-pin.js'
import { encodeHmacSecretInput } from '../../src/ctap/hmac-secret.js'
import type { HmacSecretInput } from '../../src/ctap/hmac-secret.js'
import { decodeMakeCredentialResponse } from '../../src/ctap/make-credential.js'
import { agreeOnSecret } from '../../src/ctap/pin-uv-auth-protocol.js'
import type { PinUvAuthSecret } from '../../src/ctap/pin-uv-auth-protocol.js'
import { PHONE_PROFILES } from '../../src/virtual.js'
import type { PhoneProfile } from '../../src/virtual.js'
import { createTestPhone, random, signedIn } from '../support/virtual-phone.js'
import type { TestPhone } from '../support/virtual-phone.js'

const { generic } = PHONE_PROFILES
const KEY: PhoneProfile = {
  ...generic,
  info: { ...generic.info, extensions: ['credProtect', 'hmac-secret'], pinUvAuthProtocols: [2, 1] },
}
const salt = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)

const phoneWithSecrets = (userVerified = true): TestPhone =>
  createTestPhone(() => Promise.resolve({ approved: true, userVerified }), { profile: KEY })

const agreementWith = (pinUvAuthProtocol: number | undefined, subCommand = 2): Uint8Array =>
  encodeClientPinRequest({ pinUvAuthProtocol, subCommand })

interface Platform {
  readonly secret: PinUvAuthSecret
  readonly input: (salts: Uint8Array, changes?: Partial<HmacSecretInput>) => HmacSecretInput
}

async function agree(phone: TestPhone, protocol: 1 | 2): Promise<Platform> {
  const answer = (await phone.send(agreementWith(protocol))) ?? new Uint8Array()
  const own = nobleProvider.generateEcdhKey()
  const secret = agreeOnSecret(nobleProvider, protocol, own, decodeKeyAgreementResponse(answer))
  return {
    secret,
    input: (salts, changes) => {
      const saltEnc = secret.encrypt(salts, random.bytes(16))
      const saltAuth = secret.authenticate(saltEnc)
      return { keyAgreement: own.publicKey, saltEnc, saltAuth, pinUvAuthProtocol: protocol, ...changes }
    },
  }
}

const asking = (input: HmacSecretInput): { extensions: ReturnType<typeof cborMap> } => ({
  extensions: cborMap([['hmac-secret', encodeHmacSecretInput(input)]]),
})

/** What came back, opened. */
async function outputsOf(phone: TestPhone, salts: Uint8Array, protocol: 1 | 2 = 2): Promise<Uint8Array> {
  const { secret, input } = await agree(phone, protocol)
  const { authData } = signedIn(await phone.signIn({ uv: false, ...asking(input(salts)) }))
  const output = decodeAuthenticatorData(authData).extensions?.get('hmac-secret')
  return secret.decrypt(output instanceof Uint8Array ? output : new Uint8Array()) ?? new Uint8Array()
}

describe('hmac-secret', () => {
  it('is enabled at registration', async () => {
    const phone = phoneWithSecrets()
    const extensions = cborMap([['hmac-secret', true]])
    const { authData } = decodeMakeCredentialResponse((await phone.register({ extensions })) ?? salt(255))
    expect(decodeAuthenticatorData(authData).extensions).toEqual(extensions)
  })

  it.each([1, 2] as const)('gives one or two results in protocol %i', async protocol => {
    const phone = phoneWithSecrets()
    await phone.register()
    const [passkey] = await phone.store.list()
    const hmac = (fill: number): Uint8Array =>
      Uint8Array.from(
        createHmac('sha256', passkey?.hmacSecret ?? '')
          .update(salt(fill))
          .digest(),
      )
    expect(await outputsOf(phone, salt(1), protocol)).toEqual(hmac(1))
    const two = concatBytes(salt(1), salt(2))
    expect(await outputsOf(phone, two, protocol)).toEqual(concatBytes(hmac(1), hmac(2)))
  })

  it('gives other results to users who were not verified', async () => {
    const phone = phoneWithSecrets(false)
    await phone.register({ uv: false })
    const [passkey] = await phone.store.list()
    const verified = createHmac('sha256', passkey?.hmacSecret ?? '').update(salt(1))
    const output = await outputsOf(phone, salt(1))
    expect(output).toHaveLength(32)
    expect(output).not.toEqual(Uint8Array.from(verified.digest()))
    expect(await outputsOf(phone, salt(1))).toEqual(output)
  })

  it('refuses what does not fit, without asking', async () => {
    const phone = phoneWithSecrets()
    await phone.register()
    const { input } = await agree(phone, 2)
    const status = async (given: HmacSecretInput): Promise<number | undefined> =>
      (await phone.signIn(asking(given)))?.[0]
    expect(await status(input(salt(1), { saltAuth: salt(0) }))).toBe(0x33)
    expect(await status(input(salt(1), { pinUvAuthProtocol: 3 }))).toBe(0x02)
    expect(await status(input(salt(1), { pinUvAuthProtocol: 1 }))).toBe(0x33)
    expect(await status(input(salt(1).slice(16)))).toBe(0x03)
    expect(await status(input(new Uint8Array(96)))).toBe(0x03)
    expect(phone.asked).toHaveLength(1)
    const noMap = { extensions: cborMap([['hmac-secret', true]]) }
    expect(await phone.signIn(noMap)).toEqual(Uint8Array.of(0x11))
  })
})

describe('authenticatorClientPIN', () => {
  it('agrees on keys and does nothing else', async () => {
    const phone = phoneWithSecrets()
    const answers = [agreementWith(2), agreementWith(2), agreementWith(1)].map(each => phone.send(each))
    const [one, again, other] = await Promise.all(answers)
    expect(one).toEqual(again)
    expect(one).not.toEqual(other)
    expect(await phone.send(agreementWith(3))).toEqual(Uint8Array.of(0x02))
    expect(await phone.send(agreementWith(undefined))).toEqual(Uint8Array.of(0x14))
    expect(await phone.send(agreementWith(2, 1))).toEqual(Uint8Array.of(0x3e))
    expect(await phone.send(Uint8Array.of(0x06, 0xa0))).toEqual(Uint8Array.of(0x14))
  })

  it('is unknown to phones without the extension', async () => {
    expect(await createTestPhone().send(agreementWith(2))).toEqual(Uint8Array.of(0x01))
  })
})
