import type { JsonObject } from 'fido-hybrid'
import { malformed } from './problem.js'

const DEFAULT_MAX = 256
const MAX_TEXTS = 64

/** The members of a JSON body, read strictly: a member of the wrong form is a `Problem` with status 400. */
export class Fields {
  readonly #members: ReadonlyMap<string, unknown>
  readonly #where: string

  constructor(value: unknown, where = 'the body') {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw malformed(`${where} must be an object`)
    this.#members = new Map(Object.entries(value))
    this.#where = where
  }

  /** Text of 1 to `max` characters. */
  text(name: string, max: number = DEFAULT_MAX): string {
    const value = this.#members.get(name)
    if (typeof value === 'string' && value.length > 0 && value.length <= max) return value
    throw malformed(`${name} in ${this.#where} must be a text of 1 to ${max} characters`)
  }

  oneOf<Word extends string>(name: string, words: readonly Word[]): Word {
    const value = this.#members.get(name)
    const word = words.find(known => known === value)
    if (word === undefined) throw malformed(`${name} in ${this.#where} must be one of ${words.join(', ')}`)
    return word
  }

  flag(name: string): boolean {
    const value = this.#members.get(name)
    if (typeof value === 'boolean') return value
    throw malformed(`${name} in ${this.#where} must be true or false`)
  }

  /** A whole number from 0 to `max`. */
  count(name: string, max: number): number {
    const value = this.#members.get(name)
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max) return value
    throw malformed(`${name} in ${this.#where} must be a whole number from 0 to ${max}`)
  }

  texts(name: string): readonly string[] {
    const value: unknown = this.#members.get(name)
    if (!Array.isArray(value) || value.length > MAX_TEXTS)
      throw malformed(`${name} must be a list of at most ${MAX_TEXTS} items`)
    return value.map((item: unknown) => {
      if (typeof item === 'string' && item.length <= DEFAULT_MAX) return item
      throw malformed(`${name} in ${this.#where} may hold only texts of at most ${DEFAULT_MAX} characters`)
    })
  }

  object(name: string): Fields {
    return new Fields(this.#members.get(name), name)
  }

  objects(name: string): readonly Fields[] {
    const value: unknown = this.#members.get(name)
    if (!Array.isArray(value) || value.length > MAX_TEXTS)
      throw malformed(`${name} must be a list of at most ${MAX_TEXTS} items`)
    return value.map((item: unknown) => new Fields(item, name))
  }

  /** An object for somebody else to read. */
  json(name: string): JsonObject {
    const value = this.#members.get(name)
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw malformed(`${name} in ${this.#where} must be an object`)
    // It comes from a JSON parser.
    return value as JsonObject
  }

  has(name: string): boolean {
    return this.#members.has(name)
  }

  raw(name: string): unknown {
    return this.#members.get(name)
  }
}
