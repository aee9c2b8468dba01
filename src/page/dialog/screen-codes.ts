import { loadPixelDecoder } from '../../adapters/qr-picture/pixel-decoder.js'
import { systemClock } from '../../adapters/system/system.js'
import { unlessAborted } from '../../async/unless-aborted.js'
import { DeadlineError, UsageError } from '../../errors.js'
import type { Clock } from '../../ports/clock.js'
import type { Screen } from './screen.js'

const POLL_MS = 100
const SCHEME = 'FIDO:/'

/** How long to look at the screen. */
export interface LookOptions {
  /** ms; default 15 000. */
  readonly withinMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

const DEFAULT_WITHIN_MS = 15_000

/** The QR codes of passkey requests that a screen shows, one after the other. */
export class ScreenCodes {
  readonly #screen: Pick<Screen, 'picture'>
  readonly #clock: Clock
  readonly #taken = new Set<string>()

  constructor(screen: Pick<Screen, 'picture'>, clock: Clock = systemClock) {
    this.#screen = screen
    this.#clock = clock
  }

  /**
   * Waits for a code that was not given before.
   * @throws DeadlineError `request-timeout` when none comes; UsageError `aborted`.
   */
  async next(options: LookOptions = {}): Promise<string> {
    let last: string | undefined
    // A dialog that is being drawn or closed does not give the same result twice in a row.
    const seenTwice = (code: string | undefined): boolean => {
      const isSame = code !== undefined && code === last && !this.#taken.has(code)
      last = code
      return isSame
    }
    const code = await this.#lookFor(
      seenTwice,
      options,
      'the screen showed no new QR code of a passkey request',
    )
    if (code !== undefined) this.#taken.add(code)
    return String(code)
  }

  /** Waits until there is no code on the screen. @throws as `next`. */
  async gone(options: LookOptions = {}): Promise<void> {
    await this.#lookFor(code => code === undefined, options, 'the screen still shows a QR code')
  }

  async #lookFor(
    isIt: (code: string | undefined) => boolean,
    { withinMs = DEFAULT_WITHIN_MS, signal }: LookOptions,
    complaint: string,
  ): Promise<string | undefined> {
    const end = this.#clock.now() + withinMs
    for (;;) {
      const code = await this.#read()
      if (isIt(code)) return code
      if (this.#clock.now() > end) throw new DeadlineError('request', `${complaint} after ${withinMs} ms`)
      await this.#pause(signal)
    }
  }

  /** The code of a passkey request on the screen. */
  async #read(): Promise<string | undefined> {
    const [picture, decode] = await Promise.all([this.#screen.picture(), loadPixelDecoder()])
    try {
      const text = decode(picture)
      return text.toUpperCase().startsWith(SCHEME) ? text : undefined
    } catch {
      // The decoder throws where there is no code.
      return undefined
    }
  }

  async #pause(signal: AbortSignal | undefined): Promise<void> {
    let cancel: (() => void) | undefined
    await unlessAborted(
      signal,
      () =>
        new Promise<void>(resolve => {
          cancel = this.#clock.setAlarm(this.#clock.now() + POLL_MS, resolve)
        }),
    )
    cancel?.()
    if (signal?.aborted === true)
      throw new UsageError('aborted', 'looking at the screen was aborted', { cause: signal.reason })
  }
}
