import { CtapError } from '../errors.js'
import { CTAP_STATUS_CURES } from '../status-cures.js'
import { statusName } from './status.js'

/** The error for a status byte other than success, with the cure of that status. */
export function ctapError(status: number): CtapError {
  const name = statusName(status)
  return new CtapError(status, name, { cure: CTAP_STATUS_CURES[name] })
}
