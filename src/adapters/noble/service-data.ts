import { ADVERT_SERVICE_UUIDS } from '../../ports/ble.js'
import type { AdvertReport, AdvertServiceUuid } from '../../ports/ble.js'
import type { AdvertSender } from '../../ports/data-channel.js'

/** Where 16-bit UUIDs stand among the long ones: `0000xxxx-0000-1000-8000-00805f9b34fb`. */
const BASE_UUID_START = '0000'
const BASE_UUID_END = '00001000800000805f9b34fb'

/** noble writes lower case, and on macOS nothing or another kind of name. */
const ADDRESS = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i

/** Whether a peripheral that noble has discovered says anything under any UUID. */
export function hasServiceData(peripheral: unknown): boolean {
  const serviceData = member(member(peripheral, 'advertisement'), 'serviceData')
  return Array.isArray(serviceData) && serviceData.length > 0
}

/** What a peripheral that noble has discovered says under our UUIDs; whatever is not as it should be is left out. */
export function reportsOf(peripheral: unknown): AdvertReport[] {
  const serviceData = member(member(peripheral, 'advertisement'), 'serviceData')
  if (!Array.isArray(serviceData)) return []
  const from = senderOf(peripheral)
  return serviceData.flatMap((entry: unknown) => {
    const uuid = advertUuid(member(entry, 'uuid'))
    const data = member(entry, 'data')
    return uuid !== undefined && data instanceof Uint8Array
      ? [{ uuid, serviceData: new Uint8Array(data), from }]
      : []
  })
}

/** Undefined on macOS, which tells no addresses. noble does not say which adapter has heard it. */
function senderOf(peripheral: unknown): AdvertSender | undefined {
  const [address, addressType] = [member(peripheral, 'address'), member(peripheral, 'addressType')]
  if (typeof address !== 'string' || !ADDRESS.test(address)) return undefined
  if (addressType !== 'public' && addressType !== 'random') return undefined
  return { address: address.toUpperCase(), addressType }
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
