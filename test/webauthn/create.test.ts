import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server'
import { describe, expect, test } from 'vitest'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { cborMap } from '../../src/cbor/value.js'
import { decodeCbor, encodeCbor } from '../../src/cbor/cbor.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import { decodeAuthenticatorData, encodeAuthenticatorData } from '../../src/ctap/authenticator-data.js'
import type { AuthenticatorData } from '../../src/ctap/authenticator-data.js'
import { decodeGetInfo } from '../../src/ctap/get-info.js'
import type { GetInfo } from '../../src/ctap/get-info.js'
import {
  decodeMakeCredentialRequest,
  decodeMakeCredentialResponse,
  encodeMakeCredentialResponse,
} from '../../src/ctap/make-credential.js'
import type { MakeCredentialResponse } from '../../src/ctap/make-credential.js'
import { encodeClientData } from '../../src/webauthn/client-data.js'
import { fromMakeCredential, parseRegistration, toMakeCredential } from '../../src/webauthn/create.js'
import type { MakeCredentialCall, Registration } from '../../src/webauthn/create.js'
import { parseCreationOptions } from '../../src/webauthn/creation-options.js'
import { publicSuffixList } from '../../src/webauthn/public-suffix-list.js'
import type { RegistrationResponseJSON } from '../../src/webauthn/registration-json.js'
import { decodeBase64url } from '../../src/bytes/base64url.js'
import { chromiumCreate } from '../ctap/recorded.js'
import { thrownBy } from '../support/thrown.js'
import { clientDataOf, pageBytes, pageText } from './ceremonies.js'

const { challenge, origin } = clientDataOf(chromiumCreate)
const options = {
  rp: { id: 'localhost', name: 'hybrid lab' },
  user: {
    id: encodeBase64url(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)),
    name: 'alice@example.org',
    displayName: 'Alice',
  },
  challenge,
  pubKeyCredParams: [
    { type: 'public-key', alg: -7 },
    { type: 'public-key', alg: -257 },
  ],
  authenticatorSelection: { residentKey: 'required' },
}
const info = decodeGetInfo(chromiumCreate.getInfo)

/** As `parseRegistration` makes it where no domain has to be looked up. */
const registered = (changes: object): Registration => ({
  options: parseCreationOptions({ ...options, ...changes }),
  clientDataJSON: encodeClientData({
    type: 'webauthn.create',
    challenge: decodeBase64url(challenge),
    origin,
  }),
  rpId: 'localhost',
})

const call = (changes: object = {}, phone: GetInfo = info): MakeCredentialCall =>
  toMakeCredential(registered(changes), phone, nobleProvider)

const answer = (changes: object = {}): RegistrationResponseJSON =>
  fromMakeCredential(chromiumCreate.response, call(changes))

const recorded = decodeMakeCredentialResponse(chromiumCreate.response)

/** The recorded response, altered. */
const altered = (
  change: (data: AuthenticatorData) => Partial<AuthenticatorData>,
  rest: Partial<MakeCredentialResponse> = {},
): Uint8Array => {
  const data = decodeAuthenticatorData(recorded.authData)
  const authData = encodeAuthenticatorData({ ...data, ...change(data) })
  return encodeMakeCredentialResponse({ ...recorded, ...rest, authData })
}

const attestationOf = (response: RegistrationResponseJSON): unknown =>
  decodeCbor(decodeBase64url(response.response.attestationObject))

/** The answer with a key of this algorithm, of key type 7 and with these members. */
const answerWithKey = (
  alg: number,
  members: readonly (readonly [number, Uint8Array])[],
): RegistrationResponseJSON => {
  const publicKey = encodeCbor(cborMap([[1, 7], [3, alg], ...members]))
  const response = altered(({ attestedCredential }) => ({
    attestedCredential: attestedCredential && { ...attestedCredential, publicKey },
  }))
  return fromMakeCredential(response, call({ pubKeyCredParams: [{ type: 'public-key', alg }] }))
}

describe('a registration recorded from Chromium', () => {
  test('makes the same request from the same options', () => {
    expect(call().registration.clientDataJSON).toEqual(pageBytes(chromiumCreate, 'clientDataJSON'))
    expect(call().request).toEqual(chromiumCreate.request)
  })

  test('gives the relying party what Chromium gave to the page', () => {
    expect(answer()).toEqual({
      id: chromiumCreate.page['id'],
      rawId: pageText(chromiumCreate, 'rawId'),
      response: {
        clientDataJSON: pageText(chromiumCreate, 'clientDataJSON'),
        attestationObject: pageText(chromiumCreate, 'attestationObject'),
        authenticatorData: pageText(chromiumCreate, 'authenticatorData'),
        publicKey: pageText(chromiumCreate, 'publicKey'),
        publicKeyAlgorithm: -7,
        transports: ['hybrid', 'internal'],
      },
      authenticatorAttachment: 'cross-platform',
      clientExtensionResults: {},
      type: 'public-key',
    })
  })

  test.each(['none', 'indirect', 'direct', 'enterprise'])(
    'is verified by a relying party that asks for attestation %s',
    async attestation => {
      const verified = await verifyRegistrationResponse({
        response: answer({ attestation }),
        expectedChallenge: challenge,
        expectedOrigin: origin,
        expectedRPID: 'localhost',
      })
      expect(verified).toMatchObject({
        verified: true,
        registrationInfo: { fmt: attestation === 'none' ? 'none' : 'packed', userVerified: true },
      })
    },
  )
})

describe('toMakeCredential', () => {
  test('takes options of @simplewebauthn/server as they are', async () => {
    const json = await generateRegistrationOptions({
      rpName: 'Example',
      rpID: 'example.com',
      userName: 'alice',
      excludeCredentials: [{ id: 'AQID', transports: ['internal'] }],
    })
    const registration = await parseRegistration(
      json,
      { origin: 'https://login.example.com' },
      {
        publicSuffixes: publicSuffixList,
      },
    )
    const { request } = toMakeCredential(registration, info, nobleProvider)
    expect(decodeMakeCredentialRequest(request)).toMatchObject({
      rp: { id: 'example.com', name: 'Example' },
      user: { name: 'alice', displayName: '' },
      // It lists ML-DSA first where the engine verifies it.
      pubKeyCredParams: json.pubKeyCredParams.map(({ alg }) => ({ alg })),
      excludeList: [{ id: Uint8Array.of(1, 2, 3), type: 'public-key' }],
      rk: true,
      uv: true,
    })
  })

  test.each([
    ['required', true],
    ['preferred', true],
    ['discouraged', false],
  ])('residentKey %s asks for rk %s', (residentKey, rk) => {
    const { request } = call({ authenticatorSelection: { residentKey } })
    expect(decodeMakeCredentialRequest(request)).toMatchObject({ rk, uv: true })
  })

  test('asks for nothing that the phone does not offer', () => {
    const plain = { ...info, options: new Map([['rk', false]]) }
    const { request } = call({ authenticatorSelection: { residentKey: 'preferred' } }, plain)
    expect(decodeMakeCredentialRequest(request)).toMatchObject({ rk: false, uv: false })
  })

  test.each([{ residentKey: 'required' }, { requireResidentKey: true }, { userVerification: 'required' }])(
    'refuses a phone that cannot do %j',
    authenticatorSelection => {
      expect(() => call({ authenticatorSelection }, { ...info, options: undefined })).toThrow(
        expect.objectContaining({ code: 'feature-missing' }),
      )
    },
  )

  test.each([
    ['enterprise', true, 1],
    ['enterprise', false, undefined],
    ['enterprise', undefined, undefined],
    ['direct', true, undefined],
  ])(
    'attestation %s of a phone with ep %s asks for enterprise attestation %s',
    (attestation, ep, expected) => {
      const phoneOptions = new Map([
        ...(info.options ?? []),
        ...(ep === undefined ? [] : [['ep', ep] as const]),
      ])
      const { request } = call(
        { attestation, attestationFormats: ['packed'] },
        { ...info, options: phoneOptions },
      )
      expect(decodeMakeCredentialRequest(request).enterpriseAttestation).toBe(expected)
    },
  )

  test('takes the host for an absent RP ID', async () => {
    const { rpId } = await parseRegistration({ ...options, rp: { name: 'x' } }, { origin })
    expect(rpId).toBe('localhost')
  })
})

describe('fromMakeCredential', () => {
  const refused = (response: Uint8Array, changes: object = {}): void => {
    expect(() => fromMakeCredential(response, call(changes))).toThrow(
      expect.objectContaining({ code: 'response-invalid' }),
    )
  }

  test('refuses another relying party’s response', () => {
    refused(altered(() => ({ rpIdHash: new Uint8Array(32) })))
  })

  test('refuses a response without the user', () => {
    refused(altered(({ flags }) => ({ flags: { ...flags, up: false } })))
  })

  test('refuses an unverified user only where verification is required', () => {
    const response = altered(({ flags }) => ({ flags: { ...flags, uv: false } }))
    refused(response, { authenticatorSelection: { userVerification: 'required' } })
    expect(fromMakeCredential(response, call()).type).toBe('public-key')
  })

  test('refuses a response without a credential, or with an empty ID', () => {
    refused(altered(() => ({ attestedCredential: undefined })))
    refused(
      altered(({ attestedCredential }) => ({
        attestedCredential: attestedCredential && { ...attestedCredential, credentialId: new Uint8Array() },
      })),
    )
  })

  test('refuses a key of an algorithm that was not asked for', () => {
    refused(chromiumCreate.response, { pubKeyCredParams: [{ type: 'public-key', alg: -257 }] })
  })

  test('a refusal of the phone is a CtapError', () => {
    expect(() => fromMakeCredential(Uint8Array.of(0x19), call())).toThrow(
      expect.objectContaining({ statusName: 'ERR_CREDENTIAL_EXCLUDED' }),
    )
  })

  test('passes on keys that it cannot write as SubjectPublicKeyInfo', () => {
    const json = answerWithKey(-51, [])
    expect(json.response.publicKeyAlgorithm).toBe(-51)
    expect(json.response).not.toHaveProperty('publicKey')
  })

  test('refuses a key of ML-DSA that has not its length', () => {
    const lacking = thrownBy(() => answerWithKey(-48, []))
    const short = thrownBy(() => answerWithKey(-48, [[-1, new Uint8Array(1311)]]))
    expect([lacking, short]).toMatchObject([{ code: 'ctap-malformed' }, { code: 'ctap-malformed' }])
    expect(answerWithKey(-48, [[-1, new Uint8Array(1312)]]).response.publicKeyAlgorithm).toBe(-48)
  })

  test('keeps a self attestation where no attestation was asked for, but no other kind', () => {
    const zeros = altered(({ attestedCredential }) => ({
      attestedCredential: attestedCredential && { ...attestedCredential, aaguid: new Uint8Array(16) },
    }))
    const self = attestationOf(fromMakeCredential(zeros, call())) as Map<string, unknown>
    expect(self.get('fmt')).toBe('packed')
    expect(self.get('attStmt')).toEqual(recorded.attStmt)
    const other = attestationOf(answer()) as Map<string, unknown>
    expect(other.get('fmt')).toBe('none')
    expect(other.get('attStmt')).toEqual(new Map())
    expect(other.get('authData')).toEqual(recorded.authData)
  })

  test('writes an empty statement where the phone sent none', () => {
    const response = altered(() => ({}), { fmt: 'none', attStmt: undefined })
    const json = fromMakeCredential(response, call({ attestation: 'direct' }))
    expect((attestationOf(json) as Map<string, unknown>).get('attStmt')).toEqual(new Map())
  })

  test.each([
    ['required', undefined, { rk: true }],
    ['discouraged', undefined, {}],
    ['discouraged', new Map<string, boolean>(), { rk: false }],
  ])('credProps: residentKey %s on a phone with options %j', (residentKey, phoneOptions, credProps) => {
    const phone = { ...info, options: phoneOptions ?? info.options }
    const asked = call({ authenticatorSelection: { residentKey }, extensions: { credProps: true } }, phone)
    const json = fromMakeCredential(chromiumCreate.response, asked)
    expect(json.clientExtensionResults).toEqual({ credProps })
  })

  test.each([
    [undefined, ['hybrid']],
    [
      ['usb', 'cable', 'hybrid', 'internal', 'telepathy'],
      ['hybrid', 'internal', 'usb'],
    ],
  ])('transports %j become %j', (transports, expected) => {
    const json = fromMakeCredential(chromiumCreate.response, call({}, { ...info, transports }))
    expect(json.response.transports).toEqual(expected)
  })
})
