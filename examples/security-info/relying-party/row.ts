/** A row of the database. Its tables are strict: a column of another type is the program’s own mistake. */
export class Row {
  readonly #columns: ReadonlyMap<string, unknown>

  constructor(row: unknown) {
    this.#columns = new Map(Object.entries(row ?? {}))
  }

  text(column: string): string {
    const value = this.#columns.get(column)
    if (typeof value === 'string') return value
    throw wrongType(column)
  }

  number(column: string): number {
    const value = this.#columns.get(column)
    if (typeof value === 'number') return value
    throw wrongType(column)
  }

  optionalNumber(column: string): number | undefined {
    return this.#columns.get(column) === null ? undefined : this.number(column)
  }

  flag(column: string): boolean {
    return this.number(column) === 1
  }

  bytes(column: string): Uint8Array<ArrayBuffer> {
    const value = this.#columns.get(column)
    if (value instanceof ArrayBuffer || value instanceof Uint8Array) return new Uint8Array(value)
    throw wrongType(column)
  }

  /** A column that holds a JSON list of texts. */
  texts(column: string): readonly string[] {
    const list: unknown = JSON.parse(this.text(column))
    if (Array.isArray(list)) return list.map(String)
    throw wrongType(column)
  }
}

function wrongType(column: string): TypeError {
  return new TypeError(`column ${column} has another type`)
}
