import { decodeHex, encodeHex } from '../bytes/hex.js'
import type { EcdhKey } from '../crypto/provider.js'
import { DecodeError, ERROR_CATALOGUE, HybridError } from '../errors.js'
import type { ErrorCode, ErrorKind } from '../errors.js'

/** Values as JSON says them: byte strings in hex, maps as lists of entries, errors by their codes, keys by their private halves. */
export function toPlain(value: unknown, privateKeyOf: (key: EcdhKey) => Uint8Array | undefined): unknown {
  if (value instanceof Uint8Array) return { hex: encodeHex(value) }
  if (value instanceof HybridError) return { kind: value.kind, code: value.code, message: value.message }
  if (value instanceof Map)
    return Array.from(value, ([key, member]: [unknown, unknown]) => [key, toPlain(member, privateKeyOf)])
  if (Array.isArray(value)) return value.map(element => toPlain(element, privateKeyOf))
  if (typeof value === 'bigint' || value === Infinity) return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (isKey(value)) {
    const privateKey = privateKeyOf(value)
    return { privateKey: privateKey && encodeHex(privateKey) }
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, toPlain(member, privateKeyOf)]),
  )
}

function isKey(value: object): value is EcdhKey {
  return 'sharedSecret' in value
}

/** The members of a JSON object that is being read. */
export class PlainReader {
  readonly #members: ReadonlyMap<string, unknown>
  readonly #what: string

  constructor(value: unknown, what: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw recordingMalformed(`${what} must be an object`)
    this.#members = new Map(Object.entries(value))
    this.#what = what
  }

  has(name: string): boolean {
    return this.#members.get(name) !== undefined
  }

  isText(name: string): boolean {
    return typeof this.#members.get(name) === 'string'
  }

  text(name: string): string {
    const value = this.#members.get(name)
    if (typeof value === 'string') return value
    throw this.#wrong(name, 'text')
  }

  number(name: string): number {
    const value = this.#members.get(name)
    if (typeof value === 'number') return value
    throw this.#wrong(name, 'a number')
  }

  flag(name: string): boolean | undefined {
    const value = this.#members.get(name)
    if (value === undefined || typeof value === 'boolean') return value
    throw this.#wrong(name, 'true or false')
  }

  list(name: string): readonly unknown[] {
    const value = this.#members.get(name)
    if (Array.isArray(value)) return value
    throw this.#wrong(name, 'a list')
  }

  object(name: string): PlainReader {
    return new PlainReader(this.#members.get(name), `${this.#what}.${name}`)
  }

  bytes(name: string): Uint8Array {
    return decodeHex(this.object(name).text('hex'))
  }

  privateKey(name: string): Uint8Array {
    return decodeHex(this.object(name).text('privateKey'))
  }

  privateKeys(name: string): readonly Uint8Array[] {
    const keys = this.list(name).map(value => new PlainReader(value, `${this.#what}.${name}`))
    return keys.map(key => decodeHex(key.text('privateKey')))
  }

  /** A member that may be missing; undefined without it. */
  optional<Value>(name: string, read: (name: string) => Value): Value | undefined {
    return this.has(name) ? read(name) : undefined
  }

  #wrong(name: string, wanted: string): DecodeError {
    return recordingMalformed(`${this.#what}.${name} must be ${wanted}`)
  }
}

/** An error of a recording, which goes in and comes out again. */
class RecordedError extends HybridError {
  constructor(kind: ErrorKind, code: ErrorCode, message: string) {
    super(kind, ERROR_CATALOGUE[kind], code, message)
  }
}

/** @throws DecodeError for an unknown kind or code. */
export function recordedError(error: PlainReader): HybridError {
  const [kind, code] = [error.text('kind'), error.text('code')]
  const entries = new Map<string, object>(Object.entries(ERROR_CATALOGUE))
  if (!Object.hasOwn(entries.get(kind) ?? {}, code))
    throw recordingMalformed(`there is no error ${kind} ${code}`)
  return new RecordedError(kind as ErrorKind, code as ErrorCode, error.text('message'))
}

export function recordingMalformed(why: string): DecodeError {
  return new DecodeError('json-malformed', `this is no recording that can be read: ${why}`)
}
