import { randomUUID } from 'node:crypto'
import type { CeremonyOptions, HybridClient, LocalClient, ProgressEvent, Qr, Timeouts } from 'fido-hybrid'
import { describeFailure } from '../failure.js'
import { Feed } from '../http/feed.js'
import type { CeremonyOutcome, CeremonyState, CeremonyWish } from '../wire/laptop.js'

/** Who does the work. */
export interface Clients {
  /** With a phone that scans a QR code. */
  readonly hybrid: HybridClient
  /** With this computer’s own passkeys. */
  readonly local: LocalClient
  readonly timeouts: Partial<Timeouts> | undefined
}

/** Until then a phone may still scan. */
const BEFORE_THE_PHONE: readonly ProgressEvent['event'][] = [
  'qr-shown',
  'scanning',
  'radio-interrupted',
  'radio-resumed',
]

/** One registration or sign-in that a page asked for. */
export class Ceremony {
  readonly id: string = randomUUID()
  readonly feed: Feed<CeremonyState>
  readonly #clients: Clients
  readonly #abort = new AbortController()
  readonly #over: Promise<void>
  #picture: Uint8Array | undefined

  /** @param origin of the page, which the page cannot choose. */
  constructor(clients: Clients, wish: CeremonyWish, origin: string) {
    this.#clients = clients
    const { kind, device } = wish
    this.feed = new Feed<CeremonyState>({ id: this.id, kind, device, step: 'starting' })
    this.#over = this.#run(wish, origin)
  }

  /** The QR code that is on the screen, as PNG file bytes. */
  get picture(): Uint8Array | undefined {
    return this.feed.state.qr === undefined ? undefined : this.#picture
  }

  /** Gives it up, and settles when nothing of it is left. */
  async cancel(): Promise<void> {
    this.#abort.abort()
    await this.#over
  }

  async #run(wish: CeremonyWish, origin: string): Promise<void> {
    const outcome = await this.#outcome(wish, origin)
    this.feed.change({ qr: undefined, prompt: undefined, outcome })
  }

  async #outcome(wish: CeremonyWish, origin: string): Promise<CeremonyOutcome> {
    try {
      return { response: await this.#perform(wish, { origin, signal: this.#abort.signal }) }
    } catch (error) {
      return { failure: describeFailure(error) }
    }
  }

  #perform(
    wish: CeremonyWish,
    ceremony: Pick<CeremonyOptions, 'origin' | 'signal'>,
  ): Promise<Extract<CeremonyOutcome, { response: unknown }>['response']> {
    const { hybrid, local, timeouts } = this.#clients
    if (wish.device === 'this-computer')
      return wish.kind === 'create' ? local.create(wish.options, ceremony) : local.get(wish.options, ceremony)
    const options: CeremonyOptions = {
      ...ceremony,
      timeouts,
      onQr: qr => this.#show(qr),
      onProgress: ({ event }) => this.#note(event),
    }
    return wish.kind === 'create' ? hybrid.create(wish.options, options) : hybrid.get(wish.options, options)
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
