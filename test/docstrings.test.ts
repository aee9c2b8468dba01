import { expect, test } from 'vitest'
import { docstringExamples, exampleModules, freeNames } from './support/docstring-examples.js'
import { EXAMPLE_NAMES } from './support/example-names.js'
import { fragments } from './support/pages.js'
import { typeCheck } from './support/type-check.js'

const examples = docstringExamples()

test(
  'the examples in docstrings are well typed, as a consumer would write them',
  { timeout: 120_000 },
  async () => {
    expect(examples.length).toBeGreaterThan(40)
    expect(typeCheck(await exampleModules(examples))).toEqual([])
  },
)

test('an example that is not well typed is found', async () => {
  const code = 'const client = new HybridClient({ dialer: undefined })\nnobodyHasThis()'
  const found = typeCheck(await exampleModules([{ path: 'src/index.ts', line: 1, code }]))
  expect(found.map(line => line.replace(/^.*docstrings\//, ''))).toEqual([
    expect.stringMatching(/^src-index-1\.ts:2 .*not assignable/),
    expect.stringMatching(/^src-index-1\.ts:3 Cannot find name 'nobodyHasThis'/),
  ])
})

test('every name that examples may use is used by one, in a docstring or on a page', () => {
  const used = new Set([...examples, ...fragments()].flatMap(({ code }) => freeNames(code)))
  expect(Object.keys(EXAMPLE_NAMES).filter(name => !used.has(name))).toEqual([])
})
