/** Median and 95th percentile, to a tenth. */
export interface Quantiles {
  readonly p50: number
  readonly p95: number
}

export function quantiles(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((one, other) => one - other)
  const at = (share: number): number => Math.round((sorted[Math.floor(share * sorted.length)] ?? 0) * 10) / 10
  return { p50: at(0.5), p95: at(0.95) }
}
