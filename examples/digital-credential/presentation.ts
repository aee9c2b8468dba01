import type { X509Certificate } from '@peculiar/x509'
import type { JsonObject } from 'fido-hybrid'
import type { WalletRequest } from 'fido-hybrid/virtual'
import type { KeyPair } from './keys.js'
import type { StudentCard } from './student-card.js'

/** What is in the wallet, and whom it trusts. */
export interface WalletContents {
  readonly card: StudentCard
  /** The card is bound to them. */
  readonly keys: KeyPair
  /** Who vouches for verifiers that sign what they ask. */
  readonly verifierRoots: readonly X509Certificate[]
}

/** Makes what was asked for. It is called when the user has agreed. */
export type Presentation = () => Promise<JsonObject>

/**
 * Reads a request: whether the verifier may ask, and whether the card has what it asks for.
 * @throws Error when it may not, or has not.
 */
export type Prepare = (request: WalletRequest, contents: WalletContents) => Promise<Presentation>
