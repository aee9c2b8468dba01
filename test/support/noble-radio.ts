import { nobleScanner } from '../../src/adapters/noble/noble.js'
import type { NobleScannerOptions } from '../../src/adapters/noble/noble.js'
import type { HybridError } from '../../src/errors.js'
import type { BleScanner } from '../../src/ports/ble.js'
import { airProbe } from './air-probe.js'
import { FakeAir } from './fake-air.js'
import type { FakeNoble } from './fake-air.js'
import { manualClock } from './manual-clock.js'
import type { ManualClock } from './manual-clock.js'

/** Service data of an advert. */
export const PAYLOAD: Uint8Array = Uint8Array.of(1, 2, 3)

/** What a test of noble has. */
export interface Radio {
  readonly air: FakeAir
  readonly noble: FakeNoble
  readonly clock: ManualClock
  readonly scanner: BleScanner
}

/** A fake noble on fake air, and a scanner over it. */
export function radio(options: NobleScannerOptions = {}): Radio {
  const [air, clock] = [new FakeAir(), manualClock()]
  const noble = air.noble()
  return { air, noble, clock, scanner: nobleScanner({ noble, clock, ...options }) }
}

/** The failure of a scan. */
export async function failureOf(
  scanner: BleScanner,
  meanwhile: () => void = () => undefined,
): Promise<HybridError> {
  const failure = new Promise<HybridError>(failed => {
    scanner.scan({ ...airProbe(), failed })
  })
  await turn()
  meanwhile()
  return failure
}

/** Lets a fake that has been asked answer. */
export function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(() => setImmediate(resolve)))
}
