import { decodeBase64url } from '../bytes/base64url.js'
import { UsageError } from '../errors.js'
import type { CodeOf } from '../errors.js'

/** How many of something there may be. */
interface Bounds {
  readonly min: number
  readonly max: number
}

/** Longest text that options may hold, in UTF-16 units. */
const TEXT_MAX_LENGTH = 4096
/** WebIDL `unsigned long`. */
const UINT_MAX = 2 ** 32 - 1
/** Letters for three bytes, and the bytes. */
const BASE64_LETTERS = 4
const BASE64_BYTES = 3

/**
 * Reads the members of one JSON object into precise types. Each method gives undefined for an absent member, and throws
 * UsageError `options-invalid` that names the member when it is of another type or out of bounds.
 *
 * @example
 * const options = readJson(json, 'options')
 * const user = options.required('user', options.object('user'))
 */
export class JsonReader {
  readonly #members: Readonly<Record<string, unknown>>
  readonly #path: string

  constructor(members: Readonly<Record<string, unknown>>, path: string) {
    this.#members = members
    this.#path = path
  }

  /** Whether the member is there at all. */
  has(name: string): boolean {
    return this.#value(name) !== undefined
  }

  /** Well-formed text: unpaired surrogates come out as U+FFFD. */
  text(name: string): string | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    if (typeof value !== 'string') throw this.error(name, 'is not a string')
    if (value.length > TEXT_MAX_LENGTH) throw this.error(name, `is longer than ${TEXT_MAX_LENGTH} characters`)
    return value.toWellFormed()
  }

  /** Bytes written as base64url without padding. */
  bytes(name: string, bounds: Bounds): Uint8Array | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    if (typeof value !== 'string') throw this.error(name, 'is not a base64url string')
    const { min, max } = bounds
    const bytes = Math.floor((value.length * BASE64_BYTES) / BASE64_LETTERS)
    if (bytes < min || bytes > max) throw this.error(name, `has ${min} to ${max} bytes, not ${bytes}`)
    try {
      return decodeBase64url(value)
    } catch (cause) {
      throw this.error(name, 'is not base64url', cause)
    }
  }

  /** Bytes written as base64url, or as they are, where WebAuthn has a BufferSource and the caller never made it JSON. */
  buffer(name: string, bounds: Bounds): Uint8Array | undefined {
    const bytes = bytesOf(this.#value(name))
    if (bytes === undefined) return this.bytes(name, bounds)
    if (bytes.length < bounds.min || bytes.length > bounds.max)
      throw this.error(name, `has ${bounds.min} to ${bounds.max} bytes, not ${bytes.length}`)
    return bytes
  }

  boolean(name: string): boolean | undefined {
    const value = this.#value(name)
    if (value === undefined || typeof value === 'boolean') return value
    throw this.error(name, 'is not a boolean')
  }

  integer(name: string): number | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value
    throw this.error(name, 'is not an integer')
  }

  /** An integer of 0 to 2^32 - 1. */
  uint(name: string): number | undefined {
    const value = this.integer(name)
    if (value === undefined || (value >= 0 && value <= UINT_MAX)) return value
    throw this.error(name, `is not between 0 and ${UINT_MAX}`)
  }

  /** One of the known values; undefined for unknown text, which WebAuthn L3 section 2.1.1 wants ignored. */
  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.text(name)
    return choices.find(choice => choice === value)
  }

  /** The known values of a list of strings, in its order, for the first is the most wanted one. */
  choices<Choice extends string>(name: string, choices: readonly Choice[], max: number): readonly Choice[] {
    return this.texts(name, max).flatMap(value => choices.filter(choice => choice === value))
  }

  /** A list of strings, in its order; none for an absent list. */
  texts(name: string, max: number): readonly string[] {
    const values = this.#list(name, max)
    return values.map(value => {
      if (typeof value === 'string') return value
      throw this.error(name, 'holds more than strings')
    })
  }

  object(name: string): JsonReader | undefined {
    const value = this.#value(name)
    return value === undefined ? undefined : readJson(value, this.#pathOf(name))
  }

  /** A reader for each object of a list; none for an absent list. */
  objects(name: string, max: number): readonly JsonReader[] {
    return this.#list(name, max).map((item, index) => readJson(item, `${this.#pathOf(name)}[${index}]`))
  }

  /** The names of all members. */
  names(): readonly string[] {
    return Object.keys(this.#members)
  }

  /** How many elements a list has; 0 for an absent one. */
  length(name: string): number {
    return this.#list(name, Infinity).length
  }

  /** `value`, which is member `name`, or UsageError `options-invalid` when it is absent. */
  required<Value>(name: string, value: Value | undefined): Value {
    if (value === undefined) throw this.error(name, 'is missing')
    return value
  }

  /** A UsageError `options-invalid` about a member. */
  error(name: string, what: string, cause?: unknown): UsageError {
    return new UsageError('options-invalid', `${this.#pathOf(name)} ${what}`, { cause })
  }

  /** A UsageError of another code about a member. */
  refusal(code: CodeOf<'usage'>, name: string, what: string): UsageError {
    return new UsageError(code, `${this.#pathOf(name)} ${what}`)
  }

  #list(name: string, max: number): readonly unknown[] {
    const value = this.#value(name)
    if (value === undefined) return []
    if (!Array.isArray(value)) throw this.error(name, 'is not an array')
    if (value.length > max) throw this.error(name, `has more than ${max} elements`)
    // A copy without holes.
    return Array.from<unknown>(value)
  }

  #value(name: string): unknown {
    return Object.hasOwn(this.#members, name) ? this.#members[name] : undefined
  }

  #pathOf(name: string): string {
    return `${this.#path}.${name}`
  }
}

/** @throws UsageError `options-invalid` unless the value is a JSON object. */
export function readJson(value: unknown, path: string): JsonReader {
  if (isObject(value)) return new JsonReader(value, path)
  throw new UsageError('options-invalid', `${path} is not an object`)
}

/** A copy, for the caller may go on writing. */
function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0))
  if (!ArrayBuffer.isView(value)) return undefined
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice()
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
