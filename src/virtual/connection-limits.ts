import { limitsFrom } from '../bytes/limits.js'
import { CTAP_STATUS } from '../ctap/status.js'

/**
 * How many refusals and errors one client gets before the phone hangs up, counted for each connection. When a limit is
 * used up, the next request is not read: it ends the connection. At 0 the phone hangs up in place of the first such
 * answer.
 */
export interface ConnectionLimits {
  /** Prompts that end in a refusal: turned down, not answered, or without the verification that was wanted. 1 unless given. */
  readonly refusals?: number | undefined
  /**
   * Errors that are answered without a prompt, such as ERR_NO_CREDENTIALS: the user never sees what was asked. 3 unless
   * given.
   */
  readonly unseenErrors?: number | undefined
}

type Counts = Record<keyof ConnectionLimits, number>

const DEFAULT_LIMITS: Counts = { refusals: 1, unseenErrors: 3 }

/** What each connection has used up of its limits, for as long as its signal lives. */
export class ConnectionTally {
  readonly #limits: Readonly<Counts>
  readonly #connections = new WeakMap<AbortSignal, Counts>()

  /** @throws UsageError `argument-invalid` for a limit that is not a number from 0 on. */
  constructor(limits: ConnectionLimits | undefined) {
    this.#limits = limitsFrom('limits', DEFAULT_LIMITS, limits)
  }

  /** Whether a limit of the connection is used up. */
  isOver(connection: AbortSignal): boolean {
    const used = this.#usedBy(connection)
    return (
      isUsedUp(used.refusals, this.#limits.refusals) || isUsedUp(used.unseenErrors, this.#limits.unseenErrors)
    )
  }

  /** Counts an error. @returns whether it may be answered. */
  allows(status: number, wasAsked: boolean, connection: AbortSignal): boolean {
    // The user approved that the client learns of it.
    if (wasAsked && status === CTAP_STATUS.ERR_CREDENTIAL_EXCLUDED) return true
    const name = wasAsked ? 'refusals' : 'unseenErrors'
    const used = this.#usedBy(connection)
    used[name] += 1
    return used[name] <= this.#limits[name]
  }

  #usedBy(connection: AbortSignal): Counts {
    const used = this.#connections.get(connection) ?? { refusals: 0, unseenErrors: 0 }
    this.#connections.set(connection, used)
    return used
  }
}

function isUsedUp(used: number, limit: number): boolean {
  return used > 0 && used >= limit
}
