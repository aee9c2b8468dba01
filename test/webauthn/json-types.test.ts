import type * as Ecosystem from '@simplewebauthn/server'
import { expectTypeOf, test } from 'vitest'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '../../src/webauthn/authentication-json.js'
import type {
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
} from '../../src/webauthn/registration-json.js'

// Checked by the compiler: assignable both ways for what comes in, our way out for what goes out.
test('JSON types fit those of @simplewebauthn/server', () => {
  expectTypeOf<Ecosystem.PublicKeyCredentialCreationOptionsJSON>().toExtend<PublicKeyCredentialCreationOptionsJSON>()
  expectTypeOf<PublicKeyCredentialCreationOptionsJSON>().toExtend<Ecosystem.PublicKeyCredentialCreationOptionsJSON>()
  expectTypeOf<Ecosystem.PublicKeyCredentialRequestOptionsJSON>().toExtend<PublicKeyCredentialRequestOptionsJSON>()
  expectTypeOf<PublicKeyCredentialRequestOptionsJSON>().toExtend<Ecosystem.PublicKeyCredentialRequestOptionsJSON>()
  expectTypeOf<RegistrationResponseJSON>().toExtend<Ecosystem.RegistrationResponseJSON>()
  expectTypeOf<AuthenticationResponseJSON>().toExtend<Ecosystem.AuthenticationResponseJSON>()
})
