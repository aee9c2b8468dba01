import { encodeBase64url } from '../bytes/base64url.js'
import type { CryptoProvider, EcdhKey } from '../crypto/provider.js'
import type { PinUvAuthProtocol } from '../ctap/pin-uv-auth-protocol.js'
import type { Random } from '../ports/clock.js'
import type { CredentialStore, StoredCredential } from '../ports/credential-store.js'
import type { Attestation } from './attestation.js'
import type { Consent } from './consent.js'
import type { UnfetchedAssertions } from './next-assertion.js'
import type { AccountChoice, Backup, PhoneProfile, SignCounter } from './phone-profile.js'
import type { UnconfirmedRegistrations } from './unconfirmed-registrations.js'

/**
 * Something that happened to a passkey, told after the store has kept it. `unconfirmed`: its registration was cut off,
 * so that the relying party may not know it.
 */
export interface VirtualEvent {
  /** What happened. */
  readonly event: 'registered' | 'signed-in' | 'unconfirmed'
  /** The RP ID of the passkey. */
  readonly rpId: string
  /** base64url. */
  readonly credentialId: string
  /** Such as an e-mail address; may be empty. */
  readonly userName: string
}

/** The event that reports a change of a passkey. */
export function virtualEvent(event: VirtualEvent['event'], credential: StoredCredential): VirtualEvent {
  const { rpId, userName } = credential
  return { event, rpId, credentialId: encodeBase64url(credential.credentialId), userName }
}

/** What both ceremonies work with. */
export interface VirtualDevice {
  readonly store: CredentialStore
  readonly consent: Consent
  readonly random: Random
  readonly crypto: CryptoProvider
  readonly profile: PhoneProfile
  /** 16 bytes, in new passkeys. */
  readonly aaguid: Uint8Array
  /** COSE identifiers, for new passkeys. */
  readonly algorithms: readonly number[]
  /** Names of those that the profile’s getInfo lists. */
  readonly extensions: ReadonlySet<string>
  readonly attestation: Attestation
  readonly backup: Backup
  readonly signCounter: SignCounter
  readonly accountChoice: AccountChoice
  readonly unfetched: UnfetchedAssertions
  readonly unconfirmed: UnconfirmedRegistrations
  /** For the extension `hmac-secret`. */
  keyAgreement(protocol: PinUvAuthProtocol): EcdhKey
  now(): number
  tell(event: VirtualEvent): void
  /** Runs tasks that read and then write the store, one after another. */
  exclusively<Result>(task: () => Promise<Result>): Promise<Result>
}
