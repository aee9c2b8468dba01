/** Counts by two names. */
export class Tally {
  readonly #counts = new Map<string, Map<string, number>>()

  add(row: string, column: string): void {
    const counts = this.#counts.get(row) ?? new Map<string, number>()
    this.#counts.set(row, counts.set(column, (counts.get(column) ?? 0) + 1))
  }

  total(column: string): number {
    return [...this.#counts.values()].reduce((sum, counts) => sum + (counts.get(column) ?? 0), 0)
  }

  /** One line a row. */
  text(): string {
    const rows = [...this.#counts].sort(([a], [b]) => a.localeCompare(b))
    return rows.map(([row, counts]) => `  ${row.padEnd(20)}${columns(counts)}\n`).join('')
  }
}

function columns(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([column, count]) => `${column} ${count}`).join(', ')
}
