import { UsageError } from '../errors.js'
import { toWebAuthnError } from '../webauthn/webauthn-error.js'
import type { CredentialCreationOptions, CredentialRequestOptions } from './credential-requests.js'
import type { AuthenticationCredential, RegistrationCredential } from './public-key-credential.js'
import type { RequestDesk } from './request-desk.js'
import { refuseOutsiders, webInterface } from './web-interface.js'
import type { Inside } from './web-interface.js'

/** `navigator.credentials` for passkeys (Credential Management Level 1 section 2.3). Made by `createCredentials`. */
export class CredentialsContainer {
  readonly #desk: RequestDesk

  constructor(inside: Inside, desk: RequestDesk) {
    refuseOutsiders(inside)
    this.#desk = desk
  }

  /**
   * Registers a passkey.
   * @throws what `instanceof WebAuthnError` holds for, or the signal’s reason: the names that browsers have. `OperationError` while
   * another request is pending; `NotAllowedError` for `mediation: 'conditional'`; `NotSupportedError` without `publicKey`.
   */
  async create(options: CredentialCreationOptions = {}): Promise<RegistrationCredential> {
    return await this.#desk.create(options)
  }

  /**
   * Signs in with a passkey.
   * @returns null for `mediation: 'silent'`. With `'conditional'` nothing is shown, and only the signal ends it.
   * @throws as `create` does.
   */
  async get(options: CredentialRequestOptions = {}): Promise<AuthenticationCredential | null> {
    return await this.#desk.get(options)
  }

  /** Passkeys are kept when they are made. @throws WebAuthnError `NotSupportedError`. */
  async store(_credential?: object): Promise<void> {
    const cause = new UsageError('options-unsupported', 'passkeys are made by create, never stored')
    throw await Promise.resolve(toWebAuthnError(cause, 'get'))
  }

  /** Passkeys are never used without their user. */
  async preventSilentAccess(): Promise<void> {
    await Promise.resolve()
  }

  static {
    webInterface(CredentialsContainer)
  }
}
