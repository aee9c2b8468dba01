import type * as Ecosystem from '@simplewebauthn/server'
import { expect, expectTypeOf, test } from 'vitest'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '../../src/webauthn/authentication-json.js'
import type {
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
} from '../../src/webauthn/registration-json.js'
import { typeCheck } from '../support/type-check.js'

// Checked by the compiler: what comes in takes what the others send, what goes out is what they take.
test('JSON types fit those of @simplewebauthn/server', () => {
  expectTypeOf<Ecosystem.PublicKeyCredentialCreationOptionsJSON>().toExtend<PublicKeyCredentialCreationOptionsJSON>()
  expectTypeOf<Ecosystem.PublicKeyCredentialRequestOptionsJSON>().toExtend<PublicKeyCredentialRequestOptionsJSON>()
  expectTypeOf<RegistrationResponseJSON>().toExtend<Ecosystem.RegistrationResponseJSON>()
  expectTypeOf<AuthenticationResponseJSON>().toExtend<Ecosystem.AuthenticationResponseJSON>()
})

const IN_A_BROWSER = `/// <reference lib="dom" />
import { HybridClient } from 'fido-hybrid'
import type { CeremonyOptions } from 'fido-hybrid'

/** The same options go to a phone as to PublicKeyCredential.parseCreationOptionsFromJSON(). */
export async function both(
  client: HybridClient,
  creation: PublicKeyCredentialCreationOptionsJSON,
  request: PublicKeyCredentialRequestOptionsJSON,
  ceremony: CeremonyOptions,
): Promise<void> {
  PublicKeyCredential.parseCreationOptionsFromJSON(creation)
  PublicKeyCredential.parseRequestOptionsFromJSON(request)
  await client.create(creation, { ...ceremony, fetchRelatedOrigins: fetch })
  await client.get(request, { ...ceremony, fetchRelatedOrigins: (url, init) => fetch(url, init) })
}
`

const IN_NODE = `import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server'
import type { CeremonyOptions, HybridClient } from 'fido-hybrid'

export async function register(client: HybridClient, ceremony: CeremonyOptions): Promise<void> {
  const options = await generateRegistrationOptions({
    rpName: 'Example',
    rpID: 'example.com',
    userName: 'ada',
    extensions: { credProps: true, prf: { eval: { first: new Uint8Array(32) } } },
  })
  const response = await client.create(options, { ...ceremony, fetchRelatedOrigins: fetch })
  await verifyRegistrationResponse({
    response,
    expectedChallenge: options.challenge,
    expectedOrigin: ceremony.origin,
  })
}
`

test.each([
  ['browser', IN_A_BROWSER],
  ['Node', IN_NODE],
])('options, responses and fetch of a %s fit as they are', (name, text) => {
  expect(typeCheck(new Map([[`types-of-${name.toLowerCase()}.ts`, text]]))).toEqual([])
})
