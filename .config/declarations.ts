import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import { LIBRARY } from './package-files.js'

/** Writes the declarations of all entries into a folder; the types that several entries share are in files of their own. */
export async function writeDeclarations(folder: string): Promise<void> {
  const bundle = await rollup({ input: LIBRARY, external: /^(?!src\/)[@a-z]/, plugins: [dts()] })
  await bundle.write({
    dir: folder,
    format: 'es',
    entryFileNames: '[name].d.ts',
    chunkFileNames: '[name]-[hash].d.ts',
    // A shared type is called by its own name in error messages, not by a letter.
    minifyInternalExports: false,
  })
  await bundle.close()
}
