import { randomUUID } from 'node:crypto'
import type { CeremonySettings, ProgressEvent, Qr } from 'fido-hybrid'
import type { Response } from 'express'
import { describeFailure } from '../failure.js'
import { Feed } from '../http/feed.js'
import type {
  CeremonyAnswer,
  CeremonyEnd,
  CeremonyOutcome,
  CeremonyState,
  CeremonyWish,
} from '../wire/ceremony.js'

/** What a client needs to know of the page that asks, and whom it tells. */
export interface PageSettings extends Required<Pick<CeremonySettings, 'origin' | 'signal'>> {
  /** Settles when the site has taken the answer. */
  readonly onResponse: (answer: CeremonyAnswer) => Promise<void>
  readonly onQr: (qr: Qr) => Promise<void>
  readonly onProgress: (event: ProgressEvent) => void
}

/** Makes what a page wishes for, with a phone or on this device. */
export type Perform = (wish: CeremonyWish, settings: PageSettings) => Promise<CeremonyAnswer>

/** Until then a phone may still scan. */
const BEFORE_THE_PHONE: readonly ProgressEvent['event'][] = [
  'qr-shown',
  'scanning',
  'radio-interrupted',
  'radio-resumed',
]

/** A page follows at once what it has asked for. */
const UNFOLLOWED_MS = 10_000

/**
 * One registration or sign-in that a page asked for. It lasts as long as a page follows it: a page that was closed or loaded
 * again can give no answer to the site, so its phone must not ask any longer.
 */
export class Ceremony {
  readonly id: string = randomUUID()
  readonly feed: Feed<CeremonyState>
  readonly #abort = new AbortController()
  readonly #over: Promise<void>
  readonly #unfollowed = setTimeout(() => void this.end('page-left'), UNFOLLOWED_MS)
  #decide: ((isAccepted: boolean) => void) | undefined
  #isAccepted: boolean | undefined
  #end: CeremonyEnd | undefined
  #picture: Uint8Array | undefined

  /**
   * @param origin of the page, which the page cannot choose.
   * @param before is waited for: one ceremony at a time.
   */
  constructor(perform: Perform, wish: CeremonyWish, origin: string, before: Promise<void> | undefined) {
    const { kind, device } = wish
    this.feed = new Feed<CeremonyState>({ id: this.id, kind, device, step: 'starting' })
    this.#over = this.#run(perform, wish, origin, before)
  }

  /** The QR code that is on the screen, as PNG file bytes. */
  get picture(): Uint8Array | undefined {
    return this.feed.state.qr === undefined ? undefined : this.#picture
  }

  /** Tells a page how it stands, until it leaves. */
  follow(response: Response): void {
    clearTimeout(this.#unfollowed)
    this.feed.serve(response)
    response.on('close', () => {
      if (!this.feed.isFollowed) void this.end('page-left')
    })
  }

  /**
   * The site’s word on the answer: only then does the device take it as done. Settles when it has been told.
   * @returns false where no answer waits for it.
   */
  async judge(isAccepted: boolean): Promise<boolean> {
    if (this.#decide === undefined) return false
    this.#isAccepted = isAccepted
    this.#decide(isAccepted)
    await this.#over
    return true
  }

  /** Gives it up unless the site has accepted it, and settles when nothing of it is left. */
  async end(end: CeremonyEnd): Promise<void> {
    this.#end ??= end
    if (this.#isAccepted !== true) this.#abort.abort()
    await this.#over
  }

  async #run(
    perform: Perform,
    wish: CeremonyWish,
    origin: string,
    before: Promise<void> | undefined,
  ): Promise<void> {
    await before
    const outcome = await this.#outcome(perform, wish, origin)
    clearTimeout(this.#unfollowed)
    this.#decide = undefined
    this.feed.change({ qr: undefined, prompt: undefined, answer: undefined, outcome })
  }

  async #outcome(perform: Perform, wish: CeremonyWish, origin: string): Promise<CeremonyOutcome> {
    const settings: PageSettings = {
      origin,
      signal: this.#abort.signal,
      onQr: qr => this.#show(qr),
      onProgress: ({ event }) => this.#note(event),
      onResponse: answer => this.#judged(answer),
    }
    try {
      return { response: await perform(wish, settings) }
    } catch (error) {
      return this.#failure(error)
    }
  }

  #failure(error: unknown): CeremonyOutcome {
    const failure = describeFailure(error)
    if (this.#isAccepted === false)
      return { failure: { ...failure, name: 'NotAllowedError', code: 'site-refused' } }
    if (this.#end !== undefined) return { failure: { ...failure, name: 'AbortError', code: this.#end } }
    return { failure }
  }

  /** Waits for the site, which hears the answer from its page. */
  #judged(answer: CeremonyAnswer): Promise<void> {
    const { signal } = this.#abort
    return new Promise((resolve, reject) => {
      const refuse = (): void => reject(new Error('the site has not taken the answer'))
      signal.addEventListener('abort', refuse, { once: true })
      if (signal.aborted) refuse()
      this.#decide = isAccepted => (isAccepted ? resolve() : refuse())
      this.feed.change({ answer })
    })
  }

  async #show(qr: Qr): Promise<void> {
    this.#picture = await qr.toPng()
    if (this.feed.state.outcome !== undefined) return
    this.feed.change({ qr: { picture: `/laptop/screen?ceremony=${this.id}`, text: qr.url } })
  }

  #note(step: ProgressEvent['event']): void {
    // A code that was scanned is of no use to anybody else.
    this.feed.change(BEFORE_THE_PHONE.includes(step) ? { step } : { step, qr: undefined })
  }
}
