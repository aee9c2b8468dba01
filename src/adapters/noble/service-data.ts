import { ADVERT_SERVICE_UUIDS } from '../../ports/ble.js'
import type { AdvertReport, AdvertServiceUuid } from '../../ports/ble.js'

/** Where 16-bit UUIDs stand among the long ones: `0000xxxx-0000-1000-8000-00805f9b34fb`. */
const BASE_UUID_START = '0000'
const BASE_UUID_END = '00001000800000805f9b34fb'

/** Whether a peripheral that noble has discovered says anything under any UUID. */
export function hasServiceData(peripheral: unknown): boolean {
  const serviceData = member(member(peripheral, 'advertisement'), 'serviceData')
  return Array.isArray(serviceData) && serviceData.length > 0
}

/** What a peripheral that noble has discovered says under our UUIDs; whatever is not as it should be is left out. */
export function reportsOf(peripheral: unknown): AdvertReport[] {
  const serviceData = member(member(peripheral, 'advertisement'), 'serviceData')
  if (!Array.isArray(serviceData)) return []
  return serviceData.flatMap((entry: unknown) => {
    const uuid = advertUuid(member(entry, 'uuid'))
    const data = member(entry, 'data')
    return uuid !== undefined && data instanceof Uint8Array
      ? [{ uuid, serviceData: new Uint8Array(data) }]
      : []
  })
}

/** A UUID of 16, 32 or 128 bits, in either case and with or without dashes, when it is one of ours. */
function advertUuid(value: unknown): AdvertServiceUuid | undefined {
  if (typeof value !== 'string') return undefined
  const digits = value.toLowerCase().replaceAll('-', '')
  return ADVERT_SERVICE_UUIDS.find(uuid =>
    [uuid, BASE_UUID_START + uuid, BASE_UUID_START + uuid + BASE_UUID_END].includes(digits),
  )
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
