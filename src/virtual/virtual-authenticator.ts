import { nobleProvider } from '../crypto/noble-provider.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { CTAP_COMMAND } from '../ctap/commands.js'
import { decodeGetAssertionRequest } from '../ctap/get-assertion.js'
import { AAGUID_BYTES, encodeGetInfo } from '../ctap/get-info.js'
import { decodeMakeCredentialRequest } from '../ctap/make-credential.js'
import { CTAP_STATUS } from '../ctap/status.js'
import { concatBytes } from '../bytes/bytes.js'
import { CtapError, UsageError } from '../errors.js'
import type { Random } from '../ports/clock.js'
import type { CredentialStore } from '../ports/credential-store.js'
import type { CtapContext, CtapHandler } from '../ports/ctap-handler.js'
import { checkedAttestation } from './attestation.js'
import type { Attestation } from './attestation.js'
import type { Consent } from './consent.js'
import type { Backup, PhoneProfile, SignCounter } from './phone-profile.js'
import { PHONE_PROFILES } from './phone-profiles.js'
import type { PhoneProfileName } from './phone-profiles.js'
import { lacksMember, readRequest, refusal } from './refusal.js'
import type { RequiredMembers } from './refusal.js'
import { register } from './register.js'
import { signIn } from './sign-in.js'
import { signatureAlgorithm } from './signature-algorithms.js'
import { oneAtATime } from './virtual-device.js'
import type { VirtualDevice, VirtualEvent } from './virtual-device.js'

// CTAP 2.2 sections 6.1 and 6.2. Names of relying party and user may be missing.
const MAKE_CREDENTIAL_REQUIRED: RequiredMembers = [[1], [2, 'id'], [3, 'id'], [4]]
const GET_ASSERTION_REQUIRED: RequiredMembers = [[1], [2]]

/** What a `VirtualAuthenticator` is made of. */
export interface VirtualAuthenticatorOptions {
  readonly store: CredentialStore
  readonly consent: Consent
  readonly random: Random
  /** The noble provider unless given. */
  readonly crypto?: CryptoProvider
  /** Which phone to be like, by name or described; `generic` unless given. The options below change it in parts. */
  readonly profile?: PhoneProfileName | PhoneProfile
  /** 16 bytes, in new passkeys, and in getInfo where the profile shows no other; the profile’s unless given, zeros for `generic`. */
  readonly aaguid?: Uint8Array
  /** COSE identifiers of what new passkeys may sign with; known are -7 (ES256), -8 (EdDSA) and -257 (RS256). The request’s order decides. */
  readonly algorithms?: readonly number[]
  /** `none` unless given. */
  readonly attestation?: Attestation
  readonly signCounter?: SignCounter
  readonly backup?: Backup
  /** Wall-clock milliseconds since 1970; `Date.now` unless given. */
  readonly now?: () => number
  /** Hears of each passkey that was made or used, after the store has kept it. */
  readonly onEvent?: (event: VirtualEvent) => void
  /** Hears why a request was answered with ERR_OTHER: what `store`, `consent` or `onEvent` threw. */
  readonly onFault?: (error: unknown) => void
}

/**
 * A phone’s passkeys in software: ES256, EdDSA and RS256, discoverable or not, with the extensions `credProtect`, `largeBlob`
 * and `prf`, and with the manners of a profile.
 *
 * It answers makeCredential, getAssertion and getInfo; other commands get ERR_INVALID_COMMAND. It never throws: what its
 * store or consent throw becomes ERR_OTHER (0x7F) and goes to `onFault`. When the client goes away during a prompt, the
 * request ends without an answer and nothing is stored.
 *
 * @example
 * const handler = new VirtualAuthenticator({ store: new MemoryCredentialStore(), consent: alwaysApprove(), random })
 * await new HybridAuthenticator({ ...platform, handler }).scan('FIDO:/…')
 */
export class VirtualAuthenticator implements CtapHandler {
  readonly features: readonly string[]
  readonly commands: 'one' | 'many'
  readonly #device: VirtualDevice
  readonly #onFault: (error: unknown) => void

  /** @throws UsageError `argument-invalid` for an AAGUID, an algorithm or an attestation that cannot be. */
  constructor(options: VirtualAuthenticatorOptions) {
    const { profile: chosen = 'generic', onEvent, onFault } = options
    const profile = typeof chosen === 'string' ? PHONE_PROFILES[chosen] : chosen
    this.features = profile.features
    this.commands = profile.commands
    this.#onFault = error => onFault?.(error)
    this.#device = {
      ...wishes(profile, options),
      store: options.store,
      consent: options.consent,
      random: options.random,
      crypto: options.crypto ?? nobleProvider,
      now: options.now ?? Date.now,
      tell: event => {
        this.#tell(event, onEvent)
      },
      exclusively: oneAtATime(),
    }
  }

  getInfo(): Uint8Array {
    const { aaguid, algorithms, profile } = this.#device
    return encodeGetInfo({
      ...profile.info,
      aaguid: profile.infoAaguid ?? aaguid,
      algorithms: profile.infoHasAlgorithms ? algorithms : undefined,
    })
  }

  async handle(request: Uint8Array, context: CtapContext): Promise<Uint8Array | undefined> {
    try {
      return await this.#answer(request, context)
    } catch (error) {
      if (error instanceof CtapError) return this.#refuse(error.status)
      this.#onFault(error)
      return Uint8Array.of(CTAP_STATUS.ERR_OTHER)
    }
  }

  #refuse(status: number): Uint8Array | undefined {
    return this.#device.profile.hangsUpFor.includes(status) ? undefined : Uint8Array.of(status)
  }

  async #answer(request: Uint8Array, context: CtapContext): Promise<Uint8Array | undefined> {
    switch (request[0]) {
      case undefined:
        throw refusal(CTAP_STATUS.ERR_INVALID_LENGTH)
      case CTAP_COMMAND.makeCredential: {
        const decoded = readRequest(request, decodeMakeCredentialRequest, MAKE_CREDENTIAL_REQUIRED)
        if (lacksMember(request, this.#device.profile.registrationNeeds))
          throw refusal(CTAP_STATUS.ERR_MISSING_PARAMETER)
        return await register(this.#device, decoded, context)
      }
      case CTAP_COMMAND.getAssertion: {
        const decoded = readRequest(request, decodeGetAssertionRequest, GET_ASSERTION_REQUIRED)
        return await signIn(this.#device, decoded, context)
      }
      case CTAP_COMMAND.getInfo:
        if (!this.#device.profile.answersGetInfo) return undefined
        if (request.length > 1) throw refusal(CTAP_STATUS.ERR_INVALID_LENGTH)
        return concatBytes(Uint8Array.of(CTAP_STATUS.SUCCESS), this.getInfo())
      default:
        throw refusal(CTAP_STATUS.ERR_INVALID_COMMAND)
    }
  }

  // The passkey is kept already; a listener’s mistake does not change the answer.
  #tell(event: VirtualEvent, onEvent: ((event: VirtualEvent) => void) | undefined): void {
    try {
      onEvent?.(event)
    } catch (error) {
      this.#onFault(error)
    }
  }
}

type Wishes = Pick<
  VirtualDevice,
  'profile' | 'aaguid' | 'algorithms' | 'extensions' | 'attestation' | 'signCounter' | 'backup'
>

/** The profile with what the options change. */
function wishes(profile: PhoneProfile, options: VirtualAuthenticatorOptions): Wishes {
  const { aaguid = profile.aaguid, algorithms = profile.algorithms } = options
  if (aaguid.length !== AAGUID_BYTES) {
    throw new UsageError('argument-invalid', `aaguid has ${AAGUID_BYTES} bytes, not ${aaguid.length}`)
  }
  const unknown = algorithms.find(id => signatureAlgorithm(id) === undefined)
  if (unknown !== undefined) throw new UsageError('argument-invalid', `no algorithm ${unknown} is known`)
  return {
    profile,
    aaguid: Uint8Array.from(aaguid),
    algorithms: [...algorithms],
    extensions: new Set(profile.info.extensions),
    attestation: checkedAttestation(options.attestation ?? { format: 'none' }),
    signCounter: options.signCounter ?? profile.signCounter,
    backup: options.backup ?? profile.backup,
  }
}
