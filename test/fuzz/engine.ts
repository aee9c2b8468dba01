import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { fitToOlderLibraries } from './older-libraries.js'
import type { FuzzTarget } from './target.js'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CLI = `${HERE}node_modules/@jazzer.js/core/dist/cli.js`
const ADDON = `${HERE}node_modules/@jazzer.js/fuzzer/prebuilds/fuzzer-${process.platform}-${process.arch}.node`
/** As deep below the root as the tests are, for their fixtures. */
const BUNDLE = `${ROOT}coverage/fuzz/targets.js`
const INSTRUMENTED = 'coverage/fuzz/'

const HEAP_MB = 512
const RSS_MB = 1536
const INPUT_TIMEOUT_MS = 10_000

/** What a run of the engine printed and how it ended. */
export interface EngineRun {
  readonly code: number
  readonly output: string
}

/** Says what is missing, or undefined when the engine can run; makes it fit where the machine’s libraries are older. */
export function prepareEngine(): string | undefined {
  if (!existsSync(CLI)) return 'The fuzzer is not installed: npm ci --prefix test/fuzz --ignore-scripts'
  if (!existsSync(ADDON)) return `The fuzzer has no engine for ${process.platform}-${process.arch}.`
  if (!loadingFault().includes('GLIBC')) return loadingFault() || undefined
  writeFileSync(ADDON, fitToOlderLibraries(readFileSync(ADDON)))
  return loadingFault() || undefined
}

function loadingFault(): string {
  const { status, stderr } = spawnSync(process.execPath, ['-e', 'require(process.argv[1])', ADDON], {
    encoding: 'utf8',
  })
  return status === 0 ? '' : stderr
}

/** One file with all targets and the library; packages stay outside, so that only what is ours is instrumented. */
export async function bundleTargets(targets: readonly FuzzTarget[]): Promise<void> {
  const entries = targets.map(
    ({ name }) =>
      `export const ${entryOf(name)} = data => run(${JSON.stringify(name)}, Uint8Array.from(data))`,
  )
  const contents = [
    `import { TARGETS } from './targets.js'`,
    `const run = (name, input) => TARGETS.find(target => target.name === name).run(input)`,
    ...entries,
  ]
  await build({
    stdin: { contents: contents.join('\n'), resolveDir: HERE, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    outfile: BUNDLE,
    logLevel: 'error',
  })
}

/** Runs the engine on one target. @param flags of libFuzzer. */
export function runEngine(
  target: FuzzTarget,
  folders: readonly string[],
  flags: readonly string[],
  signal: AbortSignal,
): Promise<EngineRun> {
  const args = [
    `--max-old-space-size=${HEAP_MB}`,
    ...[CLI, BUNDLE, ...folders],
    ...['-f', entryOf(target.name), '-i', INSTRUMENTED, '--timeout', String(INPUT_TIMEOUT_MS)],
    ...(target.isAsync === true ? [] : ['--sync']),
    ...['--', `-max_len=${target.maxBytes}`, `-rss_limit_mb=${RSS_MB}`, ...flags],
  ]
  return new Promise(resolve => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], signal })
    let output = ''
    const take = (chunk: Buffer): void => {
      output += chunk.toString()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    // It was told to stop, and `close` follows.
    child.on('error', () => undefined)
    child.on('close', code => {
      resolve({ code: code ?? 1, output })
    })
  })
}

function entryOf(name: string): string {
  return `fuzz_${name.replaceAll('-', '_')}`
}
