import { serviceRestart } from '../bytes/close-code.js'
import { equalBytes } from '../bytes/bytes.js'
import { deferred } from '../async/deferred.js'
import { readU32BE } from '../bytes/endian.js'
import { TunnelError } from '../errors.js'
import type { HybridError } from '../errors.js'
import type { Clock, Random } from '../ports/clock.js'
import type { LinkedCall, ContactLine, LineIdentity, CallReply } from '../ports/contact-line.js'

/** What a standing line is made of. */
interface StandingLineParts {
  readonly line: ContactLine
  readonly clock: Clock
  /** Spreads the attempts of many phones that lost their lines in the same moment. */
  readonly random: Random
}

/** The serving that a standing line belongs to. */
export interface LineOwner {
  /** The key to be reachable under; asked before each attempt. */
  lineIdentity(): Promise<LineIdentity>
  reachable(): void
  call(call: LinkedCall, identity: LineIdentity): Promise<CallReply>
  /** The line is lost, and will be opened again after this time. */
  lost(error: HybridError, retryInMs: number): void
}

const FIRST_RETRY_MS = 1000
const LAST_RETRY_MS = 60_000
const JITTER_BYTES = 4

interface LineEnd {
  /** undefined when this side closed the line. */
  readonly error: HybridError | undefined
  /** How long the phone was reachable, ms; undefined when it never was. */
  readonly reachableMs: number | undefined
}

/**
 * A contact line that is opened again when it is lost. The wait is one second, then twice as long each time, up to a minute;
 * each wait is multiplied by a random factor of 0.5 to 1.5. A service that restarts (close code 1012) has sent its phones away one
 * after the other, so a phone dials again at once, unless its line lasted less than a second.
 */
export class StandingLine {
  readonly #parts: StandingLineParts
  readonly #owner: LineOwner
  #interrupt: () => void = () => undefined

  constructor(parts: StandingLineParts, owner: LineOwner) {
    this.#parts = parts
    this.#owner = owner
  }

  /**
   * Settles when the signal has fired and nothing of the line is left.
   * @throws HybridError: an error that waiting does not mend (fault `local`), or that of `lineIdentity`.
   */
  async run(signal: AbortSignal): Promise<void> {
    const onAbort = (): void => this.#interrupt()
    signal.addEventListener('abort', onAbort)
    try {
      for (let failures = 0; !signal.aborted;) {
        const { error, reachableMs } = await this.#openOnce(signal)
        if (error === undefined) continue
        failures = reachableMs === undefined ? failures + 1 : 1
        const isSentAway = isRestart(error) && (reachableMs ?? 0) >= FIRST_RETRY_MS
        await this.#pause(error, isSentAway ? 0 : retryDelay(failures, this.#parts.random))
      }
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  /** Opens a new line, as `lineIdentity` says now. */
  renew(): void {
    this.#interrupt()
  }

  async #openOnce(signal: AbortSignal): Promise<LineEnd> {
    const identity = await this.#owner.lineIdentity()
    if (signal.aborted) return { error: undefined, reachableMs: undefined }
    const end = await this.#hold(identity)
    if (end.error?.fault !== 'local') return end
    const { key } = await this.#owner.lineIdentity()
    if (equalBytes(key, identity.key)) throw end.error
    return { error: undefined, reachableMs: end.reachableMs }
  }

  async #hold(identity: LineIdentity): Promise<LineEnd> {
    const { clock } = this.#parts
    const ended = deferred<HybridError | undefined>()
    let reachableAt: number | undefined
    this.#interrupt = () => ended.resolve(undefined)
    const line = this.#parts.line.open(identity, {
      reachable: () => {
        reachableAt = clock.now()
        this.#owner.reachable()
      },
      call: call => this.#owner.call(call, identity),
      failed: error => ended.resolve(error),
    })
    const error = await ended.promise
    const reachableMs = reachableAt === undefined ? undefined : clock.now() - reachableAt
    await line.stop()
    return { error, reachableMs }
  }

  async #pause(error: HybridError, retryInMs: number): Promise<void> {
    const { clock } = this.#parts
    const over = deferred<undefined>()
    this.#interrupt = () => over.resolve(undefined)
    const cancel = clock.setAlarm(clock.now() + retryInMs, this.#interrupt)
    this.#owner.lost(error, retryInMs)
    await over.promise
    cancel()
  }
}

function isRestart(error: HybridError): boolean {
  return error instanceof TunnelError && error.closeCode === serviceRestart
}

/** @param failures attempts that failed one after the other, 1 or more. @returns whole milliseconds. */
function retryDelay(failures: number, random: Random): number {
  const delayMs = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LAST_RETRY_MS)
  const share = readU32BE(random.bytes(JITTER_BYTES)) / 2 ** (8 * JITTER_BYTES)
  return Math.floor(delayMs * (0.5 + share))
}
