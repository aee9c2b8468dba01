import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const CHANGELOG = readFileSync('CHANGELOG.md', 'utf8')
const [, migration = ''] = /^### Coming from 0\.1\.0\n(.*?)^### /ms.exec(CHANGELOG) ?? []

/** What entry points of 0.1.0 exported and those of today do not. `nobleProvider` has other entry points. */
const GONE = [
  'AdvertiseListener',
  'Scan',
  'ScanListener',
  'ScanOptions',
  'Served',
  'Role',
  'Heard',
  'Refusal',
]

/** The cells of a table’s rows, without its head. */
const rows = migration
  .split('\n')
  .filter(line => /^\| [^-]/.test(line))
  .map(line => line.split('|').map(cell => cell.trim()))
  .map(([, area = '', before = '', now = '']) => ({ area, before, now }))
  .filter(({ area }) => area !== 'area')

/** Names in a cell: words of code, without the signs around them. */
function namesIn(cell: string): readonly string[] {
  const codes = Array.from(cell.matchAll(/`([^`]+)`/g), ([, code = '']) => code)
  return codes.flatMap(code => code.match(/[A-Za-z][\w-]{3,}/g) ?? [])
}

function textOf(folder: string, ending: RegExp): string {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(path => ending.test(path))
  return paths.map(path => readFileSync(`${folder}/${path}`, 'utf8')).join('\n')
}

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

// The note is of 0.2: later versions have names of their own, and notes about them.
describe.runIf(/^0\.[12]\./.test(version))('the note for those who come from 0.1.0', () => {
  const known = [
    textOf('.config/api', /\.md$/),
    textOf('src/cli', /\.ts$/),
    textOf('src/service', /\.ts$/),
    readFileSync('package.json', 'utf8'),
    readFileSync('src/errors.md', 'utf8'),
  ].join('\n')

  test('has a row for everything, with what it was and what it is', () => {
    expect(rows.length).toBeGreaterThan(40)
    for (const { area, before, now } of rows)
      for (const cell of [area, before, now]) expect(cell).not.toBe('')
  })

  test('names what there is', () => {
    const lost = rows.flatMap(({ now }) => namesIn(now)).filter(name => !known.includes(name))
    expect(lost).toEqual([])
  })

  test.each(GONE)('%s is gone, and has a row', name => {
    expect(rows.some(({ before }) => namesIn(before).includes(name))).toBe(true)
    expect(textOf('.config/api', /\.md$/)).not.toMatch(new RegExp(`export (?:\\w+ )+${name}\\b`))
  })
})
