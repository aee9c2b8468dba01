import { relative } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Suite } from '../harness/group.js'
import type { Variant } from '../harness/rounds.js'
import { ROOT } from '../harness/places.js'
import { ENTRIES } from './entries.js'

const KIB = 1024
const [CORE, LIMIT] = ['fido-hybrid/session with noble', 'limit of the core entry']
const LIMIT_KIB = 32

/** What programs load: dependencies included, Node’s own modules left out. */
const PROGRAMS: ReadonlyMap<string, string> = new Map([
  [CORE, `export * from 'fido-hybrid/session'; export { nobleProvider } from 'fido-hybrid/wire'`],
  ...ENTRIES.map(entry => [entry, `export * from '${entry}'`] as const),
])

/** The size of the entries for those who ship them. */
export const measure: Suite = async context => {
  const variants: Variant[] = [{ name: LIMIT, sample: () => LIMIT_KIB }]
  for (const [name, program] of PROGRAMS) {
    const bundle = await bundled(program)
    const sizes = {
      minified: bundle.length,
      gzip: gzipSync(bundle, { level: 9 }).length,
      brotli: brotliCompressSync(bundle).length,
    }
    for (const [form, bytes] of Object.entries(sizes))
      variants.push({ name: `${name}, ${form}`, sample: () => bytes / KIB })
  }
  await context.group({
    name: 'bundles',
    title: 'Size of each entry, bundled with all that it loads at once',
    unit: 'KiB',
    pace: { rounds: 1 },
    variants,
    claims: [{ of: `${CORE}, gzip`, against: LIMIT, atMost: 1 }],
  })
}

/** What is loaded at once; what is imported on first use stays outside, in files of its own. */
async function bundled(contents: string): Promise<Buffer> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: ROOT, loader: 'js', sourcefile: 'entry.js' },
    absWorkingDir: ROOT,
    tsconfigRaw: {},
    bundle: true,
    minify: true,
    splitting: true,
    metafile: true,
    format: 'esm',
    platform: 'node',
    external: ['@abandonware/*', '@stoprocent/*', '@simplewebauthn/*', 'prom-client'],
    outdir: 'bundle',
    write: false,
    logLevel: 'error',
  })
  const needed = new Set<string>()
  const follow = (path: string): void => {
    if (needed.has(path)) return
    needed.add(path)
    for (const { path: imported, kind, external } of metafile.outputs[path]?.imports ?? [])
      if (kind === 'import-statement' && external !== true) follow(imported)
  }
  const [entry = ''] =
    Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === 'entry.js') ?? []
  follow(entry)
  return Buffer.concat(
    outputFiles.filter(({ path }) => needed.has(relative(ROOT, path))).map(({ contents: bytes }) => bytes),
  )
}
