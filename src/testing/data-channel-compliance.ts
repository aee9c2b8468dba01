import { ChannelBench } from './channel/bench.js'
import { CHANNEL_CASES } from './channel/cases.js'
import type { ChannelCaseOutline } from './channel/cases.js'
import type { DataChannelHarness, DataChannelNeed } from './channel/harness.js'

export type { DataChannelHarness, DataChannelNeed } from './channel/harness.js'

/** One case: settles, or rejects with an error that is named AssertionError and says what was expected. */
export interface DataChannelCase {
  /** What the dialer or listener owes, as a sentence. */
  readonly name: string
  /** Runs the case; it may take some seconds. */
  readonly run: () => Promise<void>
}

/** A case that this harness cannot run, and why. */
export interface OmittedDataChannelCase {
  /** What the dialer or listener owes, as a sentence. */
  readonly name: string
  /** Which member of the harness is missing, and why. */
  readonly reason: string
}

/** The cases for one harness. */
export interface DataChannelCompliance {
  /** Those that this harness can run. */
  readonly cases: readonly DataChannelCase[]
  /** Those that it cannot. */
  readonly omitted: readonly OmittedDataChannelCase[]
}

/**
 * The behaviour that every dialer and listener of data channels owes its role, as cases for any test runner. Cases share the harness,
 * so they run one after the other.
 *
 * @example
 * import { test } from 'node:test'
 *
 * const air = createAir()
 * const [laptop, phone] = [air.device(), air.device()]
 * const { cases } = dataChannelCompliance({
 *   makeDialer: () => laptop.dataChannelDialer,
 *   makeListener: () => phone.dataChannelListener,
 *   listenerAddress: () => ({ address: 'C0:00:00:00:00:01', addressType: 'random' }),
 * })
 * for (const { name, run } of cases) test(name, run)
 */
export function dataChannelCompliance(harness: DataChannelHarness): DataChannelCompliance {
  const cases: DataChannelCase[] = []
  const omitted: OmittedDataChannelCase[] = []
  for (const outline of CHANNEL_CASES) {
    const { name } = outline
    const missing = outline.needs.filter(need => harness[need] === undefined)
    if (missing.length === 0) cases.push({ name, run: () => runCase(outline, harness) })
    else omitted.push({ name, reason: missing.map(need => reasonFor(harness, need)).join('; ') })
  }
  return { cases, omitted }
}

async function runCase({ script }: ChannelCaseOutline, harness: DataChannelHarness): Promise<void> {
  await harness.prepare?.()
  const bench = new ChannelBench(harness)
  try {
    await script(bench, harness)
  } finally {
    await bench.clear()
    await harness.restore?.()
  }
}

function reasonFor({ reasons }: DataChannelHarness, need: DataChannelNeed): string {
  return reasons?.[need] ?? `no ${need}`
}
