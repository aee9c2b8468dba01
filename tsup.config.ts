import type { Options } from 'tsup'
import { writeDeclarations } from './.config/declarations.js'
import { ENTRIES } from './.config/package-files.js'
import { writeReadyPreload } from './.config/preload-files.js'
import { sharedFiles } from './.config/shared-files.js'

/** The JavaScript of the package. */
export const BUNDLES: Options = {
  entry: ENTRIES,
  format: 'esm',
  target: 'es2023',
  platform: 'node',
  esbuildPlugins: [sharedFiles],
  splitting: true,
  // Node finds its own modules faster by their whole names.
  removeNodeProtocol: false,
  // No file of the package has side effects; an import for nothing else would make bundlers warn.
  treeshake: { moduleSideEffects: false },
}

const config: Options = {
  ...BUNDLES,
  outDir: 'dist',
  // No source maps: they would be more than half of the package, for code that is not minified.
  clean: true,
  onSuccess: async () => {
    await writeReadyPreload('dist/electron/preload.cjs')
    await writeDeclarations('dist')
  },
}

export default config
