import { decodeBase64url } from '../../bytes/base64url.js'
import { DecodeError } from '../../errors.js'

/** The members of one JSON object, read into precise types. Every failure names the object and the member, no values. */
export class JsonMembers {
  readonly #members: ReadonlyMap<string, unknown>
  readonly #what: string

  constructor(members: ReadonlyMap<string, unknown>, what: string) {
    this.#members = members
    this.#what = what
  }

  get(name: string): unknown {
    return this.#members.get(name)
  }

  text(name: string): string {
    const value = this.get(name)
    if (typeof value === 'string') return value
    throw malformed(`${this.#what}: ${name} is not text`)
  }

  /** Text in base64url. */
  bytes(name: string): Uint8Array {
    return decodeBase64url(this.text(name))
  }

  number(name: string): number {
    const value = this.get(name)
    if (typeof value === 'number') return value
    throw malformed(`${this.#what}: ${name} is not a number`)
  }

  boolean(name: string): boolean {
    const value = this.get(name)
    if (typeof value === 'boolean') return value
    throw malformed(`${this.#what}: ${name} is not a boolean`)
  }

  /** Members that are not known would be lost by the next write. */
  expectOnly(names: readonly string[]): void {
    const isOther = names.length !== this.#members.size || names.some(name => !this.#members.has(name))
    if (isOther) throw malformed(`${this.#what} has members of another version`)
  }
}

/** @throws DecodeError `json-malformed` for what is no object. */
export function membersOf(value: unknown, what: string): JsonMembers {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(`${what} is not an object`)
  }
  return new JsonMembers(new Map<string, unknown>(Object.entries(value)), what)
}

/** @throws DecodeError `json-malformed` for what is no array. */
export function arrayOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw malformed(`${what} is not an array`)
}

/**
 * Reads JSON. The parser’s own error quotes the text around the fault, which may be a secret: it is not passed on.
 * @throws DecodeError `json-malformed`.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('it is not JSON')
  }
}

export function malformed(message: string): DecodeError {
  return new DecodeError('json-malformed', message)
}
