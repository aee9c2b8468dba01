import { HybridError } from '../errors.js'
import type {
  AuthenticatorAttachment,
  OrOther,
  PublicKeyCredentialHint,
  UserVerificationRequirement,
} from '../webauthn/credential-json.js'
import type { ClientInputs } from '../webauthn/extensions-json.js'
import { jsonOptions } from '../webauthn/option-dictionaries.js'
import type {
  AttestationConveyancePreference,
  ResidentKeyRequirement,
} from '../webauthn/registration-json.js'
import type { Conversion } from '../webauthn/web-idl.js'
import { toWebAuthnError } from '../webauthn/webauthn-error.js'
import { asPage } from './buffers.js'

/** Bytes as a page has them. */
export type BufferSource = ArrayBuffer | ArrayBufferView

/** Names one credential (WebAuthn L3 section 5.8.3). */
export interface PublicKeyCredentialDescriptor<Bytes = BufferSource> {
  id: Bytes
  type: 'public-key'
  transports?: string[] | undefined
}

/** What a page gives to `create` (WebAuthn L3 section 5.4). */
export interface PublicKeyCredentialCreationOptions<Bytes = BufferSource> {
  rp: { id?: string | undefined; name: string }
  /** The `id` has 1 to 64 bytes. */
  user: { id: Bytes; name: string; displayName: string }
  challenge: Bytes
  pubKeyCredParams: { alg: number; type: 'public-key' }[]
  /** Milliseconds. */
  timeout?: number | undefined
  excludeCredentials?: PublicKeyCredentialDescriptor<Bytes>[] | undefined
  authenticatorSelection?:
    | {
        authenticatorAttachment?: AuthenticatorAttachment | undefined
        residentKey?: ResidentKeyRequirement | undefined
        requireResidentKey?: boolean | undefined
        userVerification?: UserVerificationRequirement | undefined
      }
    | undefined
  hints?: OrOther<PublicKeyCredentialHint>[] | undefined
  attestation?: AttestationConveyancePreference | undefined
  attestationFormats?: string[] | undefined
  extensions?: ClientInputs<Bytes> | undefined
}

/** What a page gives to `get` (WebAuthn L3 section 5.5). */
export interface PublicKeyCredentialRequestOptions<Bytes = BufferSource> {
  challenge: Bytes
  /** Milliseconds. */
  timeout?: number | undefined
  rpId?: string | undefined
  /** Absent or empty: any passkey of the relying party. */
  allowCredentials?: PublicKeyCredentialDescriptor<Bytes>[] | undefined
  userVerification?: UserVerificationRequirement | undefined
  hints?: OrOther<PublicKeyCredentialHint>[] | undefined
  extensions?: ClientInputs<Bytes> | undefined
}

/**
 * Reads options that came as JSON.
 * @throws what `instanceof WebAuthnError` holds for: `EncodingError` for broken base64url, else `TypeError`.
 */
export function parseCreationOptionsFromJSON(json: unknown): PublicKeyCredentialCreationOptions<ArrayBuffer>
export function parseCreationOptionsFromJSON(json: unknown): object {
  return parsed(jsonOptions.creation, json)
}

/** Reads options that came as JSON. @throws as `parseCreationOptionsFromJSON` does. */
export function parseRequestOptionsFromJSON(json: unknown): PublicKeyCredentialRequestOptions<ArrayBuffer>
export function parseRequestOptionsFromJSON(json: unknown): object {
  return parsed(jsonOptions.request, json)
}

function parsed(type: Conversion<object>, json: unknown): object {
  try {
    return asPage(type(json, 'options'))
  } catch (error) {
    throw error instanceof HybridError ? toWebAuthnError(error, 'get') : error
  }
}
