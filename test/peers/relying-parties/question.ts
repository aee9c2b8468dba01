import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '../../../src/index.js'

/** A passkey as a relying party keeps it; bytes in base64url. */
export interface PasskeyRecord {
  readonly id: string
  /** A COSE key. */
  readonly publicKey: string
  readonly counter: number
  readonly backupEligible: boolean
  readonly backedUp: boolean
}

/** What both ceremonies ask of a relying party. */
interface Expected {
  readonly origin: string
  /** The user must have been verified. */
  readonly userVerified: boolean
  /** The account’s user handle, base64url. */
  readonly user: string
}

export interface RegistrationQuestion extends Expected {
  readonly options: PublicKeyCredentialCreationOptionsJSON
  readonly response: RegistrationResponseJSON
  /** Trusted to vouch for authenticators, PEM. */
  readonly roots: readonly string[]
}

export interface SignInQuestion extends Expected {
  readonly options: PublicKeyCredentialRequestOptionsJSON & { readonly rpId: string }
  readonly response: AuthenticationResponseJSON
  readonly record: PasskeyRecord
  readonly roots: readonly []
}

/** What a relying party is asked: is this response the answer to these options? */
export type Question = RegistrationQuestion | SignInQuestion

interface Refused {
  readonly refused: string
}

export type RegistrationVerdict = Refused | { readonly format: string; readonly record: PasskeyRecord }

/** Not all libraries tell the counter. */
export type SignInVerdict = Refused | { readonly id: string; readonly counter?: number }

/** A library that verifies what our client gives to pages. */
export interface RelyingPartyPeer {
  judge(question: RegistrationQuestion): Promise<RegistrationVerdict>
  judge(question: SignInQuestion): Promise<SignInVerdict>
  close(): Promise<void>
}
