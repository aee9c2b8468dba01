import type {
  AuthenticationResponseJSON,
  Finding,
  ProgressEvent,
  CreationOptionsInput,
  RequestOptionsInput,
  RegistrationResponseJSON,
} from 'fido-hybrid'
import type { PromptView } from './prompt.js'

export type { Finding } from 'fido-hybrid'

/** Where the passkey is: on a phone that scans a QR code, or on the laptop itself. */
export type Device = 'phone' | 'this-computer'

/** What a page asks its laptop for; the laptop adds the page’s origin, as a browser does. */
export type CeremonyWish =
  | {
      readonly kind: 'create'
      readonly device: Device
      readonly options: CreationOptionsInput
    }
  | {
      readonly kind: 'get'
      readonly device: Device
      readonly options: RequestOptionsInput
    }

/** A failure in the library’s own words. */
export interface Failure {
  /** WebAuthn’s name for it. */
  readonly name: string
  readonly code: string
  readonly message: string
  readonly cure?: string
}

export type CeremonyOutcome =
  { readonly response: RegistrationResponseJSON | AuthenticationResponseJSON } | { readonly failure: Failure }

/** How a ceremony stands. */
export interface CeremonyState {
  readonly id: string
  readonly kind: CeremonyWish['kind']
  readonly device: Device
  readonly step: ProgressEvent['event'] | 'starting'
  /** The QR code, while a phone can answer it: its picture, and the text in it. */
  readonly qr?: { readonly picture: string; readonly text: string }
  /** What this computer asks its user. */
  readonly prompt?: PromptView
  readonly outcome?: CeremonyOutcome
}

export interface Readiness {
  readonly findings: readonly Finding[]
}
