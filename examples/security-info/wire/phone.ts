import type { ProgressEvent } from 'fido-hybrid'
import type { PhoneProfileName } from 'fido-hybrid/virtual'
import type { Failure } from './laptop.js'
import type { PromptView } from './prompt.js'

export type { PhoneProfileName } from 'fido-hybrid/virtual'

/** A passkey on the phone. All text is harmless. */
export interface PhonePasskey {
  /** base64url. */
  readonly credentialId: string
  readonly rpId: string
  readonly rpName: string
  readonly userName: string
  readonly displayName: string
  readonly createdAt: number
  /** False: nobody knows whether the site ever learned of it. */
  readonly isConfirmed: boolean
  readonly isSynced: boolean
}

/** What became of the last QR code. */
export type ScanOutcome =
  | {
      readonly kind: 'registered' | 'signed-in' | 'unconfirmed'
      readonly rpId: string
      readonly userName: string
    }
  | { readonly kind: 'refused' | 'no-passkey' | 'already-registered' | 'removed' }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** What the phone page shows. */
export interface PhoneState {
  readonly profile: PhoneProfileName
  readonly passkeys: readonly PhonePasskey[]
  /** The latest step, while a QR code is being answered. */
  readonly step?: ProgressEvent['event'] | 'starting'
  readonly prompt?: PromptView
  readonly outcome?: ScanOutcome
  /** The connection will break right after the next passkey was saved. */
  readonly losesConnection: boolean
}
