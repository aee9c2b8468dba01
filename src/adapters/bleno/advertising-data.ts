import { concatBytes } from '../../bytes/bytes.js'
import { ProximityError } from '../../errors.js'

/** What a legacy advert holds. */
const MAX_ADVERTISING_DATA_BYTES = 31
/** LE General Discoverable, no BR/EDR; bleno adds no flags to data that it is given. */
const FLAGS = Uint8Array.of(0x02, 0x01, 0x06)
/** Complete list of 16-bit UUIDs: FFF9. */
const SERVICE_UUIDS = Uint8Array.of(0x03, 0x03, 0xf9, 0xff)
const SERVICE_DATA_TYPE = 0x16
const FFF9 = [0xf9, 0xff] as const
/** Length, type and UUID before the service data. */
const SERVICE_DATA_HEADER_BYTES = 4

/** The longest service data that fits: 20 bytes, just what an advert without suffix has (protocol.md 5.5). */
const MAX_SERVICE_DATA_BYTES =
  MAX_ADVERTISING_DATA_BYTES - FLAGS.length - SERVICE_UUIDS.length - SERVICE_DATA_HEADER_BYTES

/** Flags, service UUID list and service data under FFF9. @throws ProximityError `advert-too-long`. */
export function encodeAdvertisingData(serviceData: Uint8Array): Uint8Array {
  if (serviceData.length > MAX_SERVICE_DATA_BYTES)
    throw new ProximityError(
      'advert-too-long',
      `bleno sends at most ${MAX_SERVICE_DATA_BYTES} bytes of service data, not ${serviceData.length}`,
    )
  const header = Uint8Array.of(SERVICE_DATA_HEADER_BYTES - 1 + serviceData.length, SERVICE_DATA_TYPE, ...FFF9)
  return concatBytes(FLAGS, SERVICE_UUIDS, header, serviceData)
}
