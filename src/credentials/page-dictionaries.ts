import type {
  AuthenticatorAttachment,
  AuthenticatorTransport,
  OrOther,
  PublicKeyCredentialHint,
  UserVerificationRequirement,
} from '../webauthn/credential-json.js'
import type { ClientInputs } from '../webauthn/extensions-json.js'
import type {
  AttestationConveyancePreference,
  ResidentKeyRequirement,
} from '../webauthn/registration-json.js'

/** Bytes as a page has them. */
export type BufferSource = ArrayBuffer | ArrayBufferView

/** Names one credential (WebAuthn L3 section 5.8.3). */
export interface PublicKeyCredentialDescriptor<Bytes = BufferSource> {
  id: Bytes
  type: 'public-key'
  /** Without `smart-card`, which TypeScript’s own DOM types lack. */
  transports?: Exclude<AuthenticatorTransport, 'smart-card'>[]
}

/** Inputs of extensions as a page has them. */
export interface PageExtensionInputs<Bytes = BufferSource> extends Omit<
  ClientInputs<Bytes>,
  'credentialProtectionPolicy'
> {
  /** One of the words of `CredentialProtectionPolicy`. */
  credentialProtectionPolicy?: string
}

/** What a page gives to `create` (WebAuthn L3 section 5.4). */
export interface PublicKeyCredentialCreationOptions<Bytes = BufferSource> {
  rp: { id?: string; name: string }
  /** The `id` has 1 to 64 bytes. */
  user: { id: Bytes; name: string; displayName: string }
  challenge: Bytes
  pubKeyCredParams: { alg: number; type: 'public-key' }[]
  /** Milliseconds. */
  timeout?: number
  excludeCredentials?: PublicKeyCredentialDescriptor<Bytes>[]
  authenticatorSelection?: {
    authenticatorAttachment?: AuthenticatorAttachment
    residentKey?: ResidentKeyRequirement
    requireResidentKey?: boolean
    userVerification?: UserVerificationRequirement
  }

  hints?: OrOther<PublicKeyCredentialHint>[]
  attestation?: AttestationConveyancePreference
  attestationFormats?: string[]
  extensions?: PageExtensionInputs<Bytes>
}

/** What a page gives to `get` (WebAuthn L3 section 5.5). */
export interface PublicKeyCredentialRequestOptions<Bytes = BufferSource> {
  challenge: Bytes
  /** Milliseconds. */
  timeout?: number
  rpId?: string
  /** Absent or empty: any passkey of the relying party. */
  allowCredentials?: PublicKeyCredentialDescriptor<Bytes>[]
  userVerification?: UserVerificationRequirement
  hints?: OrOther<PublicKeyCredentialHint>[]
  extensions?: PageExtensionInputs<Bytes>
}

/** Outputs of extensions as a page has them. */
export interface PageExtensionOutputs {
  credProps?: { rk?: boolean }
  prf?: {
    enabled?: boolean
    /** 32 bytes each. */
    results?: { first: ArrayBuffer; second?: ArrayBuffer }
  }
  largeBlob?: { supported?: boolean; blob?: ArrayBuffer; written?: boolean }
  credBlob?: boolean
  remoteClientDataJSON?: boolean
}
