/** The p-quantile of numbers, interpolated between neighbours; NaN of none. */
export function quantile(numbers: readonly number[], p: number): number {
  const sorted = numbers.toSorted((left, right) => left - right)
  const position = p * (sorted.length - 1)
  const below = Math.floor(position)
  const low = sorted[below] ?? NaN
  const high = sorted[below + 1] ?? low
  return low + (high - low) * (position - below)
}

/** What a machine that others load too shows least altered: what the work costs when nobody interferes. */
export const TYPICAL = 0.1

/** A number and where it lies in 90 of 100 resampled runs. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

const RESAMPLES = 300
const CONFIDENCE = 0.9

/**
 * An estimate of something computed from rounds, by the bootstrap: rounds are drawn anew, with repetition. The draw is the
 * same each time, so the same samples give the same estimate.
 * @param statistic computes it from the numbers of the rounds it is given, which are indices below `rounds`.
 */
export function bootstrap(rounds: number, statistic: (drawn: readonly number[]) => number): Estimate {
  const random = generator(rounds)
  const all = Array.from({ length: rounds }, (_, index) => index)
  const values = Array.from({ length: rounds > 1 ? RESAMPLES : 0 }, () =>
    statistic(all.map(() => Math.floor(random() * rounds))),
  )
  const value = statistic(all)
  const outside = (1 - CONFIDENCE) / 2
  return {
    value,
    low: Math.min(value, values.length > 0 ? quantile(values, outside) : value),
    high: Math.max(value, values.length > 0 ? quantile(values, 1 - outside) : value),
  }
}

/** Numbers from 0 to below 1 that repeat for the same seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
