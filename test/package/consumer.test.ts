import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import ts from 'typescript'
import { beforeAll, expect, test } from 'vitest'
import { writeDeclarations } from '../../.config/declarations.js'
import { ENTRIES } from '../../.config/package-files.js'
import { useFolderPerFile } from '../support/test-folder.js'

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** What a consumer’s compiler has beside the language. */
interface Surroundings {
  readonly dom: boolean
  readonly packages: string[]
}

const IN_NODE = ['adapters/bleno', 'adapters/lines', 'adapters/ws', 'node', 'service']
/** Their types are those of `service`. */
const BESIDE_SERVICE = ['adapters/nats', 'adapters/redis']
const IN_TESTS = ['testing']
const IN_PAGE_TESTS = ['page']
const PORTABLE = Object.keys(ENTRIES).filter(
  entry => ![...IN_NODE, ...BESIDE_SERVICE, ...IN_TESTS, ...IN_PAGE_TESTS, 'cli'].includes(entry),
)

const BROWSER: Surroundings = { dom: true, packages: [] }
const NODE: Surroundings = { dom: false, packages: ['@types/node'] }
const HARNESS: Surroundings = { dom: false, packages: ['@types/node', '@simplewebauthn/server'] }
const PAGE_HARNESS: Surroundings = { dom: true, packages: [...HARNESS.packages, 'playwright-core'] }

const PURPOSES: readonly (readonly [name: string, entries: readonly string[], surroundings: Surroundings])[] =
  [
    ['nothing but the DOM', PORTABLE, BROWSER],
    ['nothing but Node’s types', [...PORTABLE, ...IN_NODE, ...BESIDE_SERVICE], NODE],
    ['what it is tested with', IN_TESTS, HARNESS],
    ['what drives a browser', IN_PAGE_TESTS, PAGE_HARNESS],
  ]

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  strict: true,
  skipLibCheck: false,
  noEmit: true,
  // Packages are links into this repository: what lies beside their targets is not the consumer’s.
  preserveSymlinks: true,
}

const root = useFolderPerFile()

beforeAll(async () => {
  const home = root.at('built')
  await mkdir(home)
  await cp('package.json', join(home, 'package.json'))
  await writeDeclarations(join(home, 'dist'))
}, 120_000)

test.each(PURPOSES)(
  'a consumer with %s compiles its entries, libraries checked',
  async (name, entries, given) => {
    const folder = await consumer(name, given.packages)
    expect(await compile(folder, reExports(entries), given)).toEqual([])
  },
  120_000,
)

test('what a consumer needs for an entry is a declared peer', async () => {
  const { peerDependencies } = await manifestOf('.')
  expect(Object.keys(peerDependencies ?? {})).toEqual(expect.arrayContaining(PAGE_HARNESS.packages))
})

test('what is said to need Node’s types does not compile without', async () => {
  const told = await compile(await consumer('without-node', []), reExports(IN_NODE), BROWSER)
  const unnamed = IN_NODE.filter(entry => !told.some(line => line.includes(`/dist/${entry}.d.ts`)))
  expect(unnamed).toEqual([])
}, 120_000)

const WRONG_CALLS = `import { HybridClient, type CeremonyOptions } from 'fido-hybrid'
import { encodeQrPayload, sealAdvert } from 'fido-hybrid/wire'
import { qrClientTransaction } from 'fido-hybrid/session'
declare const client: HybridClient
declare const outputs: AuthenticationExtensionsClientOutputs
export const other: import('fido-hybrid').AuthenticationExtensionsClientOutputs = outputs
client.create(1, 2)
client.get(1, 2)
client.connect(1)
new HybridClient(1)
encodeQrPayload(1)
sealAdvert(1, 2, 3)
qrClientTransaction(1)
`

test('a type has its own name in error messages', async () => {
  const told = await compile(await consumer('names', []), WRONG_CALLS, BROWSER)
  expect(told.join('\n')).toContain(".AuthenticationExtensionsClientOutputs'")
  expect(told.filter(line => /(?:'|\.)[A-Za-z]\b/.test(line))).toEqual([])
}, 120_000)

function reExports(entries: readonly string[]): string {
  const path = (entry: string): string => (entry === 'index' ? 'fido-hybrid' : `fido-hybrid/${entry}`)
  return entries.map((entry, index) => `export * as entry${index} from '${path(entry)}'\n`).join('')
}

/** A folder with the built package and the given others, each with what it depends on. */
async function consumer(name: string, packages: readonly string[]): Promise<string> {
  const folder = root.at(name.replaceAll(' ', '-'))
  await mkdir(join(folder, 'node_modules'), { recursive: true })
  await symlink(root.at('built'), join(folder, 'node_modules/fido-hybrid'))
  for (const dependency of await withDependencies(packages)) {
    const place = join(folder, 'node_modules', dependency)
    await mkdir(dirname(place), { recursive: true })
    await symlink(resolve('node_modules', dependency), place)
  }
  return folder
}

async function withDependencies(packages: readonly string[]): Promise<Set<string>> {
  const all = new Set(packages)
  for (const name of all) {
    const { dependencies = {} } = await manifestOf(join('node_modules', name))
    for (const dependency of Object.keys(dependencies)) all.add(dependency)
  }
  return all
}

async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
}

/** @returns what the compiler finds wrong, each once. */
async function compile(folder: string, text: string, { dom }: Surroundings): Promise<string[]> {
  const path = join(folder, 'main.mts')
  await writeFile(path, text)
  const program = ts.createProgram([path], {
    ...OPTIONS,
    lib: ['lib.es2023.d.ts', ...(dom ? ['lib.dom.d.ts'] : [])],
    // As TypeScript has it from 6 on, unless a program lists them.
    types: [],
    typeRoots: [join(folder, 'node_modules/@types')],
  })
  return [...new Set(ts.getPreEmitDiagnostics(program).map(lineOf))]
}

function lineOf({ file, messageText }: ts.Diagnostic): string {
  const where = file === undefined ? '' : `${file.fileName.slice(root.path.length)}: `
  return where + ts.flattenDiagnosticMessageText(messageText, ' ')
}
