import { setTimeout as sleep } from 'node:timers/promises'
import type { HybridAuthenticator } from '../../authenticator/hybrid-authenticator.js'
import { DeadlineError, UsageError } from '../../errors.js'
import type { Timeouts } from '../../session/position.js'
import type { PageOutcome, TrialRequest } from './page-outcome.js'
import type { TrialPage } from './page-server.js'
import type { Variant } from './passkey-desk.js'
import { EndedByPage } from './try-watch.js'
import type { TryWatch } from './try-watch.js'

/** What the phone of a trial is made of. */
export interface TrialPhoneOptions {
  readonly phone: Pick<HybridAuthenticator, 'scan'>
  readonly page: Pick<TrialPage, 'ask'>
  readonly timeouts: Partial<Timeouts>
  /** How long to wait where nothing should happen, ms. */
  readonly waitMs: number
  /** Asks the person for the code that the browser shows. @returns undefined when they have left, or `signal` has fired. */
  readonly askCode: (signal: AbortSignal) => Promise<string | undefined>
}

/** The phone of a trial, and the page whose browser it meets. */
export class TrialPhone {
  readonly #options: TrialPhoneOptions
  /** What was scanned last. */
  #code = ''

  constructor(options: TrialPhoneOptions) {
    this.#options = options
  }

  /** Has the page ask its browser, and answers the code that the browser shows. @throws EndedByPage; HybridError of the phone. */
  async meet(watch: TryWatch, request: TrialRequest, variant: Variant = {}): Promise<PageOutcome> {
    const over = new AbortController()
    const signal = AbortSignal.any([watch.signal, over.signal])
    try {
      const outcome = this.#options.page.ask(request, signal)
      const told = await this.#scanned(outcome, { ...watch, signal }, variant)
      if (told.error !== undefined) throw new EndedByPage(told.error)
      return told
    } finally {
      over.abort()
    }
  }

  /** Answers the last code once more. @throws HybridError, as it should. */
  async scanAgain(watch: TryWatch): Promise<void> {
    await this.#scan(watch, { isShort: true })
  }

  /** A browser may end the request before it shows a code. */
  async #scanned(outcome: Promise<PageOutcome>, watch: TryWatch, variant: Variant): Promise<PageOutcome> {
    const asking = new AbortController()
    const code = this.#options.askCode(AbortSignal.any([watch.signal, asking.signal]))
    const first = await Promise.race([outcome, code])
    if (typeof first === 'object') {
      asking.abort()
      await code
      return first
    }
    if (first === undefined) throw new UsageError('aborted', 'no code was given')
    this.#code = first
    const served = this.#scan(watch, variant)
    if (variant.isShort === true) await served
    const [end] = await Promise.allSettled([served])
    return await this.#toldInTime(outcome, end, watch.signal)
  }

  /** The page decides how the ceremony ended. */
  async #toldInTime(
    outcome: Promise<PageOutcome>,
    end: PromiseSettledResult<void>,
    signal: AbortSignal,
  ): Promise<PageOutcome> {
    const late = sleep(this.#options.waitMs, undefined, { signal }).catch(() => undefined)
    const told = await Promise.race([outcome, late])
    if (told !== undefined) return told
    if (end.status === 'rejected') throw end.reason
    throw new DeadlineError('response', 'the page has not told what came of it')
  }

  async #scan(watch: TryWatch, { isShort = false }: Variant): Promise<void> {
    const { phone, timeouts, waitMs } = this.#options
    const limits = isShort ? { ...timeouts, ceremonyMs: waitMs } : timeouts
    await phone.scan(this.#code, { ...watch, source: 'image', timeouts: limits })
  }
}
