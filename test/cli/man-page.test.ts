import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { helpNotes, tableRows } from '../../.config/help-notes.js'
import { manPage } from '../../.config/man-page.js'
import { manText } from '../../.config/man-text.js'
import { commandTree } from '../../src/cli/completion/command-tree.js'
import type { CommandNode } from '../../src/cli/completion/command-tree.js'
import { createProgram } from '../../src/cli/program.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()

let page = ''
let tree: readonly CommandNode[] = []
beforeAll(async () => {
  const program = await createProgram([], '1.2.3', () => undefined)
  tree = commandTree(program)
  page = manPage(program, '1.2.3', '2026-01-31')
})

/** A section or subsection of the page, up to the next one of its kind. */
function part(kind: 'SH' | 'SS', heading: string): string {
  const [, text = ''] = page.split(`\n.${kind} ${heading}\n`)
  return text.split(/\n\.S[HS] /)[0] ?? ''
}

test('it says which version it is of, and since when', () => {
  expect(page.split('\n')[0]).toBe('.TH FIDO-HYBRID 1 "2026-01-31" "fido-hybrid 1.2.3" "User Commands"')
})

test('every command has its section, with every option and every value that is known', () => {
  const leaves = tree.filter(({ subcommands }) => subcommands.length === 0)
  expect(leaves.length).toBeGreaterThan(20)
  for (const { path, options } of leaves) {
    const section = part('SS', manText(`fido-hybrid${path}`))
    expect(section, path).toContain('\\fBfido\\-hybrid')
    for (const { word, value } of options) {
      const where = ['--version', '--json', '--help'].includes(word) ? part('SH', 'GLOBAL OPTIONS') : section
      expect(where, `${path} ${word}`).toMatch(
        new RegExp(`^\\\\fB.*${manText(word).replaceAll('\\', '\\\\')}[ \\\\]`, 'm'),
      )
      for (const each of Array.isArray(value) ? value : []) expect(section).toContain(manText(String(each)))
    }
  }
})

test('it has defaults, exit statuses, files and examples of every kind of command', () => {
  expect(part('SS', 'fido\\-hybrid tunnel serve')).toContain('default: \\(dq127.0.0.1\\(dq')
  for (const status of [0, 1, 2, 130]) expect(part('SH', 'EXIT STATUS')).toContain(`\\fB${status}\\fR`)
  expect(part('SH', 'FILES')).toContain('passkeys.json')
  for (const { word } of tree[0]?.subcommands ?? [])
    expect(part('SH', 'EXAMPLES'), word).toContain(`fido\\-hybrid ${word}`)
})

/** The environment variables that the command reads, as its source names them. */
function variablesRead(): ReadonlySet<string> {
  const root = new URL('../../src/', import.meta.url)
  const paths = readdirSync(new URL('cli', root), { recursive: true }).map(path => `cli/${String(path)}`)
  const files = [...paths, 'cli.ts', 'cli-program.ts', 'adapters/bluez/bus.ts', 'adapters/proxy/route.ts']
  const text = files
    .filter(path => path.endsWith('.ts'))
    .map(path => readFileSync(new URL(path, root), 'utf8'))
  return new Set(
    text.flatMap(each =>
      Array.from(
        each.matchAll(/env\['([A-Z_]+)'\]|\{ ([A-Z_]+): \w+ = '' \} = process\.env/g),
        ([, a, b]) => a ?? b ?? '',
      ),
    ),
  )
}

test('it has every environment variable that the source reads', () => {
  const variables = variablesRead()
  const names = [...variables, 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'FIDO_HYBRID_DIRECTORY'].filter(
    name => name !== 'PATH',
  )
  expect(names.length).toBeGreaterThan(6)
  for (const name of names) expect(part('SH', 'ENVIRONMENT')).toContain(name)
})

const READERS: readonly [string, ...string[]][] = [
  ['mandoc', '-Tlint', '-Wwarning'],
  ['man', '--warnings', '--encoding=utf8', '--local-file'],
]

describe('readers of manuals find nothing wrong', () => {
  test.for(READERS)('%s', async ([reader, ...args], context) => {
    const isThere =
      spawnSync(reader, ['-V']).error === undefined && spawnSync('groff', ['-v']).error === undefined
    context.skip(!isThere, `${reader} or groff is not installed`)
    await writeFile(folder.at('page.1'), page)
    const read = spawnSync(reader, [...args, folder.at('page.1')], {
      encoding: 'utf8',
      env: { ...process.env, MANWIDTH: '100' },
    })
    expect(read.stderr).toBe('')
    expect(reader === 'mandoc' ? read.stdout : '').toBe('')
    expect(read.status).toBe(0)
  })
})

test.each([
  ['--a-b', '\\-\\-a\\-b'],
  ['C:\\x', 'C:\\ex'],
  ['.hidden\n.TH', '\\&.hidden\n\\&.TH'],
  ["'quoted'", '\\(aqquoted\\(aq'],
  ['Ada’s 📱', 'Ada\\[u2019]s \\[u1F4F1]'],
])('%j is written %j', (text, written) => {
  expect(manText(text)).toBe(written)
})

test('what stands below the options is taken apart', () => {
  expect(
    helpNotes('\nSome words\nand more.\n\nLimits, in bytes:\n  a=1\n\nExamples:\n  one \\\n    two\n'),
  ).toEqual([
    { heading: undefined, lines: ['Some words', 'and more.'] },
    { heading: undefined, lines: ['Limits, in bytes:'] },
    { heading: '', lines: ['  a=1'] },
    { heading: 'Examples', lines: ['  one \\', '    two'] },
  ])
  expect(helpNotes('')).toEqual([])
  expect(tableRows(['  A   one', '      two', '  B   three'])).toEqual([
    ['A', 'one two'],
    ['B', 'three'],
  ])
})
