import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { differences } from '../../.config/api-differences.js'
import { ADAPTER_DOORS } from '../../.config/package-files.js'

const REPORTS = new URL('../../.config/api/', import.meta.url)
const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, unknown> }

/** What `exports` has with types, as a report is named: `./electron/main` has `electron-main`. */
function typedEntries(): readonly string[] {
  const typed = Object.entries(exports).filter(([, target]) => typeof target === 'object')
  const names = typed.flatMap(([name]) =>
    name === './adapters/*' ? Object.keys(ADAPTER_DOORS) : [name.slice('./'.length) || 'index'],
  )
  return names.map(name => name.replaceAll('/', '-'))
}

test('each entry point has a report, and no report is left over', () => {
  const entries = typedEntries()
  expect(entries.length).toBeGreaterThan(30)
  const expected = [...entries, 'shared'].map(name => `${name}.api.md`)
  expect(readdirSync(REPORTS).toSorted()).toEqual(expected.toSorted())
})

test('types that no entry exports are reported once', () => {
  const shared = readFileSync(new URL('shared.api.md', REPORTS), 'utf8')
  expect(shared).toContain('const TUNNEL_ERRORS:')
  expect(shared).not.toMatch(/^export /m)
})

test('reports say no docstring, which would change them without a change of the face', () => {
  for (const name of readdirSync(REPORTS))
    expect(readFileSync(new URL(name, REPORTS), 'utf8'), name).not.toMatch(/\(undocumented\)|^ *\/\*\*/m)
})

const made = new Map([
  ['index.api.md', 'one\ntwo\ntwo\n'],
  ['node.api.md', 'three\n'],
])

test('the check says that nothing differs', () => {
  expect(differences(new Map(made), made)).toEqual(['The public face is as its 2 reports say.'])
})

test.each([
  ['a line that came', 'one\ntwo\n', ['+ two']],
  ['a line that went', 'one\ntwo\ntwo\nfour\n', ['- four']],
  ['a line that changed', 'six\ntwo\ntwo\n', ['- six', '+ one']],
])('the check shows %s, and what to do', (_what, kept, lines) => {
  const told = differences(new Map([...made, ['index.api.md', kept]]), made)
  expect(told.slice(0, -1)).toEqual(['index.api.md:', ...lines])
  expect(told.at(-1)).toContain('npm run api')
})

test('the check names entries that came and that went', () => {
  const [, index, node] = differences(new Map([['gone.api.md', '']]), made)
  expect(differences(new Map([['gone.api.md', '']]), made)[0]).toBe('gone.api.md: there is no such entry')
  expect(index).toBe('index.api.md: there is no report of this entry')
  expect(node).toBe('node.api.md: there is no report of this entry')
})

test.each([
  [20, []],
  [21, ['  … and 1 lines more']],
])('of %i lines it shows 20', (count, rest) => {
  const lines = Array.from({ length: count }, (_, at) => `line ${at}`).join('\n')
  const told = differences(new Map([...made, ['node.api.md', `three\n${lines}\n`]]), made)
  expect(told).toHaveLength(1 + 20 + rest.length + 1)
  expect(told.slice(21, -1)).toEqual(rest)
})
