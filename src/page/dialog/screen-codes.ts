import { setTimeout as sleep } from 'node:timers/promises'
import { DeadlineError, UsageError } from '../../errors.js'
import type { Screen } from './screen.js'
import type { Picture } from './xwd.js'

const POLL_MS = 100
const DECODE_LIMIT_MS = 3000
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
  readonly #screen: Screen
  readonly #taken = new Set<string>()

  constructor(screen: Screen) {
    this.#screen = screen
  }

  /**
   * Waits for a code that was not given before.
   * @throws DeadlineError `request-timeout` when none comes; UsageError `aborted`.
   */
  async next(options: LookOptions = {}): Promise<string> {
    let last: string | undefined
    // A dialog that is being drawn, or closed, is not there twice.
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
    const end = performance.now() + withinMs
    for (;;) {
      const code = await readCode(await this.#screen.picture())
      if (isIt(code)) return code
      if (performance.now() > end) throw new DeadlineError('request', `${complaint} after ${withinMs} ms`)
      await pause(signal)
    }
  }
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(POLL_MS, undefined, { signal })
  } catch (cause) {
    throw new UsageError('aborted', 'looking at the screen was aborted', { cause })
  }
}

/** The code of a passkey request in a picture. */
async function readCode(picture: Picture): Promise<string | undefined> {
  const { decodeQR } = await import('qr/decode.js')
  try {
    const text = decodeQR(picture, { timeLimit: DECODE_LIMIT_MS })
    return text.toUpperCase().startsWith(SCHEME) ? text : undefined
  } catch {
    // The reader throws where there is no code.
    return undefined
  }
}
