import { encodeUtf8 } from '../bytes/utf8.js'
import { DecodeError, UsageError } from '../errors.js'

/** What JSON can say. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject

/** A JSON object. `__proto__` is a member like any other. */
export interface JsonObject {
  readonly [name: string]: JsonValue
}

/** How much JSON a message may hold, in either direction. */
export const JSON_LIMITS = {
  /** What a frame of 1 MiB, the most that tunnels carry, has room for beside type byte, padding and tag. */
  maxBytes: 1_048_542,
  /** Arrays and objects around a value, its own included. */
  maxDepth: 32,
  /** Values of all kinds together, without names; an empty array or object counts as two. */
  maxValues: 10_000,
} as const

/**
 * Reads the JSON of a message. The parser’s own error quotes the text around the fault, which may be a secret: it is not passed on.
 * @throws DecodeError `message-malformed` for text that is not JSON, or is beyond `JSON_LIMITS`.
 *
 * @example
 * const value = decodeJson('{"origin":"https://verifier.example.com"}')
 */
export function decodeJson(text: string): JsonValue {
  const fault = faultOf(text)
  if (fault !== undefined) throw new DecodeError('message-malformed', `the JSON message ${fault}`)
  try {
    // JSON.parse gives exactly this type, and is declared to give `any`.
    return JSON.parse(text) as JsonValue
  } catch {
    throw new DecodeError('message-malformed', 'the JSON message is not JSON')
  }
}

/**
 * Writes a value as JSON for a message.
 * @throws UsageError `argument-invalid` for a value that JSON cannot say, or that is beyond `JSON_LIMITS`.
 *
 * @example
 * const text = encodeJson({ origin, requestType: 'credential.get', request: {} })
 */
export function encodeJson(value: unknown): string {
  const text = textOf(value)
  const fault = text === undefined ? 'is not JSON' : faultOf(text)
  if (text === undefined || fault !== undefined) {
    throw new UsageError('argument-invalid', `the JSON message ${fault}`)
  }
  return text
}

function textOf(value: unknown): string | undefined {
  try {
    // TypeScript does not say it, but a function or undefined has no JSON.
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

function faultOf(text: string): string | undefined {
  const { maxBytes, maxDepth, maxValues } = JSON_LIMITS
  if (encodeUtf8(text).length > maxBytes) return `is longer than ${maxBytes} bytes`
  const { depth, values } = measure(text)
  if (depth > maxDepth) return `is nested deeper than ${maxDepth}`
  return values > maxValues ? `has more than ${maxValues} values` : undefined
}

/** Counts levels and values. In text that is not JSON the counts are right up to the first fault, where the parser stops. */
function measure(text: string): { readonly depth: number; readonly values: number } {
  let [level, depth, values] = [0, 0, 1]
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (sign === '"') at = endOfString(text, at)
    else if (sign === '}' || sign === ']') level--
    else if (sign === ',') values++
    else if (sign === '{' || sign === '[') {
      depth = Math.max(depth, ++level)
      values++
    }
  }
  return { depth, values }
}

/** Where the closing quotation mark is; the end of the text without one. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
