import { defineConfig } from 'tsup'
import { writeDeclarations } from './.config/declarations.js'
import { ENTRIES, sharedRooms } from './.config/package-files.js'

const config: ReturnType<typeof defineConfig> = defineConfig({
  entry: ENTRIES,
  format: 'esm',
  target: 'es2023',
  platform: 'node',
  outDir: 'dist',
  esbuildPlugins: [sharedRooms],
  splitting: true,
  // No file of the package has side effects; an import for nothing else would make bundlers warn.
  treeshake: { moduleSideEffects: false },
  sourcemap: true,
  clean: true,
  onSuccess: () => writeDeclarations('dist'),
})

export default config
