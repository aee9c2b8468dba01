import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { exampleModules } from './support/docstring-examples.js'
import { fencedBlocks } from './support/markdown-blocks.js'
import type { Block } from './support/markdown-blocks.js'
import { deadLinksIn } from './support/markdown-links.js'
import { faultOf } from './support/own-commands.js'
import { BLOCKS, files, fragments, PAGES } from './support/pages.js'
import { shellCommands } from './support/shell-commands.js'
import { typeCheck } from './support/type-check.js'

/*
 * Every fenced block of every page that people read is checked:
 * - `ts` is compiled: with an import as a file, beside its page; without one as a part of a program, like an `@example`.
 * - `js`, `json`, `xml` and `sh` are parsed; in `sh`, and in units of systemd (`ini`), our own commands with their options, by their definitions.
 * - A block that a test runs, or compares with what is printed, has a name in a comment before it: `<!-- laptop.mjs -->`, and its row in RUN.
 * - `<!-- vectors -->`: its bytes are in `fixtures`.
 * - Anything else says why not: `<!-- not checked: a drawing -->`.
 */

/** Blocks that a suite runs or compares, and the suite. */
const RUN: Readonly<Record<string, string>> = {
  'demo-output': 'test/readme.test.ts',
  'laptop.mjs': 'test/readme.test.ts',
  'sign-in.mjs': 'test/readme.test.ts',
  'misbehaving.ts': 'test/readme.test.ts',
  'service.ts': 'test/readme.test.ts',
  'host-scanner.ts': 'test/readme.test.ts',
  'passkey.test.ts': 'test/package/published.test.ts',
  'start-lab': 'test/package/published.test.ts',
  'start-laptop': 'test/package/published.test.ts',
  'start-phone': 'test/package/published.test.ts',
  'credentials.ts': 'test/readme.test.ts',
  'harness.ts': 'test/readme.test.ts',
  'handshake.ts': 'test/readme.test.ts',
  'phone.ts': 'test/readme.test.ts',
  'terminal-1': 'test/readme.test.ts',
  'terminal-2': 'test/readme.test.ts',
  'terminal-3': 'test/readme.test.ts',
  'terminal-login': 'test/readme.test.ts',
  'terminal-linked-phone': 'test/readme.test.ts',
  'terminal-linked-laptop': 'test/readme.test.ts',
  'progress-words': 'test/readme.test.ts',
  'inspected-code': 'test/guides/understand.test.ts',
  'inspected-advert': 'test/guides/understand.test.ts',
  'inspected-trace': 'test/guides/understand.test.ts',
  'fixture.ts': 'test/e2e/fixtures.e2e.ts',
  'adverts.mjs': 'test/vectors/readme.test.ts',
  'adverts.go': 'test/peers/fixtures/fixtures.peers.ts',
  'nats-rights': 'test/cluster/tls.cluster.ts',
  'redis-rights': 'test/cluster/tls.cluster.ts',
  'client-states': 'test/session/states.test.ts',
  'authenticator-states': 'test/session/states.test.ts',
}

/** Programs of others that the pages use. */
const OTHERS = ['cat', 'cd', 'cp', 'curl', 'docker', 'export', 'git', 'python3', 'sudo']

const ROOT = new URL('../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')
const checked = BLOCKS.filter(({ excuse }) => excuse === undefined)
const inLanguages = (...languages: readonly string[]): Block[] =>
  checked.filter(({ language }) => languages.includes(language))
const placeOf = ({ page, line }: Block): string => `${page}:${line}`
/** A block of TypeScript may have a name only for its reader. */
const names = checked.flatMap(({ name }) => (name === undefined || name === 'vectors' ? [] : [name]))
const readersNames = new Set(inLanguages('ts').map(({ name }) => name))

/** What becomes of a block; undefined where nothing does. */
function checkOf({ name = '', excuse, language }: Block): string | undefined {
  if (excuse !== undefined) return 'not checked'
  if (Object.hasOwn(RUN, name)) return 'run'
  if (language === 'ts') return 'compiled'
  return ['ini', 'js', 'json', 'sh', 'xml'].includes(language) || name === 'vectors' ? 'parsed' : undefined
}

test('every block is checked, or says in a comment before it why not', () => {
  const unexplained = BLOCKS.filter(block => checkOf(block) === undefined).map(placeOf)
  expect(unexplained, 'write <!-- not checked: the reason --> before them').toEqual([])
  const counts = ['compiled', 'run', 'parsed', 'not checked'].map(
    check => `${BLOCKS.filter(block => checkOf(block) === check).length} ${check}`,
  )
  process.stdout.write(`${BLOCKS.length} blocks on ${PAGES.size} pages: ${counts.join(', ')}\n`)
})

test('no fence is overlooked', () => {
  for (const [page, text] of PAGES) {
    const fences = text.match(/^[ >]*(?:```|~~~)/gm) ?? []
    expect(fencedBlocks(text), page).toHaveLength(fences.length / 2)
  }
})

test('each name is that of one block, and the suite that it leads to speaks of it', () => {
  expect(names).toHaveLength(new Set(names).size)
  expect(names).toEqual(expect.arrayContaining(Object.keys(RUN)))
  expect(names.filter(name => !readersNames.has(name) && !Object.hasOwn(RUN, name))).toEqual([])
  for (const [name, suite] of Object.entries(RUN)) expect(read(suite), name).toContain(`'${name}'`)
})

test('blocks of TypeScript are well typed', async () => {
  const blocks = new Map([...files(), ...(await exampleModules(fragments()))])
  expect(blocks.size).toBe(inLanguages('ts').length)
  expect(typeCheck(blocks)).toEqual([])
}, 60_000)

test.each(inLanguages('js').map(block => [placeOf(block), block.text]))('%s is JavaScript', (_, text) => {
  const options = { reportDiagnostics: true, fileName: 'block.mjs', compilerOptions: { allowJs: true } }
  const { diagnostics = [] } = ts.transpileModule(text, options)
  expect(diagnostics.map(({ messageText }) => messageText)).toEqual([])
})

test('blocks of JSON are JSON', () => {
  for (const { text, page } of inLanguages('json')) expect(() => void JSON.parse(text), page).not.toThrow()
})

test('blocks of XML close what they open', () => {
  for (const { text, page } of inLanguages('xml')) {
    const open: string[] = []
    for (const [, close, name = '', self] of text.matchAll(/<(\/?)([A-Za-z:]+)[^<>]*?(\/?)>/g))
      if (close === '/') expect(open.pop(), page).toBe(name)
      else if (self === '') open.push(name)
    expect(open, page).toEqual([])
  }
})

/** What units of systemd start, without its folder: systemd wants an absolute path. */
const unitBlocks = inLanguages('ini').map(
  block => [placeOf(block), /^ExecStart=\/\S+\/(.+)$/m.exec(block.text)?.[1] ?? ''] as const,
)
const shellBlocks = [...inLanguages('sh').map(block => [placeOf(block), block.text] as const), ...unitBlocks]

test.each(shellBlocks)('%s is a shell script', (_, text) => {
  const { stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' })
  expect(stderr).toBe('')
})

test.each(shellBlocks)('%s has commands as they are', async (_, text) => {
  const saved = new Set(names)
  expect(text).not.toBe('')
  for (const command of shellCommands(text)) {
    expect(['fido-hybrid', 'npm', 'npx', 'node', ...OTHERS]).toContain(command[0])
    expect(await faultOf(command, saved), command.join(' ')).toBeUndefined()
  }
})

test('the command is found as the page writes it: by npx, or where the page sets PATH', () => {
  const pages = inLanguages('sh').filter(({ text }) =>
    shellCommands(text).some(([name]) => name === 'fido-hybrid'),
  )
  const lost = pages.filter(({ page }) => PAGES.get(page)?.includes('\nexport PATH=') !== true)
  expect(lost.map(placeOf)).toEqual([])
  expect(pages.length).toBeGreaterThan(0)
})

test.each([
  ['fido-hybrid client login --options x --origin z --optoins y', /unknown option '--optoins'/],
  ["curl -s x | \\\n  fido-hybrid phone scan 'FIDO:/…' --form paste", /unknown option '--form'/],
  ['FOO=1 npx fido-hybrid doctor --for', /argument missing/],
  ['npx tsx src/cli.ts nothing', /unknown command 'nothing'/],
  ['npm run biuld', /no script is biuld/],
  ['npm run bench -- --fliter cbor', /Unknown option '--fliter'/],
  ['npm run bench:compare -- --al', /Unknown option '--al'/],
  ['npm ci --prefix test/nowhere', /nothing can be installed in test\/nowhere/],
  ['npx tsx lapdog.ts # nobody has it', /no file and no block is lapdog\.ts/],
])('%s is found to be wrong', async (script, fault) => {
  const faults = await Promise.all(shellCommands(script).map(command => faultOf(command, new Set(names))))
  expect(faults.filter(each => each !== undefined)).toEqual([expect.stringMatching(fault)])
})

const FIXTURES = readdirSync(new URL('fixtures', ROOT))
  .filter(name => name.endsWith('.json'))
  .map(name => read(`fixtures/${name}`))
  .join('')

test.each(checked.filter(({ name }) => name === 'vectors').map(block => [placeOf(block), block.text]))(
  '%s has bytes of the fixtures',
  (_, text) => {
    for (const [line, before] of text
      .split('\n')
      .map((each, at, all) => [each, all[at - 1] ?? ''] as const)) {
      const [value] = /FIDO:\/\d+|\b(?:[0-9a-f]{2}){16,}\b|^\{.*\}$/.exec(line) ?? []
      if (line.startsWith('SHA-256 ')) expect(value).toBe(createHash('sha256').update(before).digest('hex'))
      else if (!text.includes(`${line}\nSHA-256 `))
        expect(FIXTURES).toContain(value?.replaceAll('"', String.raw`\"`) ?? '')
    }
  },
)

test.each([...PAGES.keys()])('every link of %s leads somewhere', page => {
  expect(deadLinksIn(fileURLToPath(ROOT), page)).toEqual([])
})
