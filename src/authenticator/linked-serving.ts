import type { ServeResult } from '../driver/authenticator-driver.js'
import type { DriveOptions } from '../driver/drive-options.js'
import type { HybridError, UsageError } from '../errors.js'
import { callbackFailed } from '../ports/calling.js'
import type { Clock, Random } from '../ports/clock.js'
import type { LinkedCall, ContactLine, LineIdentity, CallReply } from '../ports/contact-line.js'
import type { Timeouts } from '../session/position.js'
import { CallDesk } from './call-desk.js'
import type { DeskOwner, CheckedCall } from './call-desk.js'
import type { PhoneLinks } from './phone-links.js'
import { ServeTally } from './serve-events.js'
import type { CallDropReason, LinkedCaller, ServeEvent, ServeReport } from './serve-events.js'
import { StandingLine } from './standing-line.js'
import type { LineOwner } from './standing-line.js'

/** How one linked client is served. */
interface TransactionOptions extends DriveOptions {
  /** Limits of the stages of each transaction, ms. */
  readonly timeouts?: Partial<Timeouts> | undefined
}

/** How linked clients are served. */
export interface ServeOptions extends TransactionOptions {
  /**
   * Asked before a linked client is served; the handler asks its user again for the request itself. All are served
   * unless given. Throwing ends the serving.
   */
  readonly onCall?: ((caller: LinkedCaller) => boolean | Promise<boolean>) | undefined
  /** Hears what happens between transactions; `onProgress` hears the steps of each. Throwing ends the serving. */
  readonly onEvent?: ((event: ServeEvent) => void) | undefined
}

/** What a phone serves its linked clients with. */
export interface ServingParts {
  readonly links: PhoneLinks
  readonly line: ContactLine
  readonly clock: Clock
  readonly random: Random
  /** Base of the tunnel service. */
  readonly url: string
  /** Serves one client; takes the keys over. */
  readonly transact: (call: CheckedCall, options: TransactionOptions) => Promise<ServeResult>
}

/** Stays reachable and answers linked clients, one after the other, until the signal of the options fires. */
export class LinkedServing implements DeskOwner, LineOwner {
  readonly #parts: ServingParts
  readonly #options: ServeOptions
  readonly #ended = new AbortController()
  readonly #tally = new ServeTally()
  readonly #desk: CallDesk
  readonly #line: StandingLine
  #fault: UsageError | undefined

  constructor(parts: ServingParts, options: ServeOptions) {
    this.#parts = parts
    this.#options = options
    this.#desk = new CallDesk(parts.links, options.onCall, this)
    this.#line = new StandingLine(parts, this)
  }

  /** Settles when everything is released. @throws UsageError `callback-failed`; StoreError; HybridError of fault `local` from the line. */
  async run(): Promise<ServeReport> {
    const { signal } = this.#options
    signal?.addEventListener('abort', this.#end)
    try {
      if (signal?.aborted === true) this.#end()
      await this.#line.run(this.signal)
    } finally {
      signal?.removeEventListener('abort', this.#end)
      this.#end()
      await this.#desk.close()
    }
    if (this.#fault !== undefined) throw this.#fault
    return this.#tally.report
  }

  /** Opens a new line, as the phone’s identity says now. */
  renew(): void {
    this.#line.renew()
  }

  get signal(): AbortSignal {
    return this.#ended.signal
  }

  async lineIdentity(): Promise<LineIdentity> {
    const { lineKey: key, revoked } = await this.#parts.links.identity()
    return { url: this.#parts.url, key, revoked }
  }

  reachable(): void {
    this.tell({ event: 'reachable' })
  }

  call(call: LinkedCall, { key }: LineIdentity): Promise<CallReply> {
    return this.#desk.receive(call, key)
  }

  lost(error: HybridError, retryInMs: number): void {
    this.tell({ event: 'line-lost', error, retryInMs })
  }

  transact(call: CheckedCall): Promise<ServeResult> {
    const { onProgress, timeouts, trace } = this.#options
    return this.#parts.transact(call, { onProgress, timeouts, trace, signal: this.signal })
  }

  /** Waits until the client has its answer, which goes over this very line. */
  moved(): void {
    const { clock } = this.#parts
    clock.setAlarm(clock.now(), () => this.renew())
  }

  drop(reason: CallDropReason): void {
    this.tell({ event: 'dropped', reason, total: this.#tally.drop(reason) })
  }

  tell(event: ServeEvent): void {
    this.#tally.count(event.event)
    try {
      this.#options.onEvent?.(event)
    } catch (cause) {
      this.fail(callbackFailed('onEvent', cause))
    }
  }

  fail(error: UsageError): void {
    this.#fault ??= error
    this.#end()
  }

  readonly #end = (): void => this.#ended.abort(this.#options.signal?.reason)
}
