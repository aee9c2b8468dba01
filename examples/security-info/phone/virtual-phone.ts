import type {
  CreationOptionsInput,
  LocalCeremonyOptions,
  ProgressEvent,
  RegistrationResponseJSON,
  TransactionOutcome,
} from 'fido-hybrid'
import type { PhoneProfileName, UnknownCredentialOptions } from 'fido-hybrid/virtual'
import type { WalletContents } from '../../digital-credential/presentation.js'
import { Ceremonies } from '../ceremony/ceremonies.js'
import type { PageSettings } from '../ceremony/ceremony.js'
import { Feed } from '../http/feed.js'
import { Problem, STATUS } from '../http/problem.js'
import { harmless } from '../prompt/harmless.js'
import { PageConsent } from '../prompt/page-consent.js'
import type { CeremonyAnswer, CeremonyWish } from '../wire/ceremony.js'
import { PHONE_NAMES } from '../wire/phone-names.js'
import type { PhoneState } from '../wire/phone.js'
import type { PromptAnswer } from '../wire/prompt.js'
import { cardWallet, STUDENT_CARD } from './card-wallet.js'
import { makeHandset } from './handset.js'
import type { Handset, HandsetParts, HandsetStores } from './handset.js'
import { linkedLaptops, phonePasskeys } from './phone-contents.js'
import { RequestWatch } from './request-watch.js'
import { Standby } from './standby.js'

/** What the virtual phone is made of. */
export interface VirtualPhoneOptions {
  readonly parts: HandsetParts
  /** The things of each phone. */
  readonly stores: ReadonlyMap<PhoneProfileName, HandsetStores>
  /** In every phone’s wallet. */
  readonly card: WalletContents
}

const NO_CARD_HERE = { code: 'no-card-here', message: 'The phone’s own browser asks no wallet in this demo.' }

/** How one request is watched and ended. */
interface RequestSettings {
  readonly signal: AbortSignal
  readonly onProgress: (event: ProgressEvent) => void
}

/** The phone in somebody’s hand, out of a drawer with one of each kind; the page at `/phone` is its screen. */
export class VirtualPhone {
  readonly feed: Feed<PhoneState> = new Feed<PhoneState>({
    profile: 'android',
    passkeys: [],
    card: STUDENT_CARD,
    isProvider: true,
    canBeRemembered: false,
    laptops: [],
    isReachable: false,
    losesConnection: false,
  })
  /** What its own browser asks for. */
  readonly ceremonies: Ceremonies = new Ceremonies((wish, settings) => this.#perform(wish, settings))
  readonly #consent = new PageConsent(prompt => {
    this.feed.change({ prompt })
    this.ceremonies.current?.feed.change({ prompt })
  })
  readonly #handsets: ReadonlyMap<PhoneProfileName, Handset>
  readonly #standby = new Standby({
    takesCall: () => this.#takesCall(),
    isReachable: isReachable => this.feed.change({ isReachable }),
    progress: event => this.#note(event),
    ended: error => void this.#conclude(error),
  })
  #watch = new RequestWatch()
  #abort: AbortController | undefined
  #request: Promise<unknown> = Promise.resolve()

  constructor({ parts, stores, card }: VirtualPhoneOptions) {
    const wallet = cardWallet(
      card,
      (request, signal) =>
        this.#watch.watchedCard(request.origin, signal, () => this.#consent.askForCard(request, signal)),
      () => this.#watch.noCard(),
    )
    const consent = { ask: this.#ask.bind(this) }
    const listener = {
      event: (event: Parameters<RequestWatch['event']>[0]) => {
        this.#watch.event(event)
        if (event.event === 'registered' && this.feed.state.losesConnection) this.#handset.dialer.breakNext()
      },
      answered: (...answer: Parameters<RequestWatch['answered']>) => this.#watch.answered(...answer),
      concluded: (outcome: TransactionOutcome) => this.#watch.concluded(outcome),
    }
    this.#handsets = new Map(
      Array.from(stores, ([profile, own]) => [
        profile,
        makeHandset(parts, { profile, name: PHONE_NAMES[profile], stores: own, wallet, consent, listener }),
      ]),
    )
  }

  /** Takes another phone out of the drawer. @throws Problem `busy`. */
  async pickUp(profile: PhoneProfileName): Promise<void> {
    this.#assertIdle()
    this.feed.change({ profile, outcome: undefined })
    await this.refresh()
  }

  /** Answers a QR code; what becomes of it is told by the feed. @throws Problem `busy`. */
  scan(text: string, remember: boolean): void {
    this.#assertIdle()
    const { role, canBeRemembered } = this.#handset
    const scanned = this.#attend(settings =>
      role.scan(text, { ...settings, source: 'image', remember: remember && canBeRemembered }),
    )
    void scanned.catch(() => undefined)
  }

  /** Adds a passkey of this phone for one of its own programs. @throws Problem `busy`, WebAuthnError. */
  async register(
    options: CreationOptionsInput,
    ceremony: LocalCeremonyOptions,
  ): Promise<RegistrationResponseJSON> {
    this.#assertIdle()
    return await this.#attend(({ signal }) =>
      this.#handset.local.create(options, { ...ceremony, signal: bothOf(signal, ceremony.signal) }),
    )
  }

  /** Gives up what it is asked for, and settles when nothing of it is left. */
  async cancel(): Promise<void> {
    this.#abort?.abort()
    await this.#request.catch(() => undefined)
    await this.#standby.end()
    if (!this.#isIdle) await this.#conclude(undefined)
    await this.refresh()
  }

  /** Settles when nothing is going on any more. */
  async close(): Promise<void> {
    this.#abort?.abort()
    await Promise.all([this.ceremonies.close(), this.#request.catch(() => undefined)])
    await this.#standby.close()
  }

  /** @returns false when the question does not stand any more. */
  answer(promptId: string, answer: PromptAnswer): boolean {
    return this.#consent.answer(promptId, answer)
  }

  loseConnection(losesConnection: boolean): void {
    this.feed.change({ losesConnection })
  }

  /** Its settings: whether it may keep passkeys. */
  allowPasskeys(isProvider: boolean): void {
    this.feed.change({ isProvider })
  }

  /** A text message comes, or is put away. */
  showMessage(text: string | undefined): void {
    this.feed.change({ message: text === undefined ? undefined : harmless(text) })
  }

  /** @returns whether there was such a passkey. */
  async delete(credentialId: string): Promise<boolean> {
    const isDeleted = await this.#handset.store.delete(Buffer.from(credentialId, 'base64url'))
    this.feed.change({ outcome: isDeleted ? { kind: 'deleted' } : undefined })
    await this.refresh()
    return isDeleted
  }

  /** The site has it, says its user. @returns whether there is such a passkey. */
  async accept(credentialId: string): Promise<boolean> {
    const isAccepted = await this.#handset.authenticator.accept(credentialId)
    this.feed.change({ outcome: undefined })
    await this.refresh()
    return isAccepted
  }

  /** A laptop is to ask no more. @returns whether it was remembered. */
  async forgetLaptop(linkId: string): Promise<boolean> {
    const isForgotten = await this.#handset.role.unlink({ linkId })
    await this.refresh()
    return isForgotten
  }

  /** Reaches every phone in the drawer. */
  async signalUnknownCredential(options: UnknownCredentialOptions): Promise<void> {
    const before = this.feed.state.passkeys.length
    for (const { authenticator } of this.#handsets.values())
      await authenticator.signalUnknownCredential(options)
    await this.refresh()
    if (this.feed.state.passkeys.length < before) this.feed.change({ outcome: { kind: 'removed' } })
  }

  /** Shows what the phone keeps, and waits for the laptops that remember it. */
  async refresh(): Promise<void> {
    const { store, role, canBeRemembered } = this.#handset
    this.feed.change({
      passkeys: await phonePasskeys(store),
      laptops: await linkedLaptops(role),
      canBeRemembered,
    })
    await this.#standby.waitWith(this.#handset)
  }

  get #handset(): Handset {
    const handset = this.#handsets.get(this.feed.state.profile)
    if (handset !== undefined) return handset
    throw new Problem(STATUS.notFound, { code: 'no-phone', message: 'This phone does not exist.' })
  }

  #ask(...[request, signal]: Parameters<PageConsent['ask']>): ReturnType<PageConsent['ask']> {
    return this.#watch.watched(this.#consent, this.feed.state.isProvider).ask(request, signal)
  }

  #perform(wish: CeremonyWish, { origin, signal, onResponse }: PageSettings): Promise<CeremonyAnswer> {
    if (wish.kind === 'digital') throw new Problem(STATUS.bad, NO_CARD_HERE)
    const { kind, options } = wish
    const settings = { origin, signal, onResponse }
    if (kind === 'create') return this.register(options, settings)
    this.#assertIdle()
    return this.#attend(own =>
      this.#handset.local.get(options, { ...settings, signal: bothOf(own.signal, signal) }),
    )
  }

  async #attend<Result>(request: (settings: RequestSettings) => Promise<Result>): Promise<Result> {
    this.#begin()
    this.#abort = new AbortController()
    const { signal } = this.#abort
    const running = request({ signal, onProgress: event => this.#note(event) })
    this.#request = running.then(
      () => this.#conclude(undefined),
      (error: unknown) => this.#conclude(error),
    )
    await this.#request
    return await running
  }

  #takesCall(): boolean {
    if (!this.#isIdle) return false
    this.#begin()
    return true
  }

  #begin(): void {
    this.#watch = new RequestWatch()
    this.feed.change({ step: 'starting', outcome: undefined })
  }

  #note({ event }: ProgressEvent): void {
    this.feed.change({ step: event })
  }

  async #conclude(error: unknown): Promise<void> {
    const passkeys = await phonePasskeys(this.#handset.store)
    const outcome = this.#watch.outcome(error)
    // The site may have said meanwhile that it does not know it.
    const isGone = outcome.kind === 'unconfirmed' && passkeys.every(({ isConfirmed }) => isConfirmed)
    this.feed.change({
      step: undefined,
      prompt: undefined,
      passkeys,
      outcome: isGone ? { kind: 'removed' } : outcome,
    })
    await this.refresh()
  }

  get #isIdle(): boolean {
    return this.feed.state.step === undefined
  }

  #assertIdle(): void {
    if (this.#isIdle) return
    throw new Problem(STATUS.conflict, { code: 'busy', message: 'The phone is busy with something else.' })
  }
}

function bothOf(signal: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other === undefined ? signal : AbortSignal.any([signal, other])
}
