import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { BENCH } from './places.js'

/** Inside the package, so that its own name leads to `dist`. */
const COMPILED = join(BENCH, '.build')

/**
 * Compiles the benchmarks file by file, for any Node, into a folder that is gone afterwards. Unlike the sources, which the
 * type check leads to `src`, what comes out finds `fido-hybrid` by the package’s own `exports`: in `dist`, as users do.
 */
export async function withCompiled<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = join(COMPILED, String(process.pid))
  try {
    await build({
      entryPoints: SOURCES.map(pattern => join(BENCH, pattern)),
      outdir: folder,
      outbase: BENCH,
      format: 'esm',
      platform: 'node',
      target: 'es2023',
      tsconfigRaw: {},
      logLevel: 'warning',
    })
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const SOURCES = [
  'run.ts',
  'suite-process.ts',
  'suites.ts',
  'harness/*.ts',
  'profiling/*.ts',
  'suites/**/*.ts',
]
