import { DecodeError } from '../errors.js'
import type { JsonObject, JsonValue } from '../message/json.js'

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** A member of its own; what every object inherits does not count. */
export function jsonMember(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

/** @throws DecodeError `json-malformed`. */
export function objectMember(value: JsonValue, name: string): JsonObject {
  const member = jsonMember(value, name)
  if (isJsonObject(member)) return member
  throw new DecodeError('json-malformed', `${name} is not an object`)
}

/** @throws DecodeError `json-malformed`. */
export function textMember(value: JsonValue, name: string): string {
  const member = jsonMember(value, name)
  if (typeof member === 'string') return member
  throw new DecodeError('json-malformed', `${name} is not a text`)
}

/** @throws DecodeError `json-malformed`. */
export function arrayMember(value: JsonValue, name: string): readonly JsonValue[] {
  const member = jsonMember(value, name)
  if (isJsonArray(member)) return member
  throw new DecodeError('json-malformed', `${name} is not an array`)
}
