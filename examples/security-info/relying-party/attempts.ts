import { Problem, STATUS } from '../http/problem.js'

const MAX_FAILURES = 10
const WINDOW_MS = 5 * 60_000
const MAX_NAMES = 1000

/** Makes guessing passwords slow: after ten failures within five minutes a user name has to wait. */
export class Attempts {
  readonly #failures = new Map<string, number[]>()
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** @throws Problem 429. */
  assertAllowed(userName: string): void {
    if (this.#recent(userName).length < MAX_FAILURES) return
    throw new Problem(STATUS.tooMany, {
      code: 'too-many-attempts',
      message: 'Too many attempts. Wait five minutes and try again.',
    })
  }

  noteFailure(userName: string): void {
    const failures = [...this.#recent(userName), this.#now()]
    this.#failures.delete(keyOf(userName))
    this.#failures.set(keyOf(userName), failures)
    // The oldest go first: a flood of invented names costs no memory.
    for (const name of this.#failures.keys()) if (this.#failures.size > MAX_NAMES) this.#failures.delete(name)
  }

  noteSuccess(userName: string): void {
    this.#failures.delete(keyOf(userName))
  }

  #recent(userName: string): number[] {
    const since = this.#now() - WINDOW_MS
    return (this.#failures.get(keyOf(userName)) ?? []).filter(at => at > since)
  }
}

function keyOf(userName: string): string {
  return userName.toLowerCase()
}
