import { decodeHex, encodeHex } from '../../bytes/hex.js'
import { DecodeError } from '../../errors.js'
import { ADVERT_SERVICE_UUIDS } from '../../ports/ble.js'
import type { AdvertServiceUuid } from '../../ports/ble.js'

/** What an air hub and its clients send each other; one JSON text message each. */
export interface AirMessage {
  /** `advert`: this is on the air. `stop`: this leaves it. */
  readonly type: 'advert' | 'stop'
  readonly uuid: AdvertServiceUuid
  /** 1 to 1024 bytes. */
  readonly serviceData: Uint8Array
  /** The port on loopback where its sender takes data channels. */
  readonly channelPort?: number | undefined
}

const MAX_SERVICE_DATA_BYTES = 1024
const MAX_PORT = 0xffff

/** Longest message, in bytes: the service data as hex and the JSON around it. */
export const MAX_AIR_MESSAGE_BYTES: number = 2 * MAX_SERVICE_DATA_BYTES + 256

/** `{"advert":{"uuid":"fff9","data":HEX}}` or `{"stop":{"uuid":"fff9","data":HEX}}`, either with `"channelPort":PORT` or without. */
export function encodeAirMessage({ type, uuid, serviceData, channelPort }: AirMessage): string {
  return JSON.stringify({ [type]: { uuid, data: encodeHex(serviceData), channelPort } })
}

/** @throws DecodeError `json-malformed` for other members, types or lengths; `hex-malformed`. */
export function decodeAirMessage(text: string): AirMessage {
  if (text.length > MAX_AIR_MESSAGE_BYTES) throw malformed(`at most ${MAX_AIR_MESSAGE_BYTES} bytes`)
  const [[type, advert], ...more] = membersOf(parseJson(text))
  if ((type !== 'advert' && type !== 'stop') || more.length > 0) throw malformed('one member, advert or stop')
  const { uuid, data, channelPort, ...rest } = Object.fromEntries(membersOf(advert))
  const known = ADVERT_SERVICE_UUIDS.find(each => each === uuid)
  if (known === undefined) throw malformed('a known uuid')
  if (typeof data !== 'string' || Object.keys(rest).length > 0)
    throw malformed('uuid and data, perhaps channelPort, nothing else')
  if (channelPort !== undefined && !isPort(channelPort)) throw malformed(`a port of 1 to ${MAX_PORT}`)
  const serviceData = decodeHex(data)
  if (serviceData.length < 1 || serviceData.length > MAX_SERVICE_DATA_BYTES)
    throw malformed(`1 to ${MAX_SERVICE_DATA_BYTES} bytes of data`)
  return { type, uuid: known, serviceData, channelPort }
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_PORT
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DecodeError('json-malformed', 'an air message must be JSON', { cause })
  }
}

type Member = readonly [string, unknown]

function membersOf(value: unknown): readonly [Member, ...Member[]] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('an object')
  const [first, ...rest] = Object.entries(value)
  if (first === undefined) throw malformed('a member')
  return [first, ...rest]
}

function malformed(expected: string): DecodeError {
  return new DecodeError('json-malformed', `an air message must have ${expected}`)
}
