import type { CeremonyOptions, CeremonySettings } from '../client/ceremony.js'
import type { DigitalCeremonyOptions } from '../client/digital-ceremony.js'
import type { DigitalCredentialOptions } from '../digital/digital-request.js'
import type { DigitalCredentialResponse } from '../digital/digital-response.js'
import type { Qr } from '../client/qr.js'
import type { SignalOrigin } from '../client/signal-origin.js'
import type {
  AllAcceptedCredentialsOptions,
  CurrentUserDetailsOptions,
  UnknownCredentialOptions,
} from '../ports/credential-signals.js'
import type { Link } from '../ports/link-store.js'
import type { AuthenticationResponseJSON, RequestOptionsInput } from '../webauthn/authentication-json.js'
import type { ClientCapabilities } from '../webauthn/client-capabilities.js'
import type { AuthenticatorAttachment } from '../webauthn/credential-json.js'
import type { CreationOptionsInput, RegistrationResponseJSON } from '../webauthn/registration-json.js'

/** What a client hears of a request beside its options. */
export type RequestCeremony =
  CeremonyOptions | (CeremonySettings & { readonly onQr?: undefined; readonly link?: undefined })

/**
 * Makes passkeys and signs in with them: a `HybridClient`, a `LocalClient`, or a client of your own, such as one in
 * another process. It rejects with a `WebAuthnError`, or with the reason of the ceremony’s signal.
 */
export interface CredentialClient {
  /** Which authenticators it reaches; undefined where it reaches both. */
  readonly attachment?: AuthenticatorAttachment | undefined
  /** Registers a passkey, as `HybridClient.create` does. */
  create(options: CreationOptionsInput, ceremony: RequestCeremony): Promise<RegistrationResponseJSON>
  /** Signs in with a passkey, as `HybridClient.get` does. */
  get(options: RequestOptionsInput, ceremony: RequestCeremony): Promise<AuthenticationResponseJSON>
  /** Asks a phone’s wallet for a digital credential. Without it, such requests go to other clients. */
  getDigital?(
    options: DigitalCredentialOptions,
    ceremony: DigitalCeremonyOptions,
  ): Promise<DigitalCredentialResponse>
  /** Has a digital credential made in a phone’s wallet. */
  createDigital?(
    options: DigitalCredentialOptions,
    ceremony: DigitalCeremonyOptions,
  ): Promise<DigitalCredentialResponse>
  /** Unless given, what any phone can do. */
  getClientCapabilities?(): Promise<ClientCapabilities>
  /**
   * Removes a passkey that its relying party does not know. Each signal method checks that the origin may claim the RP
   * ID. A client without these methods gets no signals.
   */
  signalUnknownCredential?(options: UnknownCredentialOptions, from: SignalOrigin): Promise<void>
  /** Removes the passkeys of a user that the relying party does not list. */
  signalAllAcceptedCredentials?(options: AllAcceptedCredentialsOptions, from: SignalOrigin): Promise<void>
  /** Renames a user. */
  signalCurrentUserDetails?(options: CurrentUserDetailsOptions, from: SignalOrigin): Promise<void>
}

/** How a client reaches a phone. */
export interface PhoneOptions {
  /** Shows the QR code of a `HybridClient`; not called for a `LocalClient`. */
  readonly onQr?: ((qr: Qr) => unknown) | undefined
  /** A linked phone, from `client.links()`, instead of a QR code. */
  readonly link?: Link | undefined
}

/** One of several clients. */
export interface NamedClient extends PhoneOptions {
  /** As people know it, such as `This device` or `Phone`. */
  readonly name: string
  readonly client: CredentialClient
}
