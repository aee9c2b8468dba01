/**
 * The first of several radios that is there at all.
 * @module
 */
import { UnsupportedError } from '../../errors.js'
import type { HybridError } from '../../errors.js'
import type {
  Advertisement,
  BleAdvertiser,
  BleScanner,
  BleScan,
  RadioListener,
  ScanTally,
} from '../../ports/ble.js'

/** Failures that another radio of the same machine may not have. */
const NOT_HERE: readonly string[] = [
  'package-missing',
  'package-unfit',
  'capability-missing',
  'bluetooth-unavailable',
]

/** A radio in use. */
interface RadioUse {
  stop(): Promise<void>
  tally?: (() => ScanTally) | undefined
}

const NOTHING_HEARD: ScanTally = { adverts: 0, withServiceData: 0 }

/**
 * Scans with the first of several scanners that is there at all; when none is, the first one’s error says why.
 * A radio that is there but switched off or forbidden is the user’s to mend: no other is tried.
 *
 * @example
 * const scanner = firstScanner(bluezScanner(), nobleScanner())
 */
export function firstScanner(first: BleScanner, ...others: readonly BleScanner[]): BleScanner {
  return {
    proximity: first.proximity,
    scan: (listener): BleScan =>
      firstOf([first, ...others], listener, (scanner, heard) =>
        scanner.scan({
          ...heard,
          advert: report => {
            listener.advert(report)
          },
        }),
      ),
  }
}

/**
 * Advertises with the first of several advertisers that is there at all, as `firstScanner` scans. An advert that others are to connect to
 * fails with `capability-missing` where the last one cannot do that, so that a phone may do without.
 *
 * @example
 * const advertiser = firstAdvertiser(bluezAdvertiser(), blenoAdvertiser())
 */
export function firstAdvertiser(first: BleAdvertiser, ...others: readonly BleAdvertiser[]): BleAdvertiser {
  return {
    proximity: first.proximity,
    advertise: (serviceData, listener, options): Advertisement =>
      firstOf(
        [first, ...others],
        listener,
        (advertiser, heard) => advertiser.advertise(serviceData, heard, options),
        options?.connectable === true ? whyNotConnectable : undefined,
      ),
  }
}

function whyNotConnectable(first: HybridError, last: HybridError): HybridError {
  if (first === last || last.code !== 'capability-missing') return first
  return new UnsupportedError('capability-missing', `${last.message}; ${first.message}`, { cause: first })
}

function firstOf<Radio>(
  radios: readonly Radio[],
  listener: RadioListener,
  begin: (radio: Radio, listener: RadioListener) => RadioUse,
  whyNone: (first: HybridError, last: HybridError) => HybridError = first => first,
): RadioUse {
  let stopped = false
  let reason: HybridError | undefined
  const begun: RadioUse[] = []
  const tryNext = ([radio, ...rest]: readonly Radio[]): void => {
    if (radio === undefined || stopped) return
    let started = false
    const use = begin(radio, {
      started: () => {
        started = true
        listener.started()
      },
      failed: error => {
        reason ??= error
        if (started || !NOT_HERE.includes(error.code)) listener.failed(error)
        else if (rest.length > 0) tryNext(rest)
        else listener.failed(whyNone(reason, error))
      },
      interrupted: error => listener.interrupted?.(error),
      resumed: () => listener.resumed?.(),
    })
    begun.push(use)
  }
  tryNext(radios)
  return {
    tally: () => begun.at(-1)?.tally?.() ?? NOTHING_HEARD,
    stop: async () => {
      stopped = true
      await Promise.all(begun.map(use => use.stop()))
    },
  }
}
