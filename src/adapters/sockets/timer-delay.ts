/** Timers of every runtime keep their delay in 31 bits, and fire at once for more. */
const MAX_DELAY_MS = 2 ** 31 - 1

/** @param ms a limit, Infinity for none: 25 days are as long as none to a connection. */
export function timerDelay(ms: number): number {
  return Math.min(ms, MAX_DELAY_MS)
}
