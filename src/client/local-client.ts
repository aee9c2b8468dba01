import { systemClock, systemRandom } from '../adapters/system/system.js'
import { unlessAborted } from '../async/unless-aborted.js'
import { requireMembers } from '../bytes/require-members.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { decodeGetInfo } from '../ctap/get-info.js'
import type { GetInfo } from '../ctap/get-info.js'
import { ctapError } from '../ctap/ctap-error.js'
import { CTAP_STATUS } from '../ctap/status.js'
import { abortedBy } from '../driver/progress.js'
import { callingPort, portFailed } from '../ports/calling.js'
import type { Clock, Random } from '../ports/clock.js'
import type {
  AllAcceptedCredentialsOptions,
  CurrentUserDetailsOptions,
  UnknownCredentialOptions,
} from '../ports/credential-signals.js'
import type { CtapHandler, TransactionOutcome } from '../ports/ctap-handler.js'
import type { AuthenticationResponseJSON, RequestOptionsInput } from '../webauthn/authentication-json.js'
import type { CeremonyOrigin } from '../webauthn/ceremony-origin.js'
import type { ClientCapabilities } from '../webauthn/client-capabilities.js'
import { fromMakeCredential, parseRegistration, toMakeCredential } from '../webauthn/create.js'
import { fromGetAssertion, parseAuthentication } from '../webauthn/get.js'
import { publicSuffixList } from '../webauthn/public-suffix-list.js'
import type { PublicSuffixes } from '../webauthn/public-suffixes.js'
import type { CreationOptionsInput, RegistrationResponseJSON } from '../webauthn/registration-json.js'
import { chosenAnswer } from './account-choice.js'
import { agreedGetAssertion, asWebAuthn, handOver, rpIdRules } from './ceremony.js'
import type { CeremonySettings } from './ceremony.js'
import type { CeremonyBounds, CeremonyLimit } from './ceremony-limit.js'
import { localCapabilities } from './local-capabilities.js'
import { checkSignalOrigin } from './signal-origin.js'
import type { SignalOrigin } from './signal-origin.js'

/** What a local client is made of. */
export interface LocalClientOptions {
  /** The authenticator of this device, such as a `VirtualAuthenticator`. */
  readonly authenticator: CtapHandler
  /** The noble provider unless given; it is loaded on first use. */
  readonly crypto?: CryptoProvider | undefined
  /** This machine’s own unless given. */
  readonly random?: Random | undefined
  /** This machine’s own unless given. */
  readonly clock?: Clock | undefined
  /** `publicSuffixList` unless given; it is loaded when an RP ID is not the origin’s host. */
  readonly publicSuffixes?: PublicSuffixes | undefined
}

/** How one registration or sign-in on this device is made. */
export interface LocalCeremonyOptions
  extends
    CeremonyOrigin,
    Pick<CeremonySettings, 'signal' | 'fetchRelatedOrigins' | 'onResponse' | 'chooseAccount'> {
  /** Limit of the ceremony, ms; the relying party’s timeout within 5 to 10 minutes unless given. Infinity means no limit. */
  readonly ceremonyMs?: number | undefined
}

/** Runs one command of a ceremony. */
type Ask = (request: Uint8Array) => Promise<Uint8Array>

/**
 * A device that keeps its passkeys itself: no QR code, no tunnel, no radio. Responses say `platform`, and `internal` is
 * their transport.
 *
 * @example
 * const client = new LocalClient({ authenticator: new VirtualAuthenticator({ store, consent, random }) })
 * const credential = await client.create(creationOptions, { origin: 'https://login.example.com' })
 */
export class LocalClient {
  /** What responses say in `authenticatorAttachment`. */
  readonly attachment = 'platform' as const
  readonly #authenticator: CtapHandler
  readonly #random: Random
  readonly #clock: Clock
  readonly #crypto: CryptoProvider | undefined
  readonly #rules: { readonly publicSuffixes: PublicSuffixes }

  /** @throws UsageError `argument-invalid` without an authenticator. */
  constructor(options: LocalClientOptions) {
    requireMembers('LocalClient', options, ['authenticator'])
    const { authenticator, crypto, random = systemRandom, clock = systemClock } = options
    this.#authenticator = authenticator
    this.#random = random
    this.#clock = clock
    this.#crypto = crypto
    this.#rules = { publicSuffixes: options.publicSuffixes ?? publicSuffixList }
  }

  /**
   * Registers a passkey on this device, as `navigator.credentials.create()` does.
   * @param options PublicKeyCredentialCreationOptionsJSON from the relying party; checked here.
   * @throws WebAuthnError with a HybridError as cause, as `HybridClient.create` does.
   */
  create(options: CreationOptionsInput, ceremony: LocalCeremonyOptions): Promise<RegistrationResponseJSON> {
    return asWebAuthn('create', this.#boundsOf(ceremony), limit =>
      this.#transaction(limit, async (ask, info, crypto) => {
        const rules = rpIdRules(this.#rules, ceremony, limit)
        const registration = await limit.over(() =>
          parseRegistration(options, ceremony, rules, this.attachment),
        )
        limit.setTimeout(registration.options.timeout)
        limit.watch('response')
        const call = toMakeCredential(registration, info, crypto)
        const response = fromMakeCredential(await ask(call.request), call)
        return await handOver(response, ceremony)
      }),
    )
  }

  /**
   * Signs in with a passkey of this device, as `navigator.credentials.get()` does.
   * @param options PublicKeyCredentialRequestOptionsJSON from the relying party; checked here.
   * @throws WebAuthnError with a HybridError as cause, as `HybridClient.get` does.
   */
  get(options: RequestOptionsInput, ceremony: LocalCeremonyOptions): Promise<AuthenticationResponseJSON> {
    return asWebAuthn('get', this.#boundsOf(ceremony), limit =>
      this.#transaction(limit, async (ask, info, crypto) => {
        const rules = rpIdRules(this.#rules, ceremony, limit)
        const authentication = await limit.over(() => parseAuthentication(options, ceremony, rules))
        limit.setTimeout(authentication.options.timeout)
        limit.watch('response')
        const call = await agreedGetAssertion(authentication, info, { crypto, random: this.#random }, ask)
        const answer = await chosenAnswer(await ask(call.request), call, ask, {
          ...ceremony,
          signal: limit.signal,
        })
        return await handOver(await fromGetAssertion(answer, call, this.attachment), ceremony)
      }),
    )
  }

  /** What this device can do. @throws HybridError of an authenticator whose getInfo cannot be read. */
  getClientCapabilities(): Promise<ClientCapabilities> {
    return Promise.resolve().then(() =>
      localCapabilities(decodeGetInfo(this.#getInfo()), this.#authenticator),
    )
  }

  /**
   * Tells the authenticator that the relying party does not know a passkey.
   * @throws WebAuthnError `SecurityError` unless the origin may claim the RP ID; HybridError of the authenticator.
   */
  async signalUnknownCredential(options: UnknownCredentialOptions, from: SignalOrigin): Promise<void> {
    await checkSignalOrigin(options.rpId, from, this.#rules.publicSuffixes)
    await this.#authenticator.signalUnknownCredential?.(options)
  }

  /** Tells the authenticator which passkeys of a user the relying party takes. @throws as `signalUnknownCredential` does. */
  async signalAllAcceptedCredentials(
    options: AllAcceptedCredentialsOptions,
    from: SignalOrigin,
  ): Promise<void> {
    await checkSignalOrigin(options.rpId, from, this.#rules.publicSuffixes)
    await this.#authenticator.signalAllAcceptedCredentials?.(options)
  }

  /** Tells the authenticator what a user is called now. @throws as `signalUnknownCredential` does. */
  async signalCurrentUserDetails(options: CurrentUserDetailsOptions, from: SignalOrigin): Promise<void> {
    await checkSignalOrigin(options.rpId, from, this.#rules.publicSuffixes)
    await this.#authenticator.signalCurrentUserDetails?.(options)
  }

  #boundsOf({ signal, ceremonyMs }: LocalCeremonyOptions): CeremonyBounds {
    return { signal, ceremonyMs, clock: this.#clock }
  }

  /** One transaction with the authenticator: confirmed when its answer has become a result, and cut otherwise. */
  async #transaction<Result>(
    { signal }: CeremonyLimit,
    run: (ask: Ask, info: GetInfo, crypto: CryptoProvider) => Promise<Result>,
  ): Promise<Result> {
    const gone = new AbortController()
    const onAbort = (): void => gone.abort()
    signal.addEventListener('abort', onAbort)
    let outcome: TransactionOutcome = 'cut'
    try {
      if (signal.aborted) throw abortedBy(signal)
      const ask: Ask = request => this.#ask(request, gone.signal, signal)
      const crypto = this.#crypto ?? (await import('../crypto/noble-provider.js')).nobleProvider
      const result = await run(ask, decodeGetInfo(this.#getInfo()), crypto)
      outcome = 'confirmed'
      return result
    } finally {
      signal.removeEventListener('abort', onAbort)
      gone.abort()
      await this.#conclude(outcome, gone.signal)
    }
  }

  #getInfo(): Uint8Array {
    return callingPort('authenticator.getInfo', () => this.#authenticator.getInfo())
  }

  async #conclude(outcome: TransactionOutcome, signal: AbortSignal): Promise<void> {
    try {
      await this.#authenticator.concluded?.(outcome, signal)
    } catch (cause) {
      throw portFailed('authenticator.concluded', cause)
    }
  }

  /** @throws CtapError ERR_OPERATION_DENIED for an answer withheld; UsageError `aborted`. */
  async #ask(request: Uint8Array, gone: AbortSignal, signal: AbortSignal): Promise<Uint8Array> {
    const answer = await unlessAborted(gone, () => this.#answer(request, gone))
    if (gone.aborted) throw abortedBy(signal)
    if (answer !== undefined) return answer
    throw ctapError(CTAP_STATUS.ERR_OPERATION_DENIED)
  }

  async #answer(request: Uint8Array, gone: AbortSignal): Promise<Uint8Array | undefined> {
    const context = { signal: gone, awaitingUser: () => undefined }
    try {
      return await this.#authenticator.handle(request, context)
    } catch (cause) {
      throw portFailed('authenticator.handle', cause)
    }
  }
}
