import { decodeBase64url, encodeBase64url } from '../../bytes/base64url.js'
import { arrayOf, malformed } from './json.js'

/** How one kind of value is copied, and written as JSON. */
export interface Codec<Value> {
  copy(value: Value): Value
  encode(value: Value): unknown
  /** @param what names the value in errors. @throws DecodeError for JSON that `encode` does not make. */
  decode(json: unknown, what: string): Value
}

export const TEXT: Codec<string> = plain('text', json => typeof json === 'string')
export const NUMBER: Codec<number> = plain('a number', json => typeof json === 'number')
export const BOOLEAN: Codec<boolean> = plain('a boolean', json => typeof json === 'boolean')

/** Base64url without padding. */
export const BYTES: Codec<Uint8Array> = {
  copy: bytes => Uint8Array.from(bytes),
  encode: encodeBase64url,
  decode: (json, what) => decodeBase64url(TEXT.decode(json, what)),
}

function plain<Value>(kind: string, is: (json: unknown) => json is Value): Codec<Value> {
  return {
    copy: value => value,
    encode: value => value,
    decode: (json, what) => {
      if (is(json)) return json
      throw malformed(`${what} is not ${kind}`)
    },
  }
}

/** A value that a maker checks, when it is copied too. */
export function made<Raw, Value extends Raw>(codec: Codec<Raw>, make: (raw: Raw) => Value): Codec<Value> {
  return {
    copy: value => make(codec.copy(value)),
    encode: value => codec.encode(value),
    decode: (json, what) => make(codec.decode(json, what)),
  }
}

/** A value that may be missing. */
export function optionalCodec<Value>(codec: Codec<Value>): Codec<Value | undefined> {
  return {
    copy: value => (value === undefined ? undefined : codec.copy(value)),
    encode: value => (value === undefined ? undefined : codec.encode(value)),
    decode: (json, what) => (json === undefined ? undefined : codec.decode(json, what)),
  }
}

/** @param each what an element is called in errors, before its place in the list. */
export function listCodec<Value>(codec: Codec<Value>, each: string): Codec<readonly Value[]> {
  return {
    copy: values => values.map(value => codec.copy(value)),
    encode: values => values.map(value => codec.encode(value)),
    decode: (json, what) =>
      arrayOf(json, what).map((element, index) => codec.decode(element, `${each} ${index + 1}`)),
  }
}
