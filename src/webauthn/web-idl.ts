import { decodeBase64url } from '../bytes/base64url.js'
import { UsageError } from '../errors.js'

/**
 * Converts a JavaScript value to a type of Web IDL, by the rules of the Web IDL Standard, section 3.2. `path` names the value
 * in errors, such as `options.user.id`. A function’s value is fresh.
 * @throws UsageError `options-invalid` where a browser throws a TypeError, and for what is longer than allowed.
 */
export type Conversion<Value> = (value: unknown, path: string) => Value

/** How many bytes there may be. */
export interface ByteBounds {
  readonly min: number
  readonly max: number
}

/** Longest text, in UTF-16 units: far more than a name or a word has, and little enough for one CTAP2 request. */
const TEXT_MAX_LENGTH = 65_536
/** base64url writes three bytes as four letters. */
const LETTERS = 4
const LETTER_BYTES = 3

/** A UsageError `options-invalid` about the value at a path. */
function invalid(path: string, what: string, cause?: unknown): UsageError {
  return new UsageError('options-invalid', `${path} ${what}`, { cause })
}

/** `boolean`: whether JavaScript takes the value for true. */
export function boolean(value: unknown): boolean {
  return Boolean(value)
}

/** `long`: an integer of 32 bits with a sign. A fraction is cut off, a larger number wraps, and anything but a number is 0. */
export function long(value: unknown, path: string): number {
  return toNumber(value, path) | 0
}

/** `unsigned long`: an integer of 0 to 2^32 - 1, made like `long`. */
export function unsignedLong(value: unknown, path: string): number {
  return toNumber(value, path) >>> 0
}

/** `DOMString`: UTF-16, which may be ill-formed. */
export function domString(value: unknown, path: string): string {
  const text = toText(value, path)
  if (text.length <= TEXT_MAX_LENGTH) return text
  throw invalid(path, `is longer than ${TEXT_MAX_LENGTH} characters`)
}

/** `USVString`: text whose unpaired surrogates have become U+FFFD. */
export function usvString(value: unknown, path: string): string {
  return domString(value, path).toWellFormed()
}

/**
 * A `DOMString` that has known words and may have others in the future: those are as if it were absent (WebAuthn L3 section
 * 2.1.1).
 */
export function knownWord<Word extends string>(
  words: readonly Word[],
  text: string | undefined,
): Word | undefined {
  return words.find(word => word === text)
}

/** An enumeration: any other word is refused. */
export function enumeration<Word extends string>(words: readonly Word[]): Conversion<Word> {
  return (value, path) => {
    const known = knownWord(words, domString(value, path))
    if (known !== undefined) return known
    throw invalid(path, `is not one of ${words.join(', ')}`)
  }
}

/** `Base64URLString`, decoded. A relying party’s may have left-over bits behind the last byte, which browsers drop. */
export function base64url(
  bounds: ByteBounds,
  leftOver: 'refuse-left-over-bits' | 'drop-left-over-bits' = 'drop-left-over-bits',
): Conversion<Uint8Array> {
  return (value, path) => {
    const text = toText(value, path)
    checkSize(Math.floor((text.length * LETTER_BYTES) / LETTERS), bounds, path)
    try {
      return decodeBase64url(text, leftOver)
    } catch (cause) {
      throw invalid(path, 'is not base64url without padding', cause)
    }
  }
}

/** `BufferSource`, copied; or the same bytes as `Base64URLString`, which JSON has in its place. */
export function bufferSource(bounds: ByteBounds): Conversion<Uint8Array> {
  const fromText = base64url(bounds)
  return (value, path) => {
    const bytes = bytesOf(value)
    if (bytes === undefined) return fromText(value, path)
    checkSize(bytes.length, bounds, path)
    return bytes
  }
}

/** `BufferSource` of a page, copied; only text stands for the same bytes as base64url. */
export function bufferSourceOrText(bounds: ByteBounds): Conversion<Uint8Array> {
  const type = bufferSource(bounds)
  return (value, path) => {
    if (typeof value === 'string' || bytesOf(value) !== undefined) return type(value, path)
    throw invalid(path, 'is neither an ArrayBuffer, nor a view of one, nor base64url')
  }
}

/** `sequence<T>`, of at most `max` elements: what an object iterates over. */
export function sequence<Value>(element: Conversion<Value>, max: number): Conversion<readonly Value[]> {
  return (value, path) => {
    if (!isIterable(value)) throw invalid(path, 'is not an array')
    const elements: Value[] = []
    for (const each of value) {
      if (elements.length === max) throw invalid(path, `has more than ${max} elements`)
      elements.push(element(each, `${path}[${elements.length}]`))
    }
    return elements
  }
}

/** `record<USVString, T>`, of at most `max` members, as a map: no name of a member can do harm. */
export function record<Value>(
  member: Conversion<Value>,
  max: number,
): Conversion<ReadonlyMap<string, Value>> {
  return (value, path) => {
    if (!isObject(value)) throw invalid(path, 'is not an object')
    const members = Object.entries(value)
    if (members.length > max) throw invalid(path, `has more than ${max} members`)
    return new Map(members.map(([name, each]) => [name.toWellFormed(), member(each, `${path}.${name}`)]))
  }
}

/**
 * A dictionary, from an object, null or undefined; only its own members count, and unknown ones are ignored.
 * @param members by their names; each gets undefined where it is absent: see `required`, `optional`, `defaulted`.
 * @example
 * const rpEntity = dictionary({ name: required(domString), id: optional(domString) })
 * rpEntity({ name: 5, icon: null }, 'options.rp') // { name: '5', id: undefined }
 */
export function dictionary<Members extends object>(members: {
  readonly [Name in keyof Members]: Conversion<Members[Name]>
}): Conversion<Members>
export function dictionary(members: Readonly<Record<string, Conversion<unknown>>>): Conversion<object> {
  return (value, path) => {
    const given = value ?? {}
    if (!isObject(given)) throw invalid(path, 'is not an object')
    const convert = (name: string): unknown => members[name]?.(ownMember(given, name), `${path}.${name}`)
    return Object.fromEntries(Object.keys(members).map(name => [name, convert(name)]))
  }
}

/** A member that has to be present; null counts as present. */
export function required<Value>(type: Conversion<Value>): Conversion<Value> {
  return (value, path) => {
    if (value === undefined) throw invalid(path, 'is missing')
    return type(value, path)
  }
}

/** A member that may be absent; null counts as present. */
export function optional<Value>(type: Conversion<Value>): Conversion<Value | undefined> {
  return (value, path) => (value === undefined ? undefined : type(value, path))
}

/** A member that has a value where it is absent. */
export function defaulted<Value>(type: Conversion<Value>, absent: Value): Conversion<Value> {
  return (value, path) => (value === undefined ? absent : type(value, path))
}

/** Whether a value is an object to Web IDL, as arrays and functions are. */
export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

/** What an object has under a name; nothing that it inherits. */
export function ownMember(object: object, name: string): unknown {
  return Object.hasOwn(object, name) ? Reflect.get(object, name) : undefined
}

function toNumber(value: unknown, path: string): number {
  if (typeof value === 'bigint') throw invalid(path, 'is a bigint')
  return attempt(() => Number(value), path, 'cannot be made a number')
}

function toText(value: unknown, path: string): string {
  if (typeof value === 'symbol') throw invalid(path, 'is a symbol')
  return attempt(() => String(value), path, 'cannot be made text')
}

/** Objects may fail to become a primitive value. */
function attempt<Value>(convert: () => Value, path: string, failure: string): Value {
  try {
    return convert()
  } catch {
    throw invalid(path, failure)
  }
}

function checkSize(size: number, { min, max }: ByteBounds, path: string): void {
  if (size < min || size > max) throw invalid(path, `has ${min} to ${max} bytes, not ${size}`)
}

/** A copy, for the caller may go on writing. */
function bytesOf(value: unknown): Uint8Array | undefined {
  if (isArrayBuffer(value)) return new Uint8Array(value).slice()
  if (!ArrayBuffer.isView(value) || !isArrayBuffer(value.buffer)) return undefined
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice()
}

/** Whether a value is an ArrayBuffer, also of another realm, and not a SharedArrayBuffer. */
function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === '[object ArrayBuffer]'
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return isObject(value) && Symbol.iterator in value && typeof value[Symbol.iterator] === 'function'
}
