import type {
  AuthenticatorAttachment,
  Base64URLString,
  OrOther,
  PublicKeyCredentialDescriptorJSON,
  PublicKeyCredentialHint,
  UserVerificationRequirement,
} from './credential-json.js'
import type {
  AuthenticationExtensionsClientInputs,
  AuthenticationExtensionsClientInputsJSON,
  AuthenticationExtensionsClientOutputs,
} from './extensions-json.js'

/** What a relying party sends to have its user sign in (WebAuthn L3 section 5.1.10). */
export interface PublicKeyCredentialRequestOptionsJSON {
  challenge: Base64URLString
  /** Milliseconds. */
  timeout?: number
  rpId?: string
  /** Absent or empty: any passkey of the relying party. */
  allowCredentials?: PublicKeyCredentialDescriptorJSON[]
  userVerification?: OrOther<UserVerificationRequirement>
  hints?: OrOther<PublicKeyCredentialHint>[]
  extensions?: AuthenticationExtensionsClientInputsJSON
}

/** What `get` takes: the JSON, or the same with bytes in its extensions, as `@simplewebauthn/server` declares them. */
export interface RequestOptionsInput extends Omit<PublicKeyCredentialRequestOptionsJSON, 'extensions'> {
  extensions?: AuthenticationExtensionsClientInputs
}

/** The authenticator’s answer to a sign-in. */
export interface AuthenticatorAssertionResponseJSON {
  clientDataJSON: Base64URLString
  authenticatorData: Base64URLString
  signature: Base64URLString
  userHandle?: Base64URLString
}

/** What a relying party gets back and verifies (WebAuthn L3 section 5.1). */
export interface AuthenticationResponseJSON {
  id: Base64URLString
  rawId: Base64URLString
  response: AuthenticatorAssertionResponseJSON
  /** `platform` only from a `LocalClient`. */
  authenticatorAttachment: AuthenticatorAttachment
  clientExtensionResults: AuthenticationExtensionsClientOutputs
  type: 'public-key'
}
