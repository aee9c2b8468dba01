import { decodedOrUndefined } from '../bytes/decoded.js'
import { decodeCbor, encodeCbor } from '../cbor/cbor.js'
import { isCborMap } from '../cbor/map-reader.js'
import type { CborValue } from '../cbor/value.js'
import { UsageError } from '../errors.js'

/** What follows the 20 bytes of a sealed advert (CTAP 2.3, protocol.md 5.4). */
export interface AdvertSuffix {
  /** The L2CAP port (PSM) of the BLE data channel, 1 to 255. */
  readonly psm?: number | undefined
}

// Channels have the same numbers as in QR key 6.
const BLE_CHANNEL = 1
/** The highest PSM of Bluetooth LE. The phone’s system assigns 128 to 255. */
const MAX_PSM = 0xff

/**
 * Writes the suffix; empty without a PSM.
 * @throws UsageError `argument-invalid` for a PSM outside 1 to 255.
 *
 * @example
 * encodeSuffix({ psm: 192 }) // a1 01 18 c0
 */
export function encodeSuffix({ psm }: AdvertSuffix): Uint8Array {
  if (psm === undefined) return new Uint8Array()
  if (!isPsm(psm)) throw new UsageError('argument-invalid', `psm must be 1 to ${MAX_PSM}, not ${String(psm)}`)
  return encodeCbor(new Map([[BLE_CHANNEL, psm]]))
}

/**
 * Reads the suffix. A malformed one is read as empty, and a PSM that Bluetooth LE does not have as absent: the 20 bytes before it
 * stay valid.
 *
 * @example
 * const { psm } = decodeSuffix(serviceData.subarray(ADVERT_BYTES))
 */
export function decodeSuffix(suffix: Uint8Array): AdvertSuffix {
  const channels = decodedOrUndefined(() => decodeCbor(suffix))
  const psm = isCborMap(channels) ? channels.get(BLE_CHANNEL) : undefined
  return isPsm(psm) ? { psm } : {}
}

/** Whether Bluetooth LE has such a PSM: 1 to 255. */
export function isPsm(value: CborValue | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_PSM
}
