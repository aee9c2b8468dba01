import { readFileSync } from 'node:fs'

interface AdapterRow {
  readonly door: string
  readonly port: string
  readonly runtime: string
  readonly packages: readonly string[]
}

const PAGE = readFileSync(new URL('../../src/adapters/README.md', import.meta.url), 'utf8')

const quoted = (cell: string): string[] => Array.from(cell.matchAll(/`([^`]+)`/g), ([, word = '']) => word)

/** The table of doors in `src/adapters/README.md`, row by row. */
export const ADAPTER_TABLE: readonly AdapterRow[] = PAGE.split('\n')
  .filter(line => line.startsWith('| `'))
  .map(line => {
    const [door = '', port = '', , , runtime = '', packages = ''] = line
      .split('|')
      .slice(1)
      .map(cell => cell.trim())
    return { door: quoted(door).join(), port: quoted(port).join(), runtime, packages: quoted(packages) }
  })
