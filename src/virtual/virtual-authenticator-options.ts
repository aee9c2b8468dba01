import type { CryptoProvider } from '../crypto/provider.js'
import { AAGUID_BYTES } from '../ctap/get-info.js'
import { UsageError } from '../errors.js'
import type { Random } from '../ports/clock.js'
import type { CredentialStore } from '../ports/credential-store.js'
import type { JsonHandler } from '../ports/ctap-handler.js'
import { checkedAttestation } from './attestation.js'
import type { Attestation } from './attestation.js'
import type { ConnectionLimits } from './connection-limits.js'
import type { Consent } from './consent.js'
import type { AccountChoice, Backup, PhoneProfile, SignCounter } from './phone-profile.js'
import type { PhoneProfileName } from './phone-profiles.js'
import { signatureAlgorithm } from './signature-algorithms.js'
import type { VirtualDevice, VirtualEvent } from './virtual-device.js'

/** What a `VirtualAuthenticator` is made of. */
export interface VirtualAuthenticatorOptions {
  readonly store: CredentialStore
  readonly consent: Consent
  readonly random: Random
  /** The noble provider unless given. */
  readonly crypto?: CryptoProvider | undefined
  /** The phone to imitate, by its name or as a description; `generic` unless given. The options below override parts of it. */
  readonly profile?: PhoneProfileName | PhoneProfile | undefined
  /** 16 bytes, in new passkeys, and in getInfo where the profile shows no other; the profile’s unless given, zeros for `generic`. */
  readonly aaguid?: Uint8Array | undefined
  /**
   * COSE identifiers of what new passkeys may sign with; the request’s order decides. Known are -7 (ES256), -8 (EdDSA), -257 (RS256),
   * and -48, -49, -50 (ML-DSA-44, -65, -87), which need `nodeCryptoProvider` on Node 24.7 or newer, or the package
   * `@noble/post-quantum`. The profile’s unless given; no profile has ML-DSA, because no phone does.
   */
  readonly algorithms?: readonly number[] | undefined
  /** `none` unless given. */
  readonly attestation?: Attestation | undefined
  readonly signCounter?: SignCounter | undefined
  /** Where one of several accounts is chosen; at the phone unless given. */
  readonly accountChoice?: AccountChoice | undefined
  readonly backup?: Backup | undefined
  /** Answers requests for digital credentials, such as a `VirtualWallet`; the phone then also offers `dc`. */
  readonly wallet?: Pick<JsonHandler, 'handleJson'> | undefined
  /** How many refusals and errors a client gets before the phone hangs up; see `ConnectionLimits`. */
  readonly limits?: ConnectionLimits | undefined
  /** Wall-clock milliseconds since 1970; `Date.now` unless given. */
  readonly now?: (() => number) | undefined
  /** Hears of each passkey that was made, used or left unconfirmed, after the store has kept it. */
  readonly onEvent?: ((event: VirtualEvent) => void) | undefined
  /** Hears why a request was answered with ERR_OTHER: what `store`, `consent` or `onEvent` threw. */
  readonly onFault?: ((error: unknown) => void) | undefined
}

type DeviceTraits = Pick<
  VirtualDevice,
  | 'profile'
  | 'aaguid'
  | 'algorithms'
  | 'extensions'
  | 'attestation'
  | 'signCounter'
  | 'backup'
  | 'accountChoice'
>

/** The profile with what the options change. @throws UsageError `argument-invalid` for an option that is not valid. */
export function deviceTraits(profile: PhoneProfile, options: VirtualAuthenticatorOptions): DeviceTraits {
  const { aaguid = profile.aaguid, algorithms = profile.algorithms } = options
  if (aaguid.length !== AAGUID_BYTES) {
    throw new UsageError('argument-invalid', `aaguid must have ${AAGUID_BYTES} bytes, not ${aaguid.length}`)
  }
  const unknown = algorithms.find(id => signatureAlgorithm(id) === undefined)
  if (unknown !== undefined)
    throw new UsageError(
      'argument-invalid',
      `algorithms must be COSE algorithms that this authenticator has, not ${unknown}`,
    )
  return {
    profile,
    aaguid: Uint8Array.from(aaguid),
    algorithms: [...algorithms],
    extensions: new Set(profile.info.extensions),
    attestation: checkedAttestation(options.attestation ?? { format: 'none' }),
    signCounter: options.signCounter ?? profile.signCounter,
    backup: options.backup ?? profile.backup,
    accountChoice: options.accountChoice ?? profile.accountChoice,
  }
}
