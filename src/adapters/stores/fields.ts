import { BYTES, NUMBER, optionalCodec, TEXT } from './codec.js'
import type { Codec } from './codec.js'

/** A codec with the rule that its values keep. */
interface Ruled<Value> {
  readonly codec: Codec<Value>
  readonly must: string
  readonly holds: (value: Value) => boolean
}

/** Byte strings of `min` to `max` bytes. */
export function bytesWithin(min: number, max: number): Ruled<Uint8Array> {
  return {
    codec: BYTES,
    must: `have ${min} to ${max} bytes`,
    holds: ({ length }) => isWithin(length, min, max),
  }
}

/** Text of `min` to `max` UTF-16 letters. */
export function textWithin(min: number, max: number): Ruled<string> {
  return {
    codec: TEXT,
    must: `have ${min} to ${max} letters, all of them whole`,
    holds: value => isText(value, min, max),
  }
}

/** Integers from `min` to `max`. */
export function integerWithin(min: number, max: number): Ruled<number> {
  return {
    codec: NUMBER,
    must: `be an integer from ${min} to ${max}`,
    holds: value => isWithin(value, min, max),
  }
}

/** A time in whole seconds or milliseconds since 1970. */
export const TIME: Ruled<number> = { ...integerWithin(0, Number.MAX_SAFE_INTEGER), must: 'be a time' }

/** The same rule for a member that may be absent. */
export function orAbsent<Value>({ codec, must, holds }: Ruled<Value>): Ruled<Value | undefined> {
  return { codec: optionalCodec(codec), must, holds: value => value === undefined || holds(value) }
}

export function isWithin(value: number, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= min && value <= max
}

// A lone surrogate has no UTF-8 form and would come back as another letter.
function isText(value: string, min: number, max: number): boolean {
  return isWithin(value.length, min, max) && value.isWellFormed()
}
