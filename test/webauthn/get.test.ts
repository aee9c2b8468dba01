import {
  generateAuthenticationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { describe, expect, test } from 'vitest'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import { decodeAuthenticatorData, encodeAuthenticatorData } from '../../src/ctap/authenticator-data.js'
import type { AuthenticatorData } from '../../src/ctap/authenticator-data.js'
import {
  decodeGetAssertionRequest,
  decodeGetAssertionResponse,
  encodeGetAssertionResponse,
} from '../../src/ctap/get-assertion.js'
import { decodeGetInfo } from '../../src/ctap/get-info.js'
import type { GetInfo } from '../../src/ctap/get-info.js'
import type { AuthenticationResponseJSON } from '../../src/webauthn/authentication-json.js'
import { fromGetAssertion, parseAuthentication, toGetAssertion } from '../../src/webauthn/get.js'
import type { GetAssertionCall } from '../../src/webauthn/get.js'
import { chromiumCreate, chromiumGet, iosGet } from '../ctap/recorded.js'
import { clientDataOf, pageBytes, pageText } from './ceremonies.js'

const { challenge, origin } = clientDataOf(chromiumGet)
const info = decodeGetInfo(chromiumGet.getInfo)
const credentialId = pageText(chromiumGet, 'rawId')
const recorded = decodeGetAssertionResponse(chromiumGet.response)

const call = async (changes: object = {}, phone: GetInfo = info): Promise<GetAssertionCall> =>
  toGetAssertion(
    await parseAuthentication({ challenge, rpId: 'localhost', ...changes }, { origin }),
    phone,
    nobleProvider,
  )

const answer = async (
  response: Uint8Array = chromiumGet.response,
  changes: object = {},
): Promise<AuthenticationResponseJSON> => fromGetAssertion(response, await call(changes))

const altered = (change: (data: AuthenticatorData) => Partial<AuthenticatorData>): Uint8Array => {
  const data = decodeAuthenticatorData(recorded.authData)
  return encodeGetAssertionResponse({
    ...recorded,
    authData: encodeAuthenticatorData({ ...data, ...change(data) }),
  })
}

const unnamed = encodeGetAssertionResponse({ ...recorded, credential: undefined })

const allow = (...ids: readonly string[]): object => ({
  allowCredentials: ids.map(id => ({ id, type: 'public-key' })),
})

describe('a sign-in recorded from Chromium', () => {
  test('makes the same request from the same options', async () => {
    const { authentication, request } = await call()
    expect(authentication.clientDataJSON).toEqual(pageBytes(chromiumGet, 'clientDataJSON'))
    expect(request).toEqual(chromiumGet.request)
  })

  test('gives the relying party what Chromium gave to the page', async () => {
    expect(await answer()).toEqual({
      id: chromiumGet.page['id'],
      rawId: credentialId,
      response: {
        clientDataJSON: pageText(chromiumGet, 'clientDataJSON'),
        authenticatorData: pageText(chromiumGet, 'authenticatorData'),
        signature: pageText(chromiumGet, 'signature'),
        userHandle: pageText(chromiumGet, 'userHandle'),
      },
      authenticatorAttachment: 'cross-platform',
      clientExtensionResults: {},
      type: 'public-key',
    })
  })

  test('is verified by a relying party that knows the registration', async () => {
    const registered = await verifyRegistrationResponse({
      response: {
        id: credentialId,
        rawId: credentialId,
        response: {
          clientDataJSON: pageText(chromiumCreate, 'clientDataJSON'),
          attestationObject: pageText(chromiumCreate, 'attestationObject'),
        },
        clientExtensionResults: {},
        type: 'public-key',
      },
      expectedChallenge: clientDataOf(chromiumCreate).challenge,
      expectedOrigin: clientDataOf(chromiumCreate).origin,
      expectedRPID: 'localhost',
    })
    if (registered.registrationInfo === undefined) throw new Error('the registration was not verified')
    const verified = await verifyAuthenticationResponse({
      response: await answer(),
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: 'localhost',
      credential: registered.registrationInfo.credential,
    })
    expect(verified.verified).toBe(true)
  })
})

test('the answer of an iPhone reaches the relying party', async () => {
  const ios = decodeGetInfo(iosGet.getInfo)
  const json = { challenge: 'LO8RyAt5P_f3yB4b28mgk5A6dKYsNlvRd4ONXTeEGlM' }
  const asked = await toGetAssertion(
    await parseAuthentication(json, { origin: 'https://example.com' }),
    ios,
    nobleProvider,
  )
  const { response, id } = await fromGetAssertion(iosGet.response, asked)
  expect(Buffer.from(id, 'base64url').toString('hex')).toMatch(/^6f5cd22b68bf.*fb2dc11ba$/)
  expect(response.userHandle).toBe(
    Buffer.from('8f417f87ef436e26721795a92a22233e9c5a20ca858115db9bcc2d49c3c97982', 'hex').toString(
      'base64url',
    ),
  )
})

describe('toGetAssertion', () => {
  test('takes options of @simplewebauthn/server as they are', async () => {
    const json = await generateAuthenticationOptions({
      rpID: 'example.com',
      allowCredentials: [{ id: 'AQID', transports: ['hybrid'] }],
    })
    const authentication = await parseAuthentication(json, { origin: 'https://example.com' })
    const { request } = await toGetAssertion(authentication, info, nobleProvider)
    expect(decodeGetAssertionRequest(request)).toMatchObject({
      rpId: 'example.com',
      allowList: [{ id: Uint8Array.of(1, 2, 3), type: 'public-key' }],
      up: true,
      uv: true,
    })
  })

  test('asks for verification only of a phone that offers it', async () => {
    const plain = { ...info, options: undefined }
    expect(decodeGetAssertionRequest((await call({}, plain)).request).uv).toBe(false)
    await expect(call({ userVerification: 'required' }, plain)).rejects.toThrow(
      expect.objectContaining({ code: 'feature-missing' }),
    )
  })
})

describe('fromGetAssertion', () => {
  const refused = async (response: Uint8Array, changes: object = {}): Promise<void> => {
    await expect(answer(response, changes)).rejects.toThrow(
      expect.objectContaining({ code: 'response-invalid' }),
    )
  }

  test('takes a credential of the allow list', async () => {
    expect((await answer(chromiumGet.response, allow('AQID', credentialId))).id).toBe(credentialId)
  })

  test('refuses a credential that was not allowed', async () => {
    await refused(chromiumGet.response, allow('AQID'))
  })

  test('an unnamed credential is the only one of the allow list', async () => {
    expect((await answer(unnamed, allow(credentialId))).rawId).toBe(credentialId)
    await refused(unnamed, allow(credentialId, 'AQID'))
    await refused(unnamed)
  })

  test('refuses an empty credential ID', async () => {
    await refused(
      encodeGetAssertionResponse({ ...recorded, credential: { id: new Uint8Array(), type: 'public-key' } }),
    )
  })

  test('refuses another relying party’s response and one without the user', async () => {
    await refused(altered(() => ({ rpIdHash: new Uint8Array(32) })))
    await refused(altered(({ flags }) => ({ flags: { ...flags, up: false } })))
  })

  test('refuses an unverified user only where verification is required', async () => {
    const response = altered(({ flags }) => ({ flags: { ...flags, uv: false } }))
    await refused(response, { userVerification: 'required' })
    expect((await answer(response)).response.signature).toBe(encodeBase64url(recorded.signature))
  })

  test('leaves the user handle out where the phone names no user of an allowed credential', async () => {
    const response = encodeGetAssertionResponse({ ...recorded, user: undefined })
    expect((await answer(response, allow(credentialId))).response).not.toHaveProperty('userHandle')
  })

  test('refuses an answer without a user where no credential was named', async () => {
    await refused(encodeGetAssertionResponse({ ...recorded, user: undefined }))
  })

  test.each([1, 63, 64])('takes a user handle of %i bytes', async length => {
    const user = { id: new Uint8Array(length).fill(7) }
    const { response } = await answer(encodeGetAssertionResponse({ ...recorded, user }))
    expect(response.userHandle).toBe(encodeBase64url(user.id))
  })

  test('refuses a user handle of 65 bytes, asked for by list or not', async () => {
    const response = encodeGetAssertionResponse({ ...recorded, user: { id: new Uint8Array(65) } })
    await refused(response)
    await refused(response, allow(credentialId))
  })

  test.each(['public-keys', 'Public-Key', ''])('refuses a credential of the type %j', async type => {
    const id = Buffer.from(credentialId, 'base64url')
    await refused(encodeGetAssertionResponse({ ...recorded, credential: { id, type } }))
  })

  // ML-DSA-44, -65 and -87 (FIPS 204 table 2), and the bound.
  test.each([1, 2420, 3309, 4627, 8191, 8192])('takes a signature of %i bytes', async length => {
    const signature = new Uint8Array(length).fill(7)
    const { response } = await answer(encodeGetAssertionResponse({ ...recorded, signature }))
    expect(response.signature).toBe(encodeBase64url(signature))
  })

  test.each([0, 8193, 60_000])('refuses a signature of %i bytes', async length => {
    await refused(encodeGetAssertionResponse({ ...recorded, signature: new Uint8Array(length) }))
  })

  test.each([1, 1022, 1023])('takes a credential ID of %i bytes', async length => {
    const id = new Uint8Array(length).fill(7)
    const response = encodeGetAssertionResponse({ ...recorded, credential: { id, type: 'public-key' } })
    expect((await answer(response)).id).toBe(encodeBase64url(id))
  })

  test('refuses a credential ID of 1,024 bytes', async () => {
    const credential = { id: new Uint8Array(1024), type: 'public-key' }
    await refused(encodeGetAssertionResponse({ ...recorded, credential }))
  })
})
