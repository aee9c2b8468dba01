import { UsageError } from '../errors.js'
import { toWebAuthnError } from '../webauthn/webauthn-error.js'
import { Credential } from './credential.js'
import type { CredentialCreationOptions, CredentialRequestOptions } from './credential-requests.js'
import type { AuthenticationCredential, RegistrationCredential } from './public-key-credential.js'
import type { RequestDesk } from './request-desk.js'
import type { DigitalCredential } from './digital-credential.js'
import { wantsDigital } from './digital-requests.js'
import type { DigitalRequestOptions } from './digital-requests.js'
import { refuseOutsiders, webInterface } from './web-interface.js'
import type { Inside } from './web-interface.js'

/**
 * `navigator.credentials` for passkeys (Credential Management Level 1 section 2.3). Made by `createCredentials`.
 *
 * @example
 * const credentials = createCredentials({ client, origin, onQr })
 * if (credentials instanceof CredentialsContainer) await credentials.create({ publicKey: creationOptions, signal })
 */
export class CredentialsContainer {
  readonly #desk: RequestDesk

  /** @internal */
  constructor(inside: Inside, desk: RequestDesk) {
    refuseOutsiders(inside)
    this.#desk = desk
  }

  /**
   * Registers a passkey.
   * @throws a WebAuthnError with the name that a browser would give, or the signal’s reason. `OperationError` while
   * another request is pending; `NotAllowedError` for `mediation: 'conditional'`; `NotSupportedError` without
   * `publicKey`.
   */
  create(options?: CredentialCreationOptions): Promise<RegistrationCredential>
  /** Has a digital credential made in a phone’s wallet. @throws as `get` does for one. */
  create(options: DigitalRequestOptions): Promise<DigitalCredential | null>
  async create(
    options: CredentialCreationOptions | DigitalRequestOptions = {},
  ): Promise<RegistrationCredential | DigitalCredential | null> {
    return wantsDigital(options)
      ? await this.#desk.digital('issuance', options)
      : await this.#desk.create(options)
  }

  /**
   * Signs in with a passkey.
   * @returns null for `mediation: 'silent'`. With `'conditional'` nothing is shown, and only the signal ends it.
   * @throws as `create` does.
   */
  get(options?: CredentialRequestOptions): Promise<AuthenticationCredential | null>
  /**
   * Asks a phone’s wallet for a digital credential (W3C Digital Credentials).
   * @returns null for `mediation: 'silent'`.
   * @throws as `client.getDigital` does; `InvalidStateError` while another request is pending. The page does not learn
   * why a wallet gave nothing.
   */
  get(options: DigitalRequestOptions): Promise<DigitalCredential | null>
  async get(
    options: CredentialRequestOptions | DigitalRequestOptions = {},
  ): Promise<AuthenticationCredential | DigitalCredential | null> {
    return wantsDigital(options)
      ? await this.#desk.digital('presentation', options)
      : await this.#desk.get(options)
  }

  /**
   * Passkeys are kept when they are made. @throws WebAuthnError `NotSupportedError`; TypeError for a value that is not
   * a credential of this library.
   */
  async store(credential: Credential): Promise<void> {
    if (!(credential instanceof Credential)) throw new TypeError('store takes a Credential')
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
