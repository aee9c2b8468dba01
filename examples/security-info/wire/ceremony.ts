import type {
  AuthenticationResponseJSON,
  ProgressEvent,
  CreationOptionsInput,
  DigitalCredentialOptions,
  DigitalCredentialResponse,
  RequestOptionsInput,
  RegistrationResponseJSON,
} from 'fido-hybrid'
import type { PromptView } from './prompt.js'

export type { Finding } from 'fido-hybrid'

/** Where the passkey is: on a phone that scans a QR code or is remembered, or on the device that shows the page. */
type Device = 'phone' | 'this-device'

/** What a page asks its device for; the device adds the page’s origin, as a browser does. */
export type CeremonyWish =
  | PasskeyWish
  /** A card of a phone’s wallet, which takes a QR code each time. */
  | { readonly kind: 'digital'; readonly device: 'phone'; readonly options: DigitalCredentialOptions }

/** A passkey, new or used. */
export type PasskeyWish = {
  readonly device: Device
  /** A phone that the laptop remembers: no QR code is shown. */
  readonly link?: string | undefined
} & (
  | { readonly kind: 'create'; readonly options: CreationOptionsInput }
  | { readonly kind: 'get'; readonly options: RequestOptionsInput }
)

/** A failure in the library’s own words. */
export interface Failure {
  /** WebAuthn’s name for it. */
  readonly name: string
  readonly code: string
  readonly message: string
  readonly cure?: string
}

/** What a device has for the site. */
export type CeremonyAnswer = RegistrationResponseJSON | AuthenticationResponseJSON | DigitalCredentialResponse

export type CeremonyOutcome = { readonly response: CeremonyAnswer } | { readonly failure: Failure }

/** Why a ceremony was given up: its user cancelled, its page was closed or loaded again, or another page began one. */
export type CeremonyEnd = 'cancelled' | 'page-left' | 'taken-over'

/** How a ceremony stands. */
export interface CeremonyState {
  readonly id: string
  readonly kind: CeremonyWish['kind']
  readonly device: Device
  readonly step: ProgressEvent['event'] | 'starting'
  /** The QR code, while a phone can answer it: its picture, and the text in it. */
  readonly qr?: { readonly picture: string; readonly text: string }
  /** What this device asks its user. */
  readonly prompt?: PromptView
  /** Waits for the site’s verdict, which the page brings. */
  readonly answer?: CeremonyAnswer
  readonly outcome?: CeremonyOutcome
}
