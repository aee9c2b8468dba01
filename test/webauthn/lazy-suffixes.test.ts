import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Chunks by name, each with its sources and what it imports at once or later. */
async function chunks(): Promise<Map<string, { readonly sources: string[]; readonly imports: string[] }>> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/index.ts'],
    bundle: true,
    splitting: true,
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

test('the list of public suffixes is loaded only when an RP ID needs it', async () => {
  const all = await chunks()
  const reached = new Set(['unwritten/index.js'])
  for (const name of reached) all.get(name)?.imports.forEach(path => reached.add(path))
  const holds = (name: string): boolean =>
    all.get(name)?.sources.some(source => source.includes('node_modules/tldts')) === true
  expect([...all.keys()].some(holds)).toBe(true)
  expect([...reached].filter(holds)).toEqual([])
})
