import { tunnelServiceId } from '../bytes/brands.js'
import type { TunnelServiceId } from '../bytes/brands.js'
import { UsageError } from '../errors.js'

/** @throws UsageError `argument-invalid` for a number that is not an identifier. */
export function checkedTunnelService(id: number): TunnelServiceId {
  try {
    return tunnelServiceId(id)
  } catch (cause) {
    throw new UsageError('argument-invalid', `tunnelServiceId must be 0, 1, or 256 to 65535, not ${id}`, {
      cause,
    })
  }
}
