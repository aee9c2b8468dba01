import { DeadlineError } from '../errors.js'
import type { HybridError } from '../errors.js'
import type { ScanTally } from '../ports/ble.js'

/**
 * Adds to the error of a ceremony that heard no phone, when the radio cannot have heard one: it heard adverts, all
 * without service data.
 */
export function withTally(error: HybridError, tally: ScanTally | undefined): HybridError {
  if (error.code !== 'advert-timeout' || tally === undefined) return error
  const { adverts, withServiceData } = tally
  if (adverts === 0 || withServiceData > 0) return error
  return new DeadlineError(
    'advert',
    `${error.message}; this radio heard ${adverts} adverts, and no service data in any of them`,
    {
      cause: error,
      cure: 'Scan the code and keep the phone near; if it was near, use a radio that hands on service data: on Windows @stoprocent/noble.',
    },
  )
}
