/**
 * The runtime’s timers and Web Crypto as clock and randomness.
 * @module
 */
import { SECOND_MS } from '../../ports/clock.js'
import type { Clock, Random } from '../../ports/clock.js'

/** Timers of every runtime keep their delay in 31 bits. */
const MAX_DELAY_MS = 2 ** 31 - 1
/** Web Crypto gives no more at a time. */
const MAX_RANDOM_BYTES = 65_536

/** The clock of this machine, in any runtime. */
export const systemClock: Clock = {
  now: () => performance.now(),
  epochSeconds: () => Math.floor(Date.now() / SECOND_MS),
  setAlarm(at, alarm) {
    let timer = setTimeout(ring, delayUntil(at))
    // Timers may fire a moment early, and cannot wait for longer than 25 days.
    function ring(): void {
      if (performance.now() >= at) {
        alarm()
        return
      }
      timer = setTimeout(ring, delayUntil(at))
    }
    return () => {
      clearTimeout(timer)
    }
  },
}

/** The CSPRNG of this machine, in any runtime. */
export const systemRandom: Random = {
  bytes(length) {
    const bytes = new Uint8Array(length)
    for (let start = 0; start < length; start += MAX_RANDOM_BYTES)
      globalThis.crypto.getRandomValues(bytes.subarray(start, start + MAX_RANDOM_BYTES))
    return bytes
  },
}

function delayUntil(at: number): number {
  return Math.min(MAX_DELAY_MS, Math.max(0, Math.ceil(at - performance.now())))
}
