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

/** How much the relying party wants to know of the authenticator’s make. */
export type AttestationConveyancePreference = 'none' | 'indirect' | 'direct' | 'enterprise'

/** Whether the credential is to be discoverable, so that it works without a list of credentials. */
export type ResidentKeyRequirement = 'discouraged' | 'preferred' | 'required'

/** Registered attestation statement formats. */
export type AttestationFormat =
  'fido-u2f' | 'packed' | 'android-safetynet' | 'android-key' | 'tpm' | 'apple' | 'none'

/** The account that gets a passkey. */
export interface PublicKeyCredentialUserEntityJSON {
  /** 1 to 64 bytes. */
  id: Base64URLString
  name: string
  displayName: string
}

/** Which authenticators will do. */
export interface AuthenticatorSelectionCriteria {
  authenticatorAttachment?: AuthenticatorAttachment
  residentKey?: ResidentKeyRequirement
  requireResidentKey?: boolean
  userVerification?: UserVerificationRequirement
}

/** What a relying party sends to have a passkey made (WebAuthn L3 section 5.1.9). */
export interface PublicKeyCredentialCreationOptionsJSON {
  rp: { id?: string; name: string }
  user: PublicKeyCredentialUserEntityJSON
  challenge: Base64URLString
  pubKeyCredParams: { alg: number; type: 'public-key' }[]
  /** Milliseconds. */
  timeout?: number
  excludeCredentials?: PublicKeyCredentialDescriptorJSON[]
  authenticatorSelection?: AuthenticatorSelectionCriteria
  hints?: OrOther<PublicKeyCredentialHint>[]
  attestation?: OrOther<AttestationConveyancePreference>
  attestationFormats?: OrOther<AttestationFormat>[]
  extensions?: AuthenticationExtensionsClientInputsJSON
}

type Loosened = 'authenticatorSelection' | 'extensions' | 'pubKeyCredParams'

/**
 * What `create` takes: the JSON, or the same with bytes in its extensions, as `@simplewebauthn/server` declares them, and
 * with words of the future.
 */
export interface CreationOptionsInput extends Omit<PublicKeyCredentialCreationOptionsJSON, Loosened> {
  pubKeyCredParams: { alg: number; type: OrOther<'public-key'> }[]
  authenticatorSelection?: {
    authenticatorAttachment?: OrOther<AuthenticatorAttachment>
    residentKey?: OrOther<ResidentKeyRequirement>
    requireResidentKey?: boolean
    userVerification?: OrOther<UserVerificationRequirement>
  }
  extensions?: AuthenticationExtensionsClientInputs
}

/** The authenticator’s answer to a registration. */
export interface AuthenticatorAttestationResponseJSON {
  clientDataJSON: Base64URLString
  attestationObject: Base64URLString
  authenticatorData: Base64URLString
  transports: string[]
  /** COSE algorithm identifier. */
  publicKeyAlgorithm: number
  /** SubjectPublicKeyInfo; absent for algorithms that this library does not know. */
  publicKey?: Base64URLString
}

/** What a relying party gets back and verifies (WebAuthn L3 section 5.1). */
export interface RegistrationResponseJSON {
  id: Base64URLString
  rawId: Base64URLString
  response: AuthenticatorAttestationResponseJSON
  /** `platform` only from a `LocalClient`. */
  authenticatorAttachment: AuthenticatorAttachment
  clientExtensionResults: AuthenticationExtensionsClientOutputs
  type: 'public-key'
}
