import { systemRandom } from '../../adapters/system/system.js'
import type { Advertisement, BleAdvertiser, BleScanner, BleScan } from '../../ports/ble.js'
import type { RadioHarness, RadioPower, RadioPowers, Transmission } from './harness.js'
import { RadioAssertion } from './assertion.js'
import { within } from '../../async/within.js'
import { RadioProbe } from './probe.js'

const DEFAULT_PATIENCE_MS = 10_000
/** Service data as the protocol has it (protocol.md 5.1). */
const ADVERT_BYTES = 20

/** A case of the suite before it has met a harness. */
export interface CaseOutline {
  readonly name: string
  readonly needs: readonly RadioPower[]
  run(harness: RadioHarness): Promise<void>
}

/** A harness that has the powers which a case needs. */
type Able<Need extends RadioPower> = RadioHarness & Pick<RadioPowers, Need>

/** Makes a case: its script gets the harness, prepared, and a bench that clears itself afterwards. */
export function radioCase<Need extends RadioPower>(
  name: string,
  needs: readonly Need[],
  script: (harness: Able<Need>, bench: RadioBench) => Promise<void>,
): CaseOutline {
  return {
    name,
    needs,
    run: async harness => {
      if (!isAble(harness, needs)) throw new RadioAssertion('the harness lacks a power', needs, [])
      await harness.prepare?.()
      const bench = new RadioBench(harness.patienceMs ?? DEFAULT_PATIENCE_MS)
      try {
        await script(harness, bench)
      } finally {
        await bench.clear()
        await harness.restore?.()
      }
    },
  }
}

function isAble<Need extends RadioPower>(
  harness: RadioHarness,
  needs: readonly Need[],
): harness is Able<Need> {
  return needs.every(need => harness[need] !== undefined)
}

/** A handle and what its listener hears. */
export interface Probed<Handle> {
  readonly handle: Handle
  readonly probe: RadioProbe
}

/** What a case has running; all of it is stopped in the end. */
export class RadioBench {
  readonly #patienceMs: number
  readonly #running: { stop(): Promise<void> }[] = []

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs
  }

  /** Service data that nobody has sent before. */
  payload(length: number = ADVERT_BYTES): Uint8Array {
    return systemRandom.bytes(length)
  }

  probe(): RadioProbe {
    return new RadioProbe(this.#patienceMs)
  }

  scan(scanner: BleScanner): Probed<BleScan> {
    const probe = this.probe()
    return { probe, handle: this.#keep(scanner.scan(probe)) }
  }

  /** A scan that hears. */
  async listen(scanner: BleScanner): Promise<Probed<BleScan>> {
    const scan = this.scan(scanner)
    await scan.probe.until('started')
    return scan
  }

  advertise(advertiser: BleAdvertiser, serviceData: Uint8Array): Probed<Advertisement> {
    const probe = this.probe()
    return { probe, handle: this.#keep(advertiser.advertise(serviceData, probe)) }
  }

  /** An advert that is on the air. */
  async publish(advertiser: BleAdvertiser, serviceData: Uint8Array): Promise<Probed<Advertisement>> {
    const advert = this.advertise(advertiser, serviceData)
    await advert.probe.until('started')
    return advert
  }

  async transmit(transmission: Promise<Transmission>): Promise<Transmission> {
    return this.#keep(await this.#timed(transmission, 'transmit'))
  }

  /** Stops something, which has to settle in time. */
  stop(running: { stop(): Promise<void> }): Promise<void> {
    return this.#timed(running.stop(), 'stop()')
  }

  async clear(): Promise<void> {
    await Promise.all(this.#running.splice(0).map(each => this.stop(each)))
  }

  #keep<Handle extends { stop(): Promise<void> }>(handle: Handle): Handle {
    this.#running.push(handle)
    return handle
  }

  #timed<T>(promise: Promise<T>, what: string): Promise<T> {
    return within(
      this.#patienceMs,
      promise,
      () => new RadioAssertion(`${what} did not settle`, 'settled', 'pending'),
    )
  }
}
