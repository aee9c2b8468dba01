import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { build } from 'esbuild'
import type { BuildOptions, Metafile } from 'esbuild'
import { afterAll, expect, test } from 'vitest'
import { BUILT_IN, ENTRIES } from '../../.config/package-files.js'
import { sharedFiles } from '../../.config/shared-files.js'
import { CREATION_OPTIONS } from '../support/ceremony-inputs.js'
import { removeFolder } from '../support/temporary-folder.js'

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

const FOLDER = `node_modules/.cache/fido-hybrid-loading-${process.pid}`
afterAll(() => removeFolder(FOLDER))

/** Writes down on stdout what is loaded. */
const WATCH_LOADS = `data:text/javascript,${encodeURIComponent(`
  import { register } from 'node:module'
  const hook = \`
    import { writeSync } from 'node:fs'
    export async function load(url, context, next) {
      if (!url.startsWith('node:')) writeSync(1, 'loads ' + url + '\\\\n')
      return await next(url, context)
    }\`
  register('data:text/javascript,' + encodeURIComponent(hook))`)}`

/** What `client register` loads before its QR code is there, for an RP ID that is the origin’s host. */
async function loadedBeforeQr(): Promise<{ files: string[]; packages: string[] }> {
  await mkdir(FOLDER, { recursive: true })
  await copyFile('package.json', `${FOLDER}/package.json`)
  await writeFile(`${FOLDER}/options.json`, JSON.stringify(CREATION_OPTIONS))
  const outdir = `${FOLDER}/dist`
  const plugins = [sharedFiles]
  await build({ ...BUILD, entryPoints: ENTRIES, plugins, splitting: true, outdir, write: true })
  const register = ['client', 'register', '--options', `${FOLDER}/options.json`, '--json']
  const own = ['--origin', 'https://example.com', '--scan', 'stdin']
  const said = await saidUntilQr([
    `${outdir}/cli.js`,
    ...register,
    ...own,
    '--tunnel-url',
    'ws://127.0.0.1:9',
  ])
  const [before = ''] = said.split('{"event":"qr"')
  const loaded = Array.from(before.matchAll(/^loads (.+)$/gm), ([, url = '']) => url)
  const packages = loaded.flatMap(url => /\/node_modules\/(@[^/]+\/[^/]+|[^./@][^/]*)\//.exec(url)?.[1] ?? [])
  return {
    files: loaded.filter(url => url.includes(outdir)),
    packages: [...new Set(packages)].filter(name => !BUILT_IN.includes(name)),
  }
}

async function saidUntilQr(command: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['--import', WATCH_LOADS, ...command])
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    if (said.includes('FIDO:/')) child.kill('SIGKILL')
  })
  await once(child, 'close')
  expect(said).toContain('FIDO:/')
  return said
}

test('the command loads one package and few files before its QR code is there', async () => {
  const { files, packages } = await loadedBeforeQr()
  expect(packages).toEqual(['commander'])
  expect(files.length).toBeGreaterThan(3)
  expect(files.length).toBeLessThanOrEqual(13)
})
