import { setImmediate } from 'node:timers/promises'
import { expect } from 'vitest'
import type { ManualClock } from './manual-clock.js'

/** The longest pause between two tries; alarms that are farther away are limits for answers. */
const MAX_PAUSE_MS = 500

/** Waits, while the clock stands, until a radio has had its answers: it pauses, or needs no time any more. */
export async function settled(clock: ManualClock): Promise<void> {
  await setImmediate()
  await expect
    .poll(() => clock.next() <= MAX_PAUSE_MS || clock.alarms() === 0, { interval: 1, timeout: 10_000 })
    .toBe(true)
}

/** Lets time pass, with all that bus and radio do in it. */
export async function pass(clock: ManualClock, ms: number): Promise<void> {
  const end = clock.now() + ms
  await settled(clock)
  while (clock.now() < end) {
    clock.advance(Math.min(clock.next(), end - clock.now()))
    await settled(clock)
  }
}
