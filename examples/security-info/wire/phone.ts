import type { ProgressEvent } from 'fido-hybrid'
import type { PhoneProfileName } from 'fido-hybrid/virtual'
import type { Failure } from './ceremony.js'
import type { PromptView } from './prompt.js'
import type { PhoneCard } from './student-card.js'

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

/** A laptop that remembers this phone. */
export interface LinkedLaptop {
  /** base64url. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly linkedAt: number
}

/** What became of the last request. */
export type PhoneOutcome =
  | {
      readonly kind: 'registered' | 'signed-in' | 'unconfirmed'
      readonly rpId: string
      readonly userName: string
    }
  | { readonly kind: 'card-shown'; readonly rpId: string }
  | {
      readonly kind:
        | 'card-kept'
        | 'no-card'
        | 'refused'
        | 'provider-off'
        | 'no-passkey'
        | 'already-registered'
        | 'removed'
        | 'deleted'
        | 'not-taken'
    }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** What the phone page shows. */
export interface PhoneState {
  readonly profile: PhoneProfileName
  readonly passkeys: readonly PhonePasskey[]
  /** In its wallet. */
  readonly card: PhoneCard
  /** The latest step, while a request is being answered. */
  readonly step?: ProgressEvent['event'] | 'starting'
  readonly prompt?: PromptView
  readonly outcome?: PhoneOutcome
  /** The latest text message. */
  readonly message?: string
  /** Whether its settings let it keep passkeys. */
  readonly isProvider: boolean
  /** Whether laptops can remember this phone; those that do. */
  readonly canBeRemembered: boolean
  readonly laptops: readonly LinkedLaptop[]
  /** Whether they can call it now. */
  readonly isReachable: boolean
  /** The connection will break right after the next passkey was saved. */
  readonly losesConnection: boolean
}
