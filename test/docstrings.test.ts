import { expect, test } from 'vitest'
import { ENTRIES } from '../.config/package-files.js'
import { asModule, docstringExamples, freeNames } from './support/docstring-examples.js'
import type { DocstringExample } from './support/docstring-examples.js'
import { EXAMPLE_NAMES } from './support/example-names.js'
import { typeCheck } from './support/type-check.js'

const examples = docstringExamples()

const exportsOf = async (path: string): Promise<string[]> =>
  Object.keys((await import(new URL(`../${path}`, import.meta.url).href)) as object)

/** Where each value of the package can be imported from: the first entry point that has it. */
async function exportedNames(): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  for (const [entry, path] of Object.entries(ENTRIES).filter(([name]) => name !== 'cli'))
    for (const name of await exportsOf(path))
      if (!names.has(name)) names.set(name, entry === 'index' ? 'fido-hybrid' : `fido-hybrid/${entry}`)
  return names
}

async function modules(those: readonly DocstringExample[]): Promise<ReadonlyMap<string, string>> {
  const entries = await exportedNames()
  const texts = those.map(async (example): Promise<[string, string]> => [
    `docstrings/${example.path.replaceAll('/', '-').replace(/\.ts$/, '')}-${example.line}.ts`,
    asModule(example, entries, new Set(await exportsOf(example.path))),
  ])
  return new Map(await Promise.all(texts))
}

test('the examples in docstrings are well typed, as a consumer would write them', async () => {
  expect(examples.length).toBeGreaterThan(40)
  expect(typeCheck(await modules(examples))).toEqual([])
})

test('an example that is not well typed is found', async () => {
  const code = 'const client = new HybridClient({ dialer: undefined })\nnobodyHasThis()'
  const found = typeCheck(await modules([{ path: 'src/index.ts', line: 1, code }]))
  expect(found.map(line => line.replace(/^.*docstrings\//, ''))).toEqual([
    expect.stringMatching(/^src-index-1\.ts:2 .*not assignable/),
    expect.stringMatching(/^src-index-1\.ts:3 Cannot find name 'nobodyHasThis'/),
  ])
})

test('every name that examples may use is used by one', () => {
  const used = new Set(examples.flatMap(({ code }) => freeNames(code)))
  expect(Object.keys(EXAMPLE_NAMES).filter(name => !used.has(name))).toEqual([])
})
