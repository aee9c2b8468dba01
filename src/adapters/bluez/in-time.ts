import type { Clock } from '../../ports/clock.js'

/** The result of a promise, or its replacement once `ms` have passed on the clock. The alarm does not outlive the promise. */
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
