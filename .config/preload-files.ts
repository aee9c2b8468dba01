import { build } from 'esbuild'

const READY_PRELOAD = `
import * as electron from 'electron'
import { exposeCredentials } from './src/electron/preload.js'
exposeCredentials(electron)`

/** Writes a preload script that is ready for `webPreferences`: one file, CommonJS, which asks for `electron` and nothing else. */
export async function writeReadyPreload(outfile: string): Promise<void> {
  await build({
    bundle: true,
    minify: true,
    platform: 'neutral',
    target: 'es2022',
    logLevel: 'warning',
    stdin: { contents: READY_PRELOAD, resolveDir: process.cwd(), loader: 'ts' },
    format: 'cjs',
    external: ['electron'],
    outfile,
  })
}
