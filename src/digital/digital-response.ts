import type { JsonValue } from '../message/json.js'

/** Why a phone gives no credential. */
type DigitalFailure = 'USER_CANCELED' | 'DEVICE_ABORTED' | 'NO_CREDENTIAL'

/** The answer of a phone that gives no credential (protocol.md 14.2). */
export function writeDigitalFailure(error: DigitalFailure): JsonValue {
  return { response: { digital: { error } } }
}
