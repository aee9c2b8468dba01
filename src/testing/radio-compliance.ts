import { ADVERTISER_CASES } from './radio/advertiser-cases.js'
import { FAULT_CASES } from './radio/fault-cases.js'
import type { RadioHarness, RadioPower } from './radio/harness.js'
import { SCANNER_CASES } from './radio/scanner-cases.js'

export type {
  FaultCodes,
  RadioFault,
  RadioHarness,
  RadioPower,
  RadioPowers,
  Transmission,
  TransmitOptions,
} from './radio/harness.js'

/** One case: settles, or rejects with an error that is named AssertionError and says what was expected. */
export interface RadioCase {
  /** What the radio owes, as a sentence. */
  readonly name: string
  /** Runs the case; it may take some seconds. */
  readonly run: () => Promise<void>
}

/** A case that this harness cannot run, and why. */
export interface OmittedRadioCase {
  /** What the radio owes, as a sentence. */
  readonly name: string
  /** Which power of the harness is missing, and why. */
  readonly reason: string
}

/** The cases for one harness. */
export interface RadioCompliance {
  /** Those that this harness can run. */
  readonly cases: readonly RadioCase[]
  /** Those that it cannot. */
  readonly omitted: readonly OmittedRadioCase[]
}

/**
 * The behaviour that every scanner and advertiser owes its role, as cases for any test runner. Cases share the harness,
 * so they run one after the other.
 *
 * @example
 * import { test } from 'node:test'
 *
 * const { cases, omitted } = radioCompliance(harness)
 * for (const { name, run } of cases) test(name, run)
 */
export function radioCompliance(harness: RadioHarness): RadioCompliance {
  const all = [...SCANNER_CASES, ...ADVERTISER_CASES, ...FAULT_CASES]
  const cases: RadioCase[] = []
  const omitted: OmittedRadioCase[] = []
  for (const each of all) {
    const { name } = each
    const missing = each.needs.filter(need => harness[need] === undefined)
    if (missing.length === 0) cases.push({ name, run: () => each.run(harness) })
    else omitted.push({ name, reason: reasonFor(harness, missing) })
  }
  return { cases, omitted }
}

function reasonFor(harness: RadioHarness, missing: readonly RadioPower[]): string {
  return [...new Set(missing.map(power => harness.reasons?.[power] ?? `no ${power}`))].join('; ')
}

/** How each case ended. */
export interface RadioReport {
  /** Names of cases. */
  readonly passed: readonly string[]
  /** Names of cases, and the errors that they rejected with. */
  readonly failed: readonly { readonly name: string; readonly error: unknown }[]
  /** Cases that this harness cannot run. */
  readonly omitted: readonly OmittedRadioCase[]
}

/**
 * Runs all cases without a test runner; never rejects.
 *
 * @example
 * const { passed, failed } = await runRadioCompliance(harness)
 * for (const { name, error } of failed) console.error(name, error)
 */
export async function runRadioCompliance(harness: RadioHarness): Promise<RadioReport> {
  const { cases, omitted } = radioCompliance(harness)
  const passed: string[] = []
  const failed: { name: string; error: unknown }[] = []
  for (const { name, run } of cases) {
    try {
      await run()
      passed.push(name)
    } catch (error) {
      failed.push({ name, error })
    }
  }
  return { passed, failed, omitted }
}
