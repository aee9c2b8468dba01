import { rollup } from 'rollup'
import type { Plugin } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import { LIBRARY } from './package-files.js'

/**
 * Has each file that speaks of Node’s types ask for them. From TypeScript 6 on a program has no types of packages but those that its
 * configuration lists.
 */
const nodeTypes: Plugin = {
  name: 'node-types',
  renderChunk: code =>
    /^(?! *\*).*(?:\b(?:Buffer|NodeJS)\b|'node:)/m.test(code)
      ? `/// <reference types="node" />\n${code}`
      : null,
}

/** Writes the declarations of all entries into a folder; the types that several entries share are in files of their own. */
export async function writeDeclarations(folder: string): Promise<void> {
  const bundle = await rollup({ input: LIBRARY, external: /^(?!src\/)[@a-z]/, plugins: [dts(), nodeTypes] })
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
