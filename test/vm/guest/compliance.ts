import { bluezAdvertiser, bluezScanner } from 'fido-hybrid/adapters/bluez'
import { radioCompliance } from 'fido-hybrid/testing'
import type { RadioCase, RadioHarness } from 'fido-hybrid/testing'
import { setPowered } from './adapter.js'
import { transmit } from './transmitter.js'
import { wish } from './wish.js'

const ADAPTERS = ['hci0', 'hci1']
/** More only where bluetoothd says how much more; it does so only as an experiment. */
const LEGACY_SERVICE_DATA_BYTES = 23

/**
 * bluetoothd may still be starting when btvirt sends an advert that was on the air before the scan. It hears it in the
 * next scan, which begins when this one is over, after 10.24 s.
 */
const PATIENCE_MS = 30_000

/** What is away stays so here. */
const MAX_INTERRUPTION_MS = 500

interface CaseOutcome {
  readonly name: string
  readonly elapsedMs: number
  readonly failure?: string
}

/** The suite that every adapter of the library has to pass, with the faults that a real system can have. */
export async function runCompliance(): Promise<object> {
  let removed = false
  const remove = async (): Promise<void> => {
    removed = true
    await wish('remove-adapters')
  }
  const harness: RadioHarness = {
    makeScanner: () => bluezScanner({ adapter: 'hci1', maxInterruptionMs: MAX_INTERRUPTION_MS }),
    makeAdvertiser: () => bluezAdvertiser({ adapter: 'hci0', maxInterruptionMs: MAX_INTERRUPTION_MS }),
    transmit,
    patienceMs: PATIENCE_MS,
    maxServiceDataBytes: LEGACY_SERVICE_DATA_BYTES,
    noAdapter: remove,
    removeAdapter: remove,
    powerOff: async () => {
      for (const adapter of ADAPTERS) await setPowered(adapter, false)
    },
    unauthorise: () => wish('deny'),
    restore: async () => {
      await wish('allow')
      if (removed) await wish('add-adapters')
      removed = false
      for (const adapter of ADAPTERS) await setPowered(adapter, true)
    },
    // It is switched off before it is removed, and bluetoothd tells both.
    codes: { removeAdapter: { scan: 'bluetooth-off', advertise: 'bluetooth-off' } },
    reasons: { addresses: 'the kernel chooses the address of each advert' },
  }
  const { cases, omitted } = radioCompliance(harness)
  return { outcomes: await outcomesOf(cases), omitted }
}

/** How each case of a suite ends, one after the other. */
export async function outcomesOf(cases: readonly RadioCase[]): Promise<readonly CaseOutcome[]> {
  const outcomes: CaseOutcome[] = []
  for (const each of cases) outcomes.push(await outcomeOf(each))
  return outcomes
}

async function outcomeOf({ name, run }: RadioCase): Promise<CaseOutcome> {
  const startedAt = performance.now()
  const failure = await run().then(() => undefined, String)
  const elapsedMs = Math.round(performance.now() - startedAt)
  return { name, elapsedMs, ...(failure !== undefined && { failure }) }
}
