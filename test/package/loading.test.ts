import { build } from 'esbuild'
import type { BuildOptions, Metafile } from 'esbuild'
import { expect, test } from 'vitest'
import { BUILT_IN, ENTRIES } from '../../.config/package-files.js'
import { sharedFiles } from '../../.config/shared-files.js'

const BUILD: BuildOptions & { metafile: true; write: false } = {
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  metafile: true,
  write: false,
}

/** What importing a file loads at once, but for Node’s own modules: files, the given one among them, and packages. */
function loadedAtOnce(
  from: string,
  all: Metafile['inputs'] | Metafile['outputs'],
): { files: string[]; packages: string[] } {
  const packages = new Set<string>()
  const files = new Set([from])
  for (const file of files) {
    for (const { path, kind, external } of all[file]?.imports ?? []) {
      if (kind === 'dynamic-import' || path.startsWith('node:')) continue
      if (BUILT_IN.some(name => path.startsWith(`${name}/`))) continue
      if (external === true) packages.add(path)
      else files.add(path)
    }
  }
  return { files: [...files], packages: [...packages] }
}

test.each(['index', 'session', 'node', 'service', 'credentials', 'electron/main'])(
  'the entry %s loads no package before it is used',
  async entry => {
    const source = `src/${entry}.ts`
    const { metafile } = await build({ ...BUILD, entryPoints: [source] })
    const { files, packages } = loadedAtOnce(source, metafile.inputs)
    expect(files).toContain('src/errors.ts')
    expect(packages).toEqual([])
  },
)

test('a preload script loads what its page gets, and little else', async () => {
  const source = 'src/electron/preload.ts'
  const { metafile } = await build({ ...BUILD, entryPoints: [source] })
  const { files, packages } = loadedAtOnce(source, metafile.inputs)
  const ofPage = /^src\/credentials\/page-side\/page-\w+\.ts$/
  expect(files.filter(file => !ofPage.test(file)).toSorted()).toEqual([
    'src/digital/protocols.ts',
    'src/electron/expose-credentials.ts',
    'src/electron/page-bridge.ts',
    'src/electron/preload.ts',
  ])
  expect(packages).toEqual([])
})

test('the codecs load the portable provider, and no other package', async () => {
  const { metafile } = await build({ ...BUILD, entryPoints: ['src/wire.ts'] })
  const { packages } = loadedAtOnce('src/wire.ts', metafile.inputs)
  expect(packages).toContain('@noble/hashes/sha2.js')
  expect(packages.filter(path => !path.startsWith('@noble/'))).toEqual([])
})

test('the entries share few files, and each source is in one of them', async () => {
  const { metafile } = await build({
    ...BUILD,
    entryPoints: ENTRIES,
    plugins: [sharedFiles],
    splitting: true,
    outdir: 'dist',
  })
  const homes = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs))
  expect(homes).toContain('src/errors.ts')
  expect(homes.length).toBe(new Set(homes).size)
  expect(loadedAtOnce('dist/index.js', metafile.outputs).files.length).toBeLessThanOrEqual(6)
  expect(loadedAtOnce('dist/session.js', metafile.outputs).files.length).toBeLessThanOrEqual(3)
})
