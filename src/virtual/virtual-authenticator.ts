import { Serial } from '../async/serial.js'
import { requireMembers } from '../bytes/require-members.js'
import { nobleProvider } from '../crypto/noble-provider.js'
import { CTAP_COMMAND } from '../ctap/commands.js'
import { decodeGetAssertionRequest } from '../ctap/get-assertion.js'
import { encodeGetInfo } from '../ctap/get-info.js'
import { decodeMakeCredentialRequest } from '../ctap/make-credential.js'
import { CTAP_STATUS } from '../ctap/status.js'
import { concatBytes } from '../bytes/bytes.js'
import { CtapError } from '../errors.js'
import type {
  AllAcceptedCredentialsOptions,
  CurrentUserDetailsOptions,
  UnknownCredentialOptions,
} from '../ports/credential-signals.js'
import type { StoredCredential } from '../ports/credential-store.js'
import type {
  CtapContext,
  CtapHandler,
  HandleJson,
  TransactionOutcome,
  UpdateHabit,
} from '../ports/ctap-handler.js'
import { ConnectionTally } from './connection-limits.js'
import { answerClientPin, keyAgreementKeys } from './hmac-secret.js'
import { UnfetchedAssertions } from './next-assertion.js'
import { PHONE_PROFILES } from './phone-profiles.js'
import { lacksMember, readRequest, refusal } from './refusal.js'
import type { RequiredMembers } from './refusal.js'
import { register } from './register.js'
import {
  acceptPasskey,
  discardPasskey,
  keepAccepted,
  listUnconfirmed,
  removeUnknown,
  renameUser,
} from './passkey-care.js'
import type { UnconfirmedPasskey } from './passkey-care.js'
import { confirmPasskey } from './replaced-passkeys.js'
import { select } from './select.js'
import { signIn, signInNext } from './sign-in.js'
import { UnconfirmedRegistrations } from './unconfirmed-registrations.js'
import { virtualEvent } from './virtual-device.js'
import { deviceTraits } from './virtual-authenticator-options.js'
import type { VirtualAuthenticatorOptions } from './virtual-authenticator-options.js'
import type { VirtualDevice, VirtualEvent } from './virtual-device.js'

export type { VirtualAuthenticatorOptions } from './virtual-authenticator-options.js'

// CTAP 2.2 sections 6.1 and 6.2. Names of relying party and user may be missing.
const MAKE_CREDENTIAL_REQUIRED: RequiredMembers = [[1], [2, 'id'], [3, 'id'], [4]]
const GET_ASSERTION_REQUIRED: RequiredMembers = [[1], [2]]

/**
 * A phone’s passkeys in software: ES256, EdDSA, RS256 and, on demand, ML-DSA, discoverable or not, with the extensions
 * `credProtect`, `largeBlob` and `prf`, and with the manners of a profile. A profile whose getInfo lists `hmac-secret`
 * and PIN/UV auth protocols (1, 2) has that extension as well.
 *
 * It answers makeCredential, getAssertion, getNextAssertion, getInfo, authenticatorSelection and, for `hmac-secret`, the key agreement of clientPIN; other commands get
 * ERR_INVALID_COMMAND. It never throws: what its
 * store or consent throw becomes ERR_OTHER (0x7F) and goes to `onFault`. When the client goes away during a prompt, the
 * request ends without an answer and nothing is stored. After a refusal, or a few errors that its user never saw, it hangs
 * up at the next request (`limits`).
 *
 * @example
 * const handler = new VirtualAuthenticator({ store: new MemoryCredentialStore(), consent: alwaysApprove(), random })
 * await new HybridAuthenticator({ ...platform, handler }).scan('FIDO:/…', { source: 'camera' })
 */
export class VirtualAuthenticator implements CtapHandler {
  readonly features: readonly string[]
  readonly commands: 'one' | 'many'
  readonly updates: UpdateHabit
  readonly handleJson: HandleJson | undefined
  readonly #device: VirtualDevice
  readonly #onFault: (error: unknown) => void
  readonly #tally: ConnectionTally

  /** @throws UsageError `argument-invalid` for an AAGUID, an algorithm, an attestation or a limit that is not valid. */
  constructor(options: VirtualAuthenticatorOptions) {
    requireMembers('VirtualAuthenticator', options, ['store', 'consent', 'random'])
    const { profile: chosen = 'generic', onEvent, onFault } = options
    const profile = typeof chosen === 'string' ? PHONE_PROFILES[chosen] : chosen
    this.features = profile.features
    this.commands = profile.commands
    this.updates = profile.updates
    const { wallet } = options
    this.handleJson = wallet && ((request, context) => wallet.handleJson(request, context))
    this.#onFault = error => onFault?.(error)
    this.#tally = new ConnectionTally(options.limits)
    const crypto = options.crypto ?? nobleProvider
    const changes = new Serial()
    this.#device = {
      ...deviceTraits(profile, options),
      store: options.store,
      consent: options.consent,
      random: options.random,
      crypto,
      keyAgreement: keyAgreementKeys(crypto),
      now: options.now ?? Date.now,
      tell: event => {
        this.#tell(event, onEvent)
      },
      exclusively: task => changes.run(task),
      unfetched: new UnfetchedAssertions(),
      unconfirmed: new UnconfirmedRegistrations(credential => {
        this.#tell(virtualEvent('unconfirmed', credential), onEvent)
      }),
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
    const { signal } = context
    let wasAsked = false
    const awaitingUser = (): void => {
      wasAsked = true
      context.awaitingUser()
    }
    try {
      // A client that sends another request has received the previous answer.
      await this.#confirm(this.#device.unconfirmed.take(signal))
      if (this.#tally.isOver(signal)) return undefined
      return await this.#answer(request, { ...context, signal, awaitingUser })
    } catch (error) {
      const status = this.#statusOf(error)
      const isAllowed = this.#tally.allows(status, wasAsked, signal)
      return isAllowed && !this.#device.profile.hangsUpFor.includes(status)
        ? Uint8Array.of(status)
        : undefined
    }
  }

  /**
   * Confirms the passkeys that the transaction made, or tells that they are left unconfirmed: the relying party may never
   * learn of them.
   */
  async concluded(outcome: TransactionOutcome, signal: AbortSignal): Promise<void> {
    const made = this.#device.unconfirmed.conclude(outcome, signal)
    try {
      if (outcome === 'confirmed') await this.#confirm(made)
      else for (const credential of made) this.#device.tell(virtualEvent('unconfirmed', credential))
    } catch (error) {
      this.#onFault(error)
    }
  }

  /** The passkeys that their relying parties may not know, because their registrations were cut off; oldest first. */
  unconfirmed(): Promise<readonly UnconfirmedPasskey[]> {
    return listUnconfirmed(this.#device.store)
  }

  /**
   * Removes an unconfirmed passkey; a confirmed one stays, also one that the unconfirmed one was to replace. @returns whether there
   * was one.
   * @param credentialId base64url. @throws UsageError `options-invalid`, StoreError.
   */
  discard(credentialId: string): Promise<boolean> {
    return this.#device.exclusively(() => discardPasskey(this.#device.store, credentialId))
  }

  /**
   * Confirms a passkey by its user’s word: those of its account that it replaces are gone. @returns whether there is one.
   * @param credentialId base64url. @throws UsageError `options-invalid`, StoreError.
   */
  accept(credentialId: string): Promise<boolean> {
    return this.#device.exclusively(() => acceptPasskey(this.#device.store, credentialId))
  }

  /** Removes a passkey that its relying party does not know (WebAuthn L3 section 5.1.10). @throws UsageError `options-invalid`. */
  signalUnknownCredential(options: UnknownCredentialOptions): Promise<void> {
    return this.#device.exclusively(() => removeUnknown(this.#device.store, options))
  }

  /**
   * Removes the passkeys of a user that the relying party does not list, and confirms those that it does (WebAuthn L3
   * section 5.1.10). @throws UsageError `options-invalid`.
   */
  signalAllAcceptedCredentials(options: AllAcceptedCredentialsOptions): Promise<void> {
    return this.#device.exclusively(() => keepAccepted(this.#device.store, options))
  }

  /** Renames a user (WebAuthn L3 section 5.1.10). @throws UsageError `options-invalid`. */
  signalCurrentUserDetails(options: CurrentUserDetailsOptions): Promise<void> {
    return this.#device.exclusively(() => renameUser(this.#device.store, options))
  }

  // A passkey that was replaced or deleted in the meantime does not come back.
  async #confirm(credentials: readonly StoredCredential[]): Promise<void> {
    if (credentials.length === 0) return
    await this.#device.exclusively(async () => {
      for (const { credentialId } of credentials) {
        await confirmPasskey(this.#device.store, credentialId)
      }
    })
  }

  #statusOf(error: unknown): number {
    if (error instanceof CtapError) return error.status
    this.#onFault(error)
    return CTAP_STATUS.ERR_OTHER
  }

  async #answer(request: Uint8Array, context: CtapContext): Promise<Uint8Array | undefined> {
    if (request[0] !== CTAP_COMMAND.getNextAssertion) this.#device.unfetched.forget(context.signal)
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
      case CTAP_COMMAND.getNextAssertion:
        return await signInNext(this.#device, request, context)
      case CTAP_COMMAND.clientPin:
        return answerClientPin(this.#device, request)
      case CTAP_COMMAND.selection:
        return await select(this.#device, request, context)
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
