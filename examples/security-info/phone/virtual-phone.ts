import type { CredentialStore, ProgressEvent } from 'fido-hybrid'
import type { PhoneProfileName, UnknownCredentialOptions } from 'fido-hybrid/virtual'
import { Feed } from '../http/feed.js'
import { Problem, STATUS } from '../http/problem.js'
import { PageConsent } from '../prompt/page-consent.js'
import type { PhoneState } from '../wire/phone.js'
import type { PromptAnswer } from '../wire/prompt.js'
import { makeHandset } from './handset.js'
import type { Handset, HandsetParts } from './handset.js'
import { phonePasskeys } from './passkey-view.js'
import { ScanWatch } from './scan-watch.js'

/** What the virtual phone is made of. */
export interface VirtualPhoneOptions {
  readonly parts: HandsetParts
  /** The passkeys of each phone. */
  readonly stores: ReadonlyMap<PhoneProfileName, CredentialStore>
}

/** The phone in somebody’s hand, out of a drawer with one of each kind; the page at `/phone` is its screen. */
export class VirtualPhone {
  readonly feed: Feed<PhoneState> = new Feed<PhoneState>({
    profile: 'android',
    passkeys: [],
    losesConnection: false,
  })
  readonly #consent = new PageConsent(prompt => this.feed.change({ prompt }))
  readonly #handsets: ReadonlyMap<PhoneProfileName, Handset>
  #watch = new ScanWatch()
  #abort: AbortController | undefined
  #serving: Promise<void> = Promise.resolve()

  constructor({ parts, stores }: VirtualPhoneOptions) {
    const consent = { ask: this.#ask.bind(this) }
    const listener = {
      event: (event: Parameters<ScanWatch['event']>[0]) => {
        this.#watch.event(event)
        if (event.event === 'registered' && this.feed.state.losesConnection) this.#handset.dialer.breakNext()
      },
      answered: (...answer: Parameters<ScanWatch['answered']>) => this.#watch.answered(...answer),
    }
    this.#handsets = new Map(
      Array.from(stores, ([profile, store]) => [
        profile,
        makeHandset(parts, { profile, store, consent, listener }),
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
  scan(text: string): void {
    this.#assertIdle()
    this.#abort = new AbortController()
    this.#watch = new ScanWatch()
    this.feed.change({ step: 'starting', outcome: undefined })
    this.#serving = this.#serve(text, this.#abort.signal)
  }

  /** Gives the QR code up, and settles when nothing of it is left. */
  async cancel(): Promise<void> {
    this.#abort?.abort()
    await this.#serving
  }

  /** @returns false when the question does not stand any more. */
  answer(promptId: string, answer: PromptAnswer): boolean {
    return this.#consent.answer(promptId, answer)
  }

  loseConnection(losesConnection: boolean): void {
    this.feed.change({ losesConnection })
  }

  /** @returns whether there was such a passkey. */
  async delete(credentialId: string): Promise<boolean> {
    const isDeleted = await this.#handset.store.delete(Buffer.from(credentialId, 'base64url'))
    this.feed.change({ outcome: undefined })
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

  /** Reaches every phone in the drawer. */
  async signalUnknownCredential(options: UnknownCredentialOptions): Promise<void> {
    const before = this.feed.state.passkeys.length
    for (const { authenticator } of this.#handsets.values())
      await authenticator.signalUnknownCredential(options)
    await this.refresh()
    if (this.feed.state.passkeys.length < before) this.feed.change({ outcome: { kind: 'removed' } })
  }

  /** Shows what the phone keeps. */
  async refresh(): Promise<void> {
    this.feed.change({ passkeys: await phonePasskeys(this.#handset.store) })
  }

  get #handset(): Handset {
    const handset = this.#handsets.get(this.feed.state.profile)
    if (handset !== undefined) return handset
    throw new Problem(STATUS.notFound, { code: 'no-phone', message: 'This phone does not exist.' })
  }

  #ask(...[request, signal]: Parameters<PageConsent['ask']>): ReturnType<PageConsent['ask']> {
    return this.#watch.watched(this.#consent).ask(request, signal)
  }

  async #serve(text: string, signal: AbortSignal): Promise<void> {
    const onProgress = ({ event }: ProgressEvent): void => this.feed.change({ step: event })
    let error: unknown
    try {
      await this.#handset.role.scan(text, { source: 'image', signal, onProgress })
    } catch (thrown) {
      error = thrown
    }
    const passkeys = await phonePasskeys(this.#handset.store)
    this.feed.change({ step: undefined, prompt: undefined, passkeys, outcome: this.#watch.outcome(error) })
  }

  #assertIdle(): void {
    if (this.feed.state.step === undefined) return
    throw new Problem(STATUS.conflict, { code: 'busy', message: 'The phone is busy with a QR code.' })
  }
}
