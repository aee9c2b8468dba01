import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { BuildOptions } from 'esbuild'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Chunks by name, each with its sources and what it imports at once or later. */
async function chunks(
  entry: Pick<BuildOptions, 'entryPoints' | 'stdin' | 'splitting'>,
): Promise<Map<string, { readonly sources: string[]; readonly imports: string[] }>> {
  const { metafile } = await build({
    absWorkingDir: root,
    ...entry,
    bundle: true,
    format: 'esm',
    outdir: 'unwritten',
    write: false,
    metafile: true,
  })
  return new Map(
    Object.entries(metafile.outputs).map(([name, { inputs, imports }]) => [
      name,
      {
        sources: Object.keys(inputs),
        imports: imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path),
      },
    ]),
  )
}

const holds = ({ sources }: { readonly sources: readonly string[] }): boolean =>
  sources.some(source => source.includes('node_modules/tldts'))

test('the list of public suffixes is loaded only when an RP ID needs it', async () => {
  const all = await chunks({ entryPoints: { index: 'src/index.ts' }, splitting: true })
  const reached = new Set(['unwritten/index.js'])
  for (const name of reached) all.get(name)?.imports.forEach(path => reached.add(path))
  expect([...all.values()].some(holds)).toBe(true)
  expect([...reached].filter(name => holds(all.get(name) ?? { sources: [] }))).toEqual([])
})

test.each([
  ['HybridClient', false],
  ['LocalClient', true],
  ['publicSuffixList', true],
])('a bundle of %s in one file has the list: %s', async (name, expected) => {
  const contents = `export { ${name} } from './src/index.js'`
  const all = await chunks({ stdin: { contents, resolveDir: root } })
  expect([...all.values()].some(holds)).toBe(expected)
})
