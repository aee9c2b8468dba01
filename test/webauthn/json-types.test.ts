import type * as Browser from '@simplewebauthn/browser'
import type * as Ecosystem from '@simplewebauthn/server'
import { expect, expectTypeOf, test } from 'vitest'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RequestOptionsInput,
} from '../../src/webauthn/authentication-json.js'
import type {
  CreationOptionsInput,
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
} from '../../src/webauthn/registration-json.js'
import { typeCheck } from '../support/type-check.js'

// Checked by the compiler: what comes in takes what the others send, what goes out is what they take.
test('JSON types fit those of @simplewebauthn', () => {
  expectTypeOf<Ecosystem.PublicKeyCredentialCreationOptionsJSON>().toExtend<CreationOptionsInput>()
  expectTypeOf<Ecosystem.PublicKeyCredentialRequestOptionsJSON>().toExtend<RequestOptionsInput>()
  expectTypeOf<Browser.PublicKeyCredentialCreationOptionsJSON>().toExtend<CreationOptionsInput>()
  expectTypeOf<Browser.PublicKeyCredentialRequestOptionsJSON>().toExtend<RequestOptionsInput>()
  expectTypeOf<PublicKeyCredentialCreationOptionsJSON>().toExtend<CreationOptionsInput>()
  expectTypeOf<PublicKeyCredentialRequestOptionsJSON>().toExtend<RequestOptionsInput>()
  expectTypeOf<RegistrationResponseJSON>().toExtend<Ecosystem.RegistrationResponseJSON>()
  expectTypeOf<AuthenticationResponseJSON>().toExtend<Ecosystem.AuthenticationResponseJSON>()
})

const IN_A_BROWSER = `/// <reference lib="dom" />
import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import type * as Ours from 'fido-hybrid'
import type { RelyingParty } from 'fido-hybrid/testing'

export type Mine = Ours.PublicKeyCredentialCreationOptionsJSON

/** The same options go to a phone as to the browser. */
export async function both(
  client: Ours.HybridClient,
  creation: PublicKeyCredentialCreationOptionsJSON,
  request: PublicKeyCredentialRequestOptionsJSON,
  ceremony: Ours.CeremonyOptions,
): Promise<void> {
  PublicKeyCredential.parseCreationOptionsFromJSON(creation)
  PublicKeyCredential.parseRequestOptionsFromJSON(request)
  await client.create(creation, { ...ceremony, fetchRelatedOrigins: fetch })
  await client.get(request, { ...ceremony, fetchRelatedOrigins: (url, init) => fetch(url, init) })
}

/** JSON options are the browser’s, both ways. */
export function ours(creation: PublicKeyCredentialCreationOptionsJSON): Ours.PublicKeyCredentialCreationOptionsJSON {
  return creation
}
export function theirs(creation: Ours.PublicKeyCredentialCreationOptionsJSON): PublicKeyCredentialCreationOptionsJSON {
  return creation
}
export function oursToGet(request: PublicKeyCredentialRequestOptionsJSON): Ours.PublicKeyCredentialRequestOptionsJSON {
  return request
}
export function theirsToGet(request: Ours.PublicKeyCredentialRequestOptionsJSON): PublicKeyCredentialRequestOptionsJSON {
  return request
}

/** The relying party serves each of the three. */
export async function served(
  party: RelyingParty,
  client: Ours.HybridClient,
  ceremony: Ours.CeremonyOptions,
  made: PublicKeyCredential,
): Promise<void> {
  const creation = await party.creationOptions()
  PublicKeyCredential.parseCreationOptionsFromJSON(creation)
  await party.register(await startRegistration({ optionsJSON: creation }))
  await party.register(await client.create(creation, ceremony))
  await party.register(made.toJSON())
  const request = await party.requestOptions()
  PublicKeyCredential.parseRequestOptionsFromJSON(request)
  await party.signIn(await startAuthentication({ optionsJSON: request }))
  await party.signIn(await client.get(request, ceremony))
  await party.signIn(made.toJSON())
}
`

const IN_NODE = `import { generateAuthenticationOptions, generateRegistrationOptions } from '@simplewebauthn/server'
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server'
import type { WebAuthnCredential } from '@simplewebauthn/server'
import type { CeremonyOptions, HybridClient } from 'fido-hybrid'

const prf = { eval: { first: new Uint8Array(32) } }

export async function register(client: HybridClient, ceremony: CeremonyOptions): Promise<void> {
  const options = await generateRegistrationOptions({
    rpName: 'Example',
    rpID: 'example.com',
    userName: 'ada',
    extensions: { credProps: true, prf },
  })
  const response = await client.create(options, { ...ceremony, fetchRelatedOrigins: fetch })
  await verifyRegistrationResponse({
    response,
    expectedChallenge: options.challenge,
    expectedOrigin: ceremony.origin,
  })
}

export async function signIn(
  client: HybridClient,
  ceremony: CeremonyOptions,
  credential: WebAuthnCredential,
): Promise<void> {
  const options = await generateAuthenticationOptions({ rpID: 'example.com', extensions: { prf } })
  await verifyAuthenticationResponse({
    response: await client.get(options, ceremony),
    credential,
    expectedChallenge: options.challenge,
    expectedOrigin: ceremony.origin,
    expectedRPID: 'example.com',
  })
}
`

test.each([
  ['browser', IN_A_BROWSER],
  ['Node', IN_NODE],
])('options, responses and fetch of a %s fit as they are', (name, text) => {
  expect(typeCheck(new Map([[`types-of-${name.toLowerCase()}.ts`, text]]))).toEqual([])
})
