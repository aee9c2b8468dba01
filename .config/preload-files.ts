import { build } from 'esbuild'
import type { BuildOptions, Plugin } from 'esbuild'

const BUNDLED: BuildOptions = {
  bundle: true,
  minify: true,
  platform: 'neutral',
  target: 'es2022',
  mainFields: ['module', 'main'],
  conditions: ['import'],
  logLevel: 'warning',
}

const READY_PRELOAD = `
import * as electron from 'electron'
import { exposeCredentials } from './src/electron/preload.js'
exposeCredentials(electron)`

/** What runs in a page’s own world: a script that needs nothing around it. */
export async function bundlePageScript(): Promise<string> {
  const { outputFiles } = await build({
    ...BUNDLED,
    entryPoints: ['src/electron/page-world.ts'],
    format: 'iife',
    charset: 'ascii',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

/** Puts that script into the preload script, which is the only file that a sandboxed one can have. */
export const pageScript: Plugin = {
  name: 'page-script',
  async setup({ initialOptions }) {
    const FIDO_HYBRID_PAGE_SCRIPT = JSON.stringify(await bundlePageScript())
    initialOptions.define = { ...initialOptions.define, FIDO_HYBRID_PAGE_SCRIPT }
  },
}

/** Writes a preload script that is ready for `webPreferences`: one file, CommonJS, which asks for `electron` and nothing else. */
export async function writeReadyPreload(outfile: string): Promise<void> {
  await build({
    ...BUNDLED,
    stdin: { contents: READY_PRELOAD, resolveDir: process.cwd(), loader: 'ts' },
    format: 'cjs',
    external: ['electron'],
    plugins: [pageScript],
    outfile,
  })
}
