import type { Clock } from '../../ports/clock.js'

/** What a promise gives, or what stands in for it once the clock has gone on by `ms`. The alarm does not outlive it. */
export async function inTime<Result>(
  clock: Clock,
  ms: number,
  promise: Promise<Result>,
  tooLate: () => Result,
): Promise<Result> {
  let cancel: () => void = () => undefined
  const limit = new Promise<Result>(resolve => {
    cancel = clock.setAlarm(clock.now() + ms, () => resolve(tooLate()))
  })
  try {
    return await Promise.race([promise, limit])
  } finally {
    cancel()
  }
}
