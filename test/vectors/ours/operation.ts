import { decodeHex, encodeHex } from '../../../src/wire.js'

export type Fields = Readonly<Record<string, unknown>>

/** Computes the outputs of a case, as far as the library shows them, or throws. `expected` are those of the file. */
export type Operation = (given: Given, expected: Given) => Fields

/** An input is not taken, where the library says so by a value. */
export class Refusal extends Error {
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}

/** Inputs of a case, by their names. */
export class Given {
  readonly fields: Fields

  constructor(fields: Fields) {
    this.fields = fields
  }

  has(name: string): boolean {
    return name in this.fields
  }

  text(name: string): string {
    return String(this.fields[name])
  }

  bytes(name: string): Uint8Array {
    return decodeHex(this.text(name))
  }

  number(name: string): number {
    return Number(this.fields[name])
  }

  /** A list of texts. */
  list(name: string): readonly string[] {
    return this.fields[name] as readonly string[]
  }
}

/** A record with its byte strings in hex. */
export function inHex(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? encodeHex(value) : value,
    ]),
  )
}
