import type { AuthenticationResponseJSON } from '../webauthn/authentication-json.js'
import type { AuthenticatorAttachment } from '../webauthn/credential-json.js'
import type { RegistrationResponseJSON } from '../webauthn/registration-json.js'
import { AuthenticatorAssertionResponse, AuthenticatorAttestationResponse } from './authenticator-response.js'
import { bufferOf, pageOutputs } from './buffers.js'
import { Credential } from './credential.js'
import { parseCreationOptionsFromJSON, parseRequestOptionsFromJSON } from './options-from-json.js'
import type {
  PageExtensionOutputs,
  PublicKeyCredentialCreationOptions,
  PublicKeyCredentialRequestOptions,
} from './page-dictionaries.js'
import { INSIDE, webInterface } from './web-interface.js'
import type { Inside } from './web-interface.js'

type SomeResponse = AuthenticatorAttestationResponse | AuthenticatorAssertionResponse
type SomeJson = RegistrationResponseJSON | AuthenticationResponseJSON

/**
 * A passkey’s answer (WebAuthn L3 section 5.1). Only `create` and `get` make one.
 *
 * @example
 * const credentials = createCredentials({ client, origin, onQr })
 * const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(requestOptions)
 * const credential = await credentials.get({ publicKey })
 * console.log(JSON.stringify(credential?.toJSON()))
 */
export class PublicKeyCredential<
  Response extends SomeResponse = SomeResponse,
  Json extends SomeJson = SomeJson,
> extends Credential {
  readonly #rawId: ArrayBuffer
  readonly #response: Response
  readonly #json: Json

  /** @internal */
  constructor(inside: Inside, json: Json, response: Response) {
    super(inside, json.id)
    this.#rawId = bufferOf(json.rawId)
    this.#response = response
    this.#json = json
  }

  /** The credential ID, 16 to 1023 bytes; `id` is the same in base64url. */
  get rawId(): ArrayBuffer {
    return this.#rawId
  }

  /** An `AuthenticatorAttestationResponse` from `create`, an `AuthenticatorAssertionResponse` from `get`. */
  get response(): Response {
    return this.#response
  }

  /** `cross-platform` from a phone, `platform` from this device. */
  get authenticatorAttachment(): AuthenticatorAttachment | null {
    return this.#json.authenticatorAttachment
  }

  /** What extensions gave, with bytes as `ArrayBuffer`. */
  getClientExtensionResults(): PageExtensionOutputs {
    return pageOutputs(this.#json.clientExtensionResults)
  }

  /** The response as the relying party takes it over HTTP. */
  toJSON(): Json {
    return structuredClone(this.#json)
  }

  /** Options that came as JSON, for `create`. @throws WebAuthnError `EncodingError`; TypeError. */
  static parseCreationOptionsFromJSON(json: unknown): PublicKeyCredentialCreationOptions<ArrayBuffer> {
    return parseCreationOptionsFromJSON(json)
  }

  /** Options that came as JSON, for `get`. @throws WebAuthnError `EncodingError`; TypeError. */
  static parseRequestOptionsFromJSON(json: unknown): PublicKeyCredentialRequestOptions<ArrayBuffer> {
    return parseRequestOptionsFromJSON(json)
  }

  static {
    webInterface(PublicKeyCredential)
  }
}

/** The result of `create`. */
export type RegistrationCredential = PublicKeyCredential<
  AuthenticatorAttestationResponse,
  RegistrationResponseJSON
>

/** The result of `get`. */
export type AuthenticationCredential = PublicKeyCredential<
  AuthenticatorAssertionResponse,
  AuthenticationResponseJSON
>

/** A class whose objects are made here. */
type CredentialClass = typeof PublicKeyCredential

/** A class of one container’s own. */
export function ownClass(): CredentialClass {
  const own = class<Response extends SomeResponse, Json extends SomeJson> extends PublicKeyCredential<
    Response,
    Json
  > {}
  Object.defineProperty(own, 'name', { value: PublicKeyCredential.name })
  webInterface(own)
  return own
}

export function registrationCredential(
  type: CredentialClass,
  json: RegistrationResponseJSON,
): RegistrationCredential {
  return new type(INSIDE, json, new AuthenticatorAttestationResponse(INSIDE, json.response))
}

export function authenticationCredential(
  type: CredentialClass,
  json: AuthenticationResponseJSON,
): AuthenticationCredential {
  return new type(INSIDE, json, new AuthenticatorAssertionResponse(INSIDE, json.response))
}
