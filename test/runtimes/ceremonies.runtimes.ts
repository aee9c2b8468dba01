import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
// Beside its source: packages are found from there.
const PROGRAM = at('ceremonies.bundled.mjs')

/** Engines by the paths of their programs, and what stands before the program to run. */
const RUNTIMES: readonly (readonly [name: string, path: string, words: readonly string[]])[] = [
  ['Node 22', 'node-22/bin/node', []],
  ['Node 24', 'node-24/bin/node', []],
  ['Node 26', 'node-26/bin/node', []],
  ['Bun', '@oven/bun-linux-x64/bin/bun', ['run']],
  ['Deno', '@deno/linux-x64-glibc/deno', ['run', '--allow-all']],
]

beforeAll(() =>
  build({
    entryPoints: [at('ceremonies.ts')],
    outfile: PROGRAM,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  }),
)

afterAll(() => rm(PROGRAM, { force: true }))

for (const [name, path, words] of RUNTIMES) {
  test(`${name} registers, signs in and refuses with both providers`, async context => {
    const program = at(`node_modules/${path}`)
    const missing = `${name} is not installed here: npm ci --prefix test/runtimes --ignore-scripts`
    if (!existsSync(program)) process.stderr.write(`${missing}\n`)
    context.skip(!existsSync(program), missing)
    await chmod(program, 0o755)
    const { stdout } = await run(program, [...words, PROGRAM])
    const done = 'registered, signed in, refused'
    expect(stdout).toBe(`node:crypto: ${done}\nnoble: ${done}\n`)
  })
}
