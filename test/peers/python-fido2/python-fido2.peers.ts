import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeBase64url } from '../../../src/bytes/base64url.js'
import { encodeHex } from '../../../src/bytes/hex.js'
import { decodeAuthenticatorData } from '../../../src/ctap/authenticator-data.js'
import { LocalClient } from '../../../src/index.js'
import type {
  AuthenticationResponseJSON,
  CredentialStore,
  RegistrationResponseJSON,
} from '../../../src/index.js'
import { createLab, createRelyingParty } from '../../../src/testing.js'
import type { CreationOverrides, RelyingParty } from '../../../src/testing.js'
import {
  alwaysApprove,
  alwaysRefuse,
  MemoryCredentialStore,
  PHONE_PROFILES,
  VirtualAuthenticator,
} from '../../../src/virtual.js'
import type { PhoneProfile, PhoneProfileName, VirtualAuthenticatorOptions } from '../../../src/virtual.js'
import { random } from '../../support/virtual-phone.js'
import { attestationOf } from '../support/attestation.js'
import { isBuilt, pinnedVersion } from '../support/built.js'
import { describePeer, lacking } from '../support/peer.js'
import { PythonPlatform, resultOf } from './platform.js'
import type { Came, Device } from './platform.js'

const ORIGIN = 'https://login.example.com'
const { generic } = PHONE_PROFILES
const PROFILES: readonly PhoneProfileName[] = [
  'generic',
  'android',
  'ios',
  'ms-authenticator',
  'ms-authenticator-ios',
]
const LONG_LIST = 64

/** A phone that knows `prf` as `hmac-secret`. */
const withHmacSecret = (...pinUvAuthProtocols: readonly number[]): PhoneProfile => ({
  ...generic,
  info: {
    ...generic.info,
    extensions: [...(generic.info.extensions ?? []), 'hmac-secret'],
    pinUvAuthProtocols,
  },
})

/** The library asks for a PIN protocol also where the phone verifies its user by itself; no phone on record has one. */
function authenticator(options: Partial<VirtualAuthenticatorOptions> = {}): VirtualAuthenticator {
  return new VirtualAuthenticator({
    profile: withHmacSecret(2, 1),
    store: new MemoryCredentialStore(),
    consent: alwaysApprove(),
    random,
    ...options,
  })
}

const someId = (): string => Buffer.from(random.bytes(32)).toString('base64url')
const hexOf = (id: string): string => encodeHex(decodeBase64url(id))

describePeer(
  {
    name: 'python-fido2 as a platform',
    version: () => pinnedVersion('relying-parties/python/requirements.txt', /^fido2==(\S+)/m),
    lacks: lacking(isBuilt('python/installed.txt')),
  },
  () => {
    let platform: PythonPlatform
    let rp: RelyingParty
    beforeAll(async () => {
      platform = new PythonPlatform()
      rp = await createRelyingParty({ origin: ORIGIN, rpId: 'example.com' })
    })
    afterAll(() => platform.end())

    const create = (phone: Device, options: object): Promise<Came<RegistrationResponseJSON>> =>
      platform.run(phone, { do: 'register', origin: ORIGIN, options })
    const get = (phone: Device, options: object): Promise<Came<AuthenticationResponseJSON[]>> =>
      platform.run(phone, { do: 'sign_in', origin: ORIGIN, options })

    /** Registers a passkey that the relying party verifies. @returns its list. */
    async function registered(phone: Device, overrides: CreationOverrides = {}): Promise<{ id: string }[]> {
      const { id } = await rp.register(await resultOf(create(phone, await rp.creationOptions(overrides))))
      return [{ id }]
    }

    describe('reads getInfo', () => {
      test.each(PROFILES.filter(name => PHONE_PROFILES[name].answersGetInfo))('of %s', async profile => {
        const { info, infoAaguid, aaguid, infoHasAlgorithms, algorithms } = PHONE_PROFILES[profile]
        expect(await resultOf(platform.run(authenticator({ profile }), { do: 'info' }))).toEqual({
          aaguid: Buffer.from(infoAaguid ?? aaguid).toString('base64url'),
          versions: info.versions,
          extensions: info.extensions ?? [],
          options: Object.fromEntries(info.options ?? []),
          max_msg_size: info.maxMsgSize ?? 1024,
          transports: info.transports ?? [],
          algorithms: infoHasAlgorithms ? algorithms.map(alg => ({ type: 'public-key', alg })) : [],
          pin_uv_protocols: info.pinUvAuthProtocols ?? [],
        })
      })

      test('and goes without that of a phone which answers it in the introduction alone', async () => {
        const came = await platform.run(authenticator({ profile: 'ios' }), { do: 'info' })
        expect(came).toEqual({ error: 'OSError: the authenticator hung up' })
      })

      test('only in canonical CBOR', async () => {
        // {1: ["FIDO_2_0"]} with a head that is longer than it need be.
        const handle = (): Promise<Uint8Array> =>
          Promise.resolve(Uint8Array.of(0, 0xb8, 1, 1, 0x81, 0x68, ...Buffer.from('FIDO_2_0')))
        const came = await platform.run({ handle }, { do: 'info' })
        expect(came).toEqual({ error: expect.stringContaining('anonical') as string })
      })
    })

    test.each([
      ['ES256', -7],
      ['EdDSA', -8],
      ['RS256', -257],
    ])('registers a passkey of %s and signs in', async (_, algorithm) => {
      const phone = authenticator()
      const [passkey] = await registered(phone, { supportedAlgorithmIDs: [algorithm] })
      const [signedIn, ...others] = await resultOf(get(phone, await rp.requestOptions()))
      expect(others).toEqual([])
      expect((await rp.signIn(signedIn as AuthenticationResponseJSON)).id).toBe(passkey?.id)
    })

    test('cannot use a phone without PIN protocols', async () => {
      const came = await create(authenticator({ profile: 'generic' }), await rp.creationOptions())
      expect(came).toEqual({ error: 'ValueError: No compatible PIN/UV protocols supported!' })
    })

    test('does not register again what is excluded, and does what is not', async () => {
      const phone = authenticator()
      const excludeCredentials = [{ id: someId() }, ...(await registered(phone))]
      const again = await create(phone, await rp.creationOptions({ excludeCredentials }))
      expect(again).toEqual({ error: 'DEVICE_INELIGIBLE: CREDENTIAL_EXCLUDED' })
      await registered(authenticator(), { excludeCredentials })
    })

    test('tells that the user refuses, and that the passkey is elsewhere', async () => {
      const store = new MemoryCredentialStore()
      const allowCredentials = await registered(authenticator({ store }))
      const reluctant = authenticator({ store, consent: alwaysRefuse('deny') })
      const named = await rp.requestOptions({ allowCredentials })
      expect(await create(reluctant, await rp.creationOptions())).toEqual({
        error: 'BAD_REQUEST: OPERATION_DENIED',
      })
      expect(await get(reluctant, named)).toEqual({ error: 'BAD_REQUEST: OPERATION_DENIED' })
      expect(await get(authenticator(), named)).toEqual({ error: 'DEVICE_INELIGIBLE: NO_CREDENTIALS' })
    })

    describe(`asks for each of a list of ${LONG_LIST} by itself`, () => {
      const others = Array.from({ length: LONG_LIST - 1 }, () => ({ id: someId() }))

      test('and finds the passkey at the end', async () => {
        const phone = authenticator({ limits: { unseenErrors: LONG_LIST } })
        const allowCredentials = [...others, ...(await registered(phone, { excludeCredentials: others }))]
        const [signedIn] = await resultOf(get(phone, await rp.requestOptions({ allowCredentials })))
        await rp.signIn(signedIn as AuthenticationResponseJSON)
      })

      test('which ends the connection with a phone that has the limits of phones', async () => {
        const came = await get(authenticator(), await rp.requestOptions({ allowCredentials: others }))
        expect(came).toEqual({ error: 'OSError: the authenticator hung up' })
      })
    })

    describe('of several accounts', () => {
      const two = async (phone: Device): Promise<string[]> => {
        const [older] = await registered(phone, { userName: 'ada' })
        const [newer] = await registered(phone, { userName: 'grace' })
        return [newer?.id ?? '', older?.id ?? '']
      }

      test('fetches all, the newest first, where the client chooses', async () => {
        const phone = authenticator({ accountChoice: 'client' })
        const ids = await two(phone)
        const signedIn = await resultOf(get(phone, await rp.requestOptions()))
        expect(signedIn.map(({ id }) => id)).toEqual(ids)
      })

      test('gets the one that is chosen at the phone', async () => {
        const phone = authenticator({ accountChoice: 'phone' })
        const [newer] = await two(phone)
        const signedIn = await resultOf(get(phone, await rp.requestOptions()))
        expect(signedIn.map(({ id }) => id)).toEqual([newer])
      })
    })

    describe('prf', () => {
      const first = Buffer.from('first').toString('base64url')
      const second = Buffer.from('second').toString('base64url')
      const prf = { eval: { first, second } }

      test.each([[[1]], [[2]], [[1, 2]], [[2, 1]]])(
        'over hmac-secret by the protocols %j gives what our own client gets',
        async protocols => {
          const phone = authenticator({ profile: withHmacSecret(...protocols) })
          const options = { ...(await rp.creationOptions()), extensions: { prf: {} } }
          const made = await resultOf(create(phone, options))
          expect(made.clientExtensionResults.prf).toEqual({ enabled: true })
          await rp.register(made)
          const allowCredentials = [{ id: made.id }]
          const asked = { ...(await rp.requestOptions({ allowCredentials })), extensions: { prf } }
          const [theirs] = await resultOf(get(phone, asked))
          const ours = await new LocalClient({ authenticator: phone }).get(asked, { origin: ORIGIN })
          expect(ours.clientExtensionResults.prf).toEqual({
            results: { first: expect.any(String) as string, second: expect.any(String) as string },
          })
          expect(theirs?.clientExtensionResults.prf).toEqual(ours.clientExtensionResults.prf)
        },
      )

      test('is not made where the phone has no secret', async () => {
        const profile = { ...withHmacSecret(2), info: { ...generic.info, pinUvAuthProtocols: [2] } }
        const options = { ...(await rp.creationOptions()), extensions: { prf: {} } }
        const made = await resultOf(create(authenticator({ profile }), options))
        expect(made.clientExtensionResults.prf).toBeUndefined()
      })
    })

    describe('PIN protocols', () => {
      test.each([
        ['one that is not listed', [2], 1, 'INVALID_PARAMETER'],
        ['one that does not exist', [1, 2], 3, 'INVALID_PARAMETER'],
        ['one of a phone that has none', [], 2, 'INVALID_PARAMETER'],
      ])('no key for %s', async (_, listed, protocol, error) => {
        const phone = authenticator({ profile: withHmacSecret(...listed) })
        expect(await platform.run(phone, { do: 'key_agreement', protocol })).toEqual({ error })
      })

      test('no command of PINs without hmac-secret', async () => {
        const phone = authenticator({ profile: 'generic' })
        expect(await platform.run(phone, { do: 'key_agreement', protocol: 2 })).toEqual({
          error: 'INVALID_COMMAND',
        })
      })

      test.each([
        ['nothing wrong, one salt', [2], {}, undefined],
        ['nothing wrong, two salts', [2], { saltBytes: 64 }, undefined],
        ['another protocol than the key is for', [2], { claimed: 1 }, 'INVALID_PARAMETER'],
        ['another protocol that is listed', [2, 1], { claimed: 1 }, 'PIN_AUTH_INVALID'],
        ['a proof with a changed bit', [2], { proofBit: 1 }, 'PIN_AUTH_INVALID'],
        ['a salt and a half', [2], { saltBytes: 48 }, 'INVALID_LENGTH'],
      ])('hmac-secret with %s', async (_, listed, changed, error) => {
        const phone = authenticator({ profile: withHmacSecret(...listed) })
        const made = await resultOf(
          create(phone, { ...(await rp.creationOptions()), extensions: { prf: {} } }),
        )
        const operation = { protocol: 2, claimed: 2, saltBytes: 32, proofBit: 0, ...changed }
        const came = await platform.run(phone, {
          do: 'hmac_secret',
          rpId: 'example.com',
          id: hexOf(made.id),
          ...operation,
        })
        expect(came).toEqual(error === undefined ? { result: expect.any(String) as string } : { error })
      })
    })

    test.each([
      ['userVerificationOptional', 1],
      ['userVerificationOptionalWithCredentialIDList', 2],
      ['userVerificationRequired', 3],
    ])('has credProtect kept: %s', async (credentialProtectionPolicy, level) => {
      const phone = authenticator()
      const extensions = {
        credentialProtectionPolicy,
        enforceCredentialProtectionPolicy: true,
        credProps: true,
      }
      const made = await resultOf(create(phone, { ...(await rp.creationOptions()), extensions }))
      await rp.register(made)
      const { authData } = attestationOf(made.response.attestationObject)
      const { extensions: outputs } = decodeAuthenticatorData(authData)
      expect(outputs?.get('credProtect')).toBe(level)
      expect(made.clientExtensionResults.credProps).toEqual({ rk: true })
    })

    test('keeps a large blob with the passkey, and gets it back', async () => {
      const phone = authenticator()
      const [passkey] = await registered(phone)
      const extended = (largeBlob: object): Promise<unknown> =>
        resultOf(
          platform.run(phone, {
            do: 'extended',
            rpId: 'example.com',
            id: hexOf(passkey?.id ?? ''),
            extensions: { largeBlob },
          }),
        )
      expect(await extended({ write: { hex: '4b04' }, originalSize: 4 })).toEqual({
        signed: null,
        unsigned: { largeBlob: { written: true } },
      })
      expect(await extended({ read: true })).toEqual({
        signed: null,
        unsigned: { largeBlob: { blob: 'SwQ', originalSize: 4 } },
      })
    })

    describe('over hybrid: our laptop is its device', () => {
      /** A phone of a lab, and what asks it over a connection each. */
      function hybrid(): {
        readonly store: CredentialStore
        readonly over: <Result>(ask: (device: Device) => Promise<Result>) => Promise<Result>
      } {
        const lab = createLab()
        const phone = lab.phone({ profile: withHmacSecret(2, 1) })
        return {
          store: phone.store,
          over: async ask => {
            const connection = await lab
              .client()
              .connect({ requestType: 'mc', onQr: code => void phone.scan(code.url) })
            const result = await ask({ handle: request => connection.call(request) })
            await connection.close()
            return result
          },
        }
      }

      test('registers and signs in, with prf', async () => {
        const { over, store } = hybrid()
        const options = { ...(await rp.creationOptions()), extensions: { prf: {} } }
        const { id } = await rp.register(await over(device => resultOf(create(device, options))))
        expect(await store.list()).toMatchObject([{ confirmed: true }])
        const prf = { eval: { first: 'Zmlyc3Q', second: 'c2Vjb25k' } }
        const asked = { ...(await rp.requestOptions()), extensions: { prf } }
        const [signedIn] = await over(device => resultOf(get(device, asked)))
        expect((await rp.signIn(signedIn as AuthenticationResponseJSON)).id).toBe(id)
        expect(signedIn?.clientExtensionResults).toEqual({
          prf: { results: { first: expect.any(String) as string, second: expect.any(String) as string } },
        })
      })

      test('does not register again what is excluded', async () => {
        const { over } = hybrid()
        const excludeCredentials = await over(device => registered(device))
        const options = await rp.creationOptions({ excludeCredentials })
        expect(await over(device => create(device, options))).toEqual({
          error: 'DEVICE_INELIGIBLE: CREDENTIAL_EXCLUDED',
        })
      })
    })

    test('selects the phone', async () => {
      expect(await platform.run(authenticator(), { do: 'select' })).toEqual({ result: null })
      expect(await platform.run(authenticator({ consent: alwaysRefuse('deny') }), { do: 'select' })).toEqual({
        error: 'OPERATION_DENIED',
      })
    })
  },
)
