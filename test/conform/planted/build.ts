import { copyFile, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Plugin } from 'esbuild'
import { PLANTED } from './defect.js'
import type { Defect } from './defect.js'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** Builds our command with all defects in it, each asleep until `PLANTED` names it. @returns the path of the program. */
export async function buildWithDefects(folder: string, defects: readonly Defect[]): Promise<string> {
  await build({
    entryPoints: [`${ROOT}src/cli.ts`],
    outdir: `${folder}/dist`,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'es2023',
    packages: 'external',
    logLevel: 'error',
    plugins: [planting(defects)],
  })
  await copyFile(`${ROOT}package.json`, `${folder}/package.json`)
  return `${folder}/dist/cli.js`
}

function planting(defects: readonly Defect[]): Plugin {
  return {
    name: 'planted-defects',
    setup: build => {
      build.onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
        const own = defects.filter(({ file }) => path === `${ROOT}src/${file}`)
        if (own.length === 0) return undefined
        return { contents: own.reduce(plant, await readFile(path, 'utf8')), loader: 'ts' }
      })
    },
  }
}

function plant(source: string, { name, file, good, bad }: Defect): string {
  const [before, after, ...others] = source.split(good)
  if (before === undefined || after === undefined || others.length > 0)
    throw new Error(`src/${file} has to have once, for the defect ${name}: ${good}`)
  const isPlanted = `globalThis.process.env.${PLANTED} === ${JSON.stringify(name)}`
  // A line that begins with a bracket goes on with the line before.
  const start = /\n *$/.test(before) ? ';' : ''
  return `${before}${start}(${isPlanted} ? (${bad}) : (${good}))${after}`
}
