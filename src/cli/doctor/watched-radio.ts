import { firstAdvertiser, firstScanner } from '../../adapters/fallback/fallback.js'
import { UnsupportedError } from '../../errors.js'
import type { HybridError } from '../../errors.js'
import type { BleAdvertiser, BleScanner, RadioListener } from '../../ports/ble.js'

/** An adapter that was tried, and what kept it from the air. */
export interface Attempt {
  readonly name: string
  readonly failure: HybridError | undefined
}

/** Makes a scanner or an advertiser out of its name on the command line. */
type Make<Radio> = (name: string) => Radio | undefined

/** Tries the scanners of these names in turn, and notes what comes of each; undefined for no names. */
export function watchedScanner(
  names: readonly string[],
  make: Make<BleScanner>,
  attempts: Attempt[],
): BleScanner | UnsupportedError | undefined {
  return firstOf(names, make, firstScanner, (name, scanner) => ({
    proximity: scanner.proximity,
    scan: listener =>
      scanner.scan({
        ...watched(name, listener, attempts),
        advert: report => {
          listener.advert(report)
        },
      }),
  }))
}

/** As `watchedScanner`, for advertisers. */
export function watchedAdvertiser(
  names: readonly string[],
  make: Make<BleAdvertiser>,
  attempts: Attempt[],
): BleAdvertiser | UnsupportedError | undefined {
  return firstOf(names, make, firstAdvertiser, (name, advertiser) => ({
    proximity: advertiser.proximity,
    advertise: (serviceData, listener) =>
      advertiser.advertise(serviceData, watched(name, listener, attempts)),
  }))
}

/** Some radios say when they are made that they cannot work here. */
function firstOf<Radio>(
  names: readonly string[],
  make: Make<Radio>,
  inTurn: (first: Radio, ...others: readonly Radio[]) => Radio,
  watch: (name: string, radio: Radio) => Radio,
): Radio | UnsupportedError | undefined {
  try {
    const radios = names.flatMap(name => {
      const radio = make(name)
      return radio === undefined ? [] : [watch(name, radio)]
    })
    const [first, ...others] = radios
    return first === undefined ? undefined : inTurn(first, ...others)
  } catch (error) {
    if (error instanceof UnsupportedError) return error
    throw error
  }
}

function watched(name: string, listener: RadioListener, attempts: Attempt[]): RadioListener {
  return {
    started: () => {
      attempts.push({ name, failure: undefined })
      listener.started()
    },
    failed: failure => {
      attempts.push({ name, failure })
      listener.failed(failure)
    },
    interrupted: error => listener.interrupted?.(error),
    resumed: () => listener.resumed?.(),
  }
}
