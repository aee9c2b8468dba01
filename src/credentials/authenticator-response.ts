import type { AuthenticatorAssertionResponseJSON } from '../webauthn/authentication-json.js'
import type { AuthenticatorAttestationResponseJSON } from '../webauthn/registration-json.js'
import { bufferOf } from './buffers.js'
import { refuseOutsiders, webInterface } from './web-interface.js'
import type { Inside } from './web-interface.js'

/**
 * What both responses have (WebAuthn L3 section 5.2).
 *
 * @example
 * const credentials = createCredentials({ client, origin, onQr })
 * const credential = await credentials.get({ publicKey: requestOptions })
 * if (credential?.response instanceof AuthenticatorResponse) console.log(credential.response.clientDataJSON.byteLength)
 */
export abstract class AuthenticatorResponse {
  readonly #clientDataJSON: ArrayBuffer

  /** @internal */
  constructor(inside: Inside, { clientDataJSON }: { readonly clientDataJSON: string }) {
    refuseOutsiders(inside)
    this.#clientDataJSON = bufferOf(clientDataJSON)
  }

  /** UTF-8. */
  get clientDataJSON(): ArrayBuffer {
    return this.#clientDataJSON
  }

  static {
    webInterface(AuthenticatorResponse)
  }
}

/**
 * The answer to a registration (WebAuthn L3 section 5.2.1). Only `create` makes one.
 *
 * @example
 * const credentials = createCredentials({ client, origin, onQr })
 * const { response } = await credentials.create({ publicKey: creationOptions })
 * if (response instanceof AuthenticatorAttestationResponse) console.log(response.getTransports())
 */
export class AuthenticatorAttestationResponse extends AuthenticatorResponse {
  readonly #attestationObject: ArrayBuffer
  readonly #json: AuthenticatorAttestationResponseJSON

  /** @internal */
  constructor(inside: Inside, json: AuthenticatorAttestationResponseJSON) {
    super(inside, json)
    this.#attestationObject = bufferOf(json.attestationObject)
    this.#json = json
  }

  /** CBOR. */
  get attestationObject(): ArrayBuffer {
    return this.#attestationObject
  }

  /** The authenticator’s transports, such as `hybrid` and `internal`: unique and sorted. */
  getTransports(): string[] {
    return [...this.#json.transports]
  }

  /** The authenticator data out of the attestation object; `decodeAuthenticatorData` reads it. */
  getAuthenticatorData(): ArrayBuffer {
    return bufferOf(this.#json.authenticatorData)
  }

  /** SubjectPublicKeyInfo; null for algorithms that this library does not know. */
  getPublicKey(): ArrayBuffer | null {
    const { publicKey } = this.#json
    return publicKey === undefined ? null : bufferOf(publicKey)
  }

  /** COSE algorithm identifier. */
  getPublicKeyAlgorithm(): number {
    return this.#json.publicKeyAlgorithm
  }

  static {
    webInterface(AuthenticatorAttestationResponse)
  }
}

/**
 * The answer to a sign-in (WebAuthn L3 section 5.2.2). Only `get` makes one.
 *
 * @example
 * const credentials = createCredentials({ client, origin, onQr })
 * const credential = await credentials.get({ publicKey: requestOptions })
 * if (credential?.response instanceof AuthenticatorAssertionResponse) console.log(credential.response.userHandle)
 */
export class AuthenticatorAssertionResponse extends AuthenticatorResponse {
  readonly #authenticatorData: ArrayBuffer
  readonly #signature: ArrayBuffer
  readonly #userHandle: ArrayBuffer | null

  /** @internal */
  constructor(inside: Inside, json: AuthenticatorAssertionResponseJSON) {
    super(inside, json)
    this.#authenticatorData = bufferOf(json.authenticatorData)
    this.#signature = bufferOf(json.signature)
    this.#userHandle = json.userHandle === undefined ? null : bufferOf(json.userHandle)
  }

  /** As it was signed, 37 bytes or more; `decodeAuthenticatorData` reads it. */
  get authenticatorData(): ArrayBuffer {
    return this.#authenticatorData
  }

  /** Over authenticator data ‖ SHA-256 of clientDataJSON, in the form of the passkey’s algorithm. */
  get signature(): ArrayBuffer {
    return this.#signature
  }

  /** 1 to 64 bytes; null where the authenticator names no user. */
  get userHandle(): ArrayBuffer | null {
    return this.#userHandle
  }

  static {
    webInterface(AuthenticatorAssertionResponse)
  }
}
