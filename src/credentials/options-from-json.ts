import { HybridError } from '../errors.js'
import { jsonOptions } from '../webauthn/option-dictionaries.js'
import type { Conversion } from '../webauthn/web-idl.js'
import { toWebAuthnError } from '../webauthn/webauthn-error.js'
import { asPage } from './buffers.js'
import type {
  PublicKeyCredentialCreationOptions,
  PublicKeyCredentialRequestOptions,
} from './page-dictionaries.js'

/**
 * Reads options that came as JSON.
 * @throws WebAuthnError `EncodingError` for broken base64url, else `TypeError`.
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
