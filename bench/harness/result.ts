import { readFileSync } from 'node:fs'
import type { Estimate } from './statistics.js'

/** Raised when the shape below changes, so that no report reads what it does not understand. */
export const RESULT_VERSION = 1

/** Where and on what was measured. */
export interface Machine {
  readonly node: string
  readonly openssl: string
  readonly v8: string
  readonly platform: string
  readonly cpu: string
  readonly cores: number
  /** Load averages over one minute, before the first group and after the last. */
  readonly load: readonly [before: number, after: number]
}

/** What one variant cost, in the unit of its group; less is better. */
export interface VariantResult {
  readonly name: string
  readonly p10: number
  readonly p50: number
  readonly p90: number
}

/** A comparison of two variants of a group, from their p10. */
export interface ClaimResult extends Estimate {
  readonly of: string
  readonly against: string
  /** `speed`: how many times as fast, more is better; `cost`: what part of the cost, less is better. */
  readonly measure: 'speed' | 'cost'
  /** Absent where nothing is demanded. */
  readonly limit?: number
  readonly met?: boolean
}

/** Something left out, and why. */
export interface Omission {
  readonly name: string
  readonly reason: string
}

/** Variants measured in the same rounds, and what is claimed of them. */
export interface GroupResult {
  readonly suite: string
  readonly name: string
  readonly title: string
  readonly unit: string
  readonly rounds: number
  readonly variants: readonly VariantResult[]
  readonly claims: readonly ClaimResult[]
  /** What a picture needs besides. */
  readonly timeline?: readonly TimelineEvent[]
}

/** One bar of a waterfall. */
export interface TimelineEvent {
  readonly lane: string
  readonly name: string
  /** Since the tunnel was open, ms. */
  readonly from: number
  readonly to: number
}

/** A whole run of the benchmarks. */
export interface BenchResult {
  readonly version: typeof RESULT_VERSION
  readonly startedAt: string
  readonly quick: boolean
  readonly machine: Machine
  readonly groups: readonly GroupResult[]
  readonly omitted: readonly Omission[]
}

/** Reads a file that `npm run bench -- --json FILE` wrote. @throws Error for any other. */
export function readResult(path: string): BenchResult {
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (isResult(parsed)) return parsed
  throw new Error(`${path} is no result of version ${RESULT_VERSION} of the benchmarks; measure again`)
}

function isResult(value: unknown): value is BenchResult {
  if (typeof value !== 'object' || value === null) return false
  return (
    'version' in value &&
    value.version === RESULT_VERSION &&
    'machine' in value &&
    'groups' in value &&
    Array.isArray(value.groups)
  )
}
