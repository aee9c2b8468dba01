import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ENTRIES } from '../../.config/package-files.js'
import { MISSING, Project } from './project.js'
import type { Format } from './project.js'

const run = promisify(execFile)

const BUNDLES: readonly (readonly [bundler: string, format: Format])[] = [
  ['esbuild', 'cjs'],
  ['esbuild', 'esm'],
  ['rollup', 'cjs'],
  ['rollup', 'esm'],
  ['vite', 'cjs'],
  ['vite', 'esm'],
  ['webpack', 'cjs'],
  ['webpack', 'esm'],
  ['webpack', 'electron-main'],
]

let project: Project | undefined

beforeAll(async () => {
  if (MISSING === undefined) project = await Project.create()
  else process.stderr.write(`${MISSING}\n`)
}, 60_000)

afterAll(() => project?.remove())

for (const [bundler, format] of BUNDLES) {
  test(`one file that ${bundler} made as ${format} has every entry, and registers`, async context => {
    if (project === undefined) context.skip(MISSING)
    else await tryBundle(await project.bundle(bundler, format, 'node.js'), `${bundler} ${format}`)
  })
}

/** In a folder where no package can be found. */
async function tryBundle(file: string, name: string): Promise<void> {
  const { stdout } = await run(process.execPath, [file], { cwd: dirname(file) })
  expect(JSON.parse(stdout)).toEqual({
    entries: Object.keys(ENTRIES).length - 1,
    empty: [],
    registered: ['public-key', 'public-key'],
    noble: 'package-missing',
  })
  process.stdout.write(`${name}: ${Math.round((await stat(file)).size / 1000)} kB\n`)
}
