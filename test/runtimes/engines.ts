import { execFile, spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import type { BuildOptions } from 'esbuild'
import { afterAll, test } from 'vitest'
import { TemporaryFolder } from '../support/temporary-folder.js'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Engines by the paths of their programs, and what stands before the program to run. Node 20 is what runs the tests. */
const ENGINES: readonly (readonly [name: string, path: string, words: readonly string[]])[] = [
  ['this Node', process.execPath, []],
  ['Node 22', at('node_modules/node-22/bin/node'), []],
  ['Node 24', at('node_modules/node-24/bin/node'), []],
  ['Node 26', at('node_modules/node-26/bin/node'), []],
  ['Bun', at('node_modules/@oven/bun-linux-x64/bin/bun'), ['run']],
  ['Deno', at('node_modules/@deno/linux-x64-glibc/deno'), ['run', '--allow-all']],
]

/** An engine that runs JavaScript, in a folder of the test’s own. */
export interface Engine {
  /** Runs a program to its end; fails when it does. @returns stdout. */
  run(program: string, args?: readonly string[], env?: NodeJS.ProcessEnv): Promise<string>
  start(program: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess
}

/** A test on each engine that is installed, two engines at a time. */
export function testEachEngine(what: string, body: (engine: Engine) => Promise<void>): void {
  for (const [name, path, words] of ENGINES) {
    test.concurrent(`${name} ${what}`, async context => {
      const missing = `${name} is not installed here: npm ci --prefix test/runtimes --ignore-scripts`
      if (!existsSync(path)) process.stderr.write(`${missing}\n`)
      context.skip(!existsSync(path), missing)
      if (path !== process.execPath) await chmod(path, 0o755)
      const folder = await TemporaryFolder.create()
      const options = (env: NodeJS.ProcessEnv): SpawnOptions => ({
        cwd: folder.path,
        env: { ...process.env, ...env },
      })
      try {
        await body({
          run: async (program, args = [], env = {}) =>
            (await promisify(execFile)(path, [...words, program, ...args], options(env))).stdout,
          start: (program, args, env) => spawn(path, [...words, program, ...args], options(env)),
        })
      } finally {
        await folder.remove()
      }
    })
  }
}

/** Bundles a program for all engines, until the end of the test file. @returns its path; packages are found from there. */
export async function bundleProgram(name: string, options: BuildOptions): Promise<string> {
  const outfile = at(`${name}.bundled.mjs`)
  made.push(outfile)
  await build({
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
    // The package says that its files do nothing by themselves; those of tests do.
    ignoreAnnotations: true,
    ...options,
  })
  return outfile
}

const made: string[] = []
afterAll(() => Promise.all(made.map(path => rm(path, { force: true }))))
