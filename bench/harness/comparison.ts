import { claimKey } from './claim-key.js'
import type { BenchResult, ClaimResult } from './result.js'

/** How a ratio of one run stands to the same ratio of another. */
export interface Change {
  readonly name: string
  readonly before: ClaimResult
  readonly after: ClaimResult
  /** How many times as good: above 1 is better. */
  readonly factor: number
  readonly verdict: 'better' | 'worse' | 'within noise'
}

/** What differs from run to run though nothing has changed: where code lies in memory, when it is compiled. */
const RUN_TO_RUN = 0.05

/** Compares what both results have; ratios, because costs of two runs on a shared machine cannot be compared. */
export function compareResults(before: BenchResult, after: BenchResult): Change[] {
  const earlier = claimsByKey(before)
  return Array.from(claimsByKey(after)).flatMap(([name, claim]) => {
    const old = earlier.get(name)
    return old === undefined ? [] : [compareClaims(name, old, claim)]
  })
}

function compareClaims(name: string, before: ClaimResult, after: ClaimResult): Change {
  const growth = after.value / before.value
  const factor = after.measure === 'speed' ? growth : 1 / growth
  const apart = before.high < after.low || after.high < before.low
  const beyond = apart && Math.abs(factor - 1) > RUN_TO_RUN
  const direction = factor > 1 ? 'better' : 'worse'
  return { name, before, after, factor, verdict: beyond ? direction : 'within noise' }
}

function claimsByKey({ groups }: BenchResult): Map<string, ClaimResult> {
  return new Map(groups.flatMap(group => group.claims.map(claim => [claimKey(group, claim), claim] as const)))
}
