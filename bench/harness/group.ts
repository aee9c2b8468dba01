import type { ClaimResult, GroupResult, Omission, TimelineEvent, VariantResult } from './result.js'
import { interleave } from './rounds.js'
import type { Pace, Samples, Variant } from './rounds.js'
import { bootstrap, quantile, TYPICAL } from './statistics.js'
import type { Estimate } from './statistics.js'

/** A comparison to be made of two variants by name. */
export interface Claim {
  readonly of: string
  readonly against: string
  /** `of` is at least this many times as fast as `against`. Without it and `atMost` the speed is told, nothing demanded. */
  readonly atLeast?: number
  /** `of` costs at most this part of what `against` costs. */
  readonly atMost?: number
  /** What this variant costs, such as an empty start, is taken off both first. */
  readonly over?: string
  /** Tells the cost though nothing is demanded. */
  readonly measure?: 'cost'
}

/** Variants to be measured in the same rounds. */
export interface GroupSpec {
  /** Short, in lower case; unique within its suite. */
  readonly name: string
  readonly title: string
  /** Of the variants’ costs; µs where the harness times. */
  readonly unit?: string
  readonly variants: readonly Variant[]
  /** Those about variants that are not there are passed over. */
  readonly claims: readonly Claim[]
  /** Changes of the pace, for work that is too long for it. */
  readonly pace?: Partial<Pace>
  readonly timeline?: () => readonly TimelineEvent[]
}

/** What a suite works with. */
export interface BenchContext {
  readonly quick: boolean
  /** Measures a group and keeps the result. */
  group(spec: GroupSpec): Promise<GroupResult>
  /** Tells that something cannot be measured here. */
  omit(omission: Omission): void
}

/** Measures what it is asked to through the context. */
export type Suite = (context: BenchContext) => Promise<void>

/** Measures a group. */
export async function measureGroup(suite: string, spec: GroupSpec, pace: Pace): Promise<GroupResult> {
  const ownPace = { ...pace, ...spec.pace }
  const samples = await interleave(spec.variants, ownPace)
  const timeline = spec.timeline?.()
  return {
    suite,
    name: spec.name,
    title: spec.title,
    unit: spec.unit ?? 'µs',
    rounds: ownPace.rounds,
    variants: Array.from(samples, ([name, values]) => summary(name, values)),
    claims: spec.claims.flatMap(claim => checkClaim(claim, samples)),
    ...(timeline !== undefined && { timeline }),
  }
}

function summary(name: string, values: readonly number[]): VariantResult {
  return { name, p10: quantile(values, TYPICAL), p50: quantile(values, 0.5), p90: quantile(values, 0.9) }
}

/** Nothing where one of the variants is missing. */
export function checkClaim(claim: Claim, samples: Samples): readonly ClaimResult[] {
  const { of, against, atLeast, atMost } = claim
  const own = samples.get(of)
  const others = samples.get(against)
  if (own === undefined || others === undefined) return []
  const measure = claim.measure ?? (atMost === undefined ? 'speed' : 'cost')
  const ratio = measure === 'cost' ? [own, others] : [others, own]
  const estimate = estimateRatio(ratio[0] ?? [], ratio[1] ?? [], samples.get(claim.over ?? ''))
  const limit = atLeast ?? atMost
  if (limit === undefined) return [{ of, against, measure, ...estimate }]
  const met = atLeast !== undefined ? estimate.value >= limit : estimate.value <= limit
  return [{ of, against, measure, ...estimate, limit, met }]
}

function estimateRatio(
  numerator: readonly number[],
  denominator: readonly number[],
  base: readonly number[] = [],
): Estimate {
  const typical = (values: readonly number[], drawn: readonly number[]): number =>
    quantile(
      drawn.map(round => values[round] ?? NaN),
      TYPICAL,
    )
  return bootstrap(numerator.length, drawn => {
    const off = base.length > 0 ? typical(base, drawn) : 0
    return (typical(numerator, drawn) - off) / (typical(denominator, drawn) - off)
  })
}
