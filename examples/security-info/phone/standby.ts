import type { ProgressEvent, ServeEvent } from 'fido-hybrid'
import type { Handset } from './handset.js'

/** The phone that is called. */
export interface StandbyOwner {
  /** A laptop calls. @returns whether the phone has time for it. */
  takesCall(): boolean
  /** Whether laptops can call it now. */
  isReachable(isReachable: boolean): void
  progress(event: ProgressEvent): void
  /** The call is over. @param error what it failed with. */
  ended(error?: unknown): void
}

/** Keeps the phone in somebody’s hand in reach of the laptops that remember it. */
export class Standby {
  readonly #owner: StandbyOwner
  #handset: Handset | undefined
  #abort = new AbortController()
  #serving: Promise<void> = Promise.resolve()
  #changes: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(owner: StandbyOwner) {
    this.#owner = owner
  }

  /** Waits for calls to this phone, and to no other; a phone without links is not called. */
  waitWith(handset: Handset): Promise<void> {
    this.#changes = this.#changes.then(() => this.#change(handset))
    return this.#changes
  }

  /** Like `end`, for good. */
  close(): Promise<void> {
    this.#isClosed = true
    return this.end()
  }

  /** Settles when nothing of it is left. */
  async end(): Promise<void> {
    this.#abort.abort()
    this.#handset = undefined
    this.#owner.isReachable(false)
    await this.#serving
  }

  async #change(handset: Handset): Promise<void> {
    const links = await handset.role.links()
    const wanted = links.length > 0 ? handset : undefined
    if (wanted === this.#handset) return
    await this.end()
    if (wanted !== undefined && !this.#isClosed) this.#begin(wanted)
  }

  #begin(handset: Handset): void {
    this.#handset = handset
    this.#abort = new AbortController()
    const serving = handset.role.serve({
      signal: this.#abort.signal,
      onCall: () => this.#owner.takesCall(),
      onProgress: event => this.#owner.progress(event),
      onEvent: event => this.#note(event),
    })
    this.#serving = serving.then(
      () => undefined,
      (error: unknown) => this.#owner.ended(error),
    )
  }

  #note(event: ServeEvent): void {
    if (event.event === 'reachable') this.#owner.isReachable(true)
    if (event.event === 'line-lost') this.#owner.isReachable(false)
    if (event.event === 'served') this.#owner.ended()
    if (event.event === 'failed' && event.link !== undefined) this.#owner.ended(event.error)
  }
}
