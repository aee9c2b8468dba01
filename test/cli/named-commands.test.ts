import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import type { CommandNode } from '../../src/cli/completion/command-tree.js'
import { commandNodes, strangeWords } from '../support/command-words.js'
import { fencedBlocks } from '../support/markdown-blocks.js'

const ROOT = new URL('../../', import.meta.url)

function filesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(new URL(folder, ROOT), { recursive: true })
    .map(name => `${folder}/${String(name)}`)
    .filter(path => path.endsWith(ending) && !path.includes('node_modules'))
}

const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

/** Lines of the command in spans and blocks of Markdown, without the name of the program. */
function markdownLines(text: string): readonly string[] {
  const spans = Array.from(text.matchAll(/`fido-hybrid ([^`]+)`/g), ([, line = '']) => line)
  const shell = fencedBlocks(text)
    .filter(({ language }) => language === 'sh' || language === 'text')
    .flatMap(block => block.text.replaceAll(/\\\n */g, '').split('\n'))
    .flatMap(line =>
      Array.from(line.matchAll(/(?:^|npx |\| |\$ )fido-hybrid ([^|#]+)/g), ([, rest = '']) => rest),
    )
  return [...spans, ...shell]
}

/** Names of what files of the stores hold; no commands. */
const FORMATS = ['credentials', 'links', 'phone identity']

/** Lines of the command in texts and comments of source: between quotes, or on a line of their own. */
function sourceLines(text: string): readonly string[] {
  const FOUND = /(?:["'`(]|^ {2})fido-hybrid ([^"'`\n)]+)/gm
  return Array.from(text.matchAll(FOUND), ([, line = '']) => line.replace(/\$\{.*/, '')).filter(
    line => !FORMATS.includes(line),
  )
}

let nodes: ReadonlyMap<string, CommandNode>
beforeAll(async () => {
  nodes = await commandNodes()
})

test.each([
  ['client register --options o.json --scan air:ws://127.0.0.1:1/air', []],
  ['doctor --for page-tests', []],
  ['doctor --four page-tests', ['--four']],
  ['doctor --for client', ['--for client']],
  ['doctor --for WHAT', []],
  ['client enrol', ['enrol']],
  ['physician', ['physician']],
  ['inspect laptop.trace --html laptop.html', []],
  ['inspect FIDO:/1234… --htm x', ['--htm']],
  ['--json doctor', []],
])('of "%s", strange are %j', (line, strange) => {
  expect(strangeWords(line, nodes)).toEqual(strange)
})

test.each([
  ['Markdown', 'README.md', 'src', 'examples', '.md', markdownLines],
  ['source', 'src/cli.ts', 'src', 'examples', '.ts', sourceLines],
] as const)(
  'every command that %s names is there, with its options',
  (_, file, first, second, ending, linesOf) => {
    const paths = [...new Set([file, ...filesIn(first, ending), ...filesIn(second, ending)])]
    const lines = paths.flatMap(path => linesOf(read(path)).map(line => ({ path, line })))
    expect(lines.length).toBeGreaterThan(20)
    const wrong = lines.flatMap(({ path, line }) =>
      strangeWords(line, nodes).map(word => `${path}: fido-hybrid ${line}: ${word}`),
    )
    expect(wrong).toEqual([])
  },
)
