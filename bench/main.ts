import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { runChild } from './harness/children.js'
import { withCompiled } from './harness/compile.js'
import { EXIT, HELP, readOptions } from './harness/options.js'
import type { BenchOptions } from './harness/options.js'
import { INSTALL_PEERS, nodeProgram } from './harness/peers.js'
import { ROOT } from './harness/places.js'
import { tell } from './harness/terminal.js'
import { SUITES } from './suites.js'

const BUILD_LIMIT_MS = 300_000

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  let options: BenchOptions
  try {
    options = readOptions(args)
  } catch (error) {
    return misused(error instanceof Error ? error.message : String(error))
  }
  if (options.help) return say(HELP)
  if (options.list) return say(SUITES.map(({ name, about }) => `${name.padEnd(22)}${about}\n`).join(''))
  const unknown = options.filters.find(filter => !SUITES.some(({ name }) => name.includes(filter)))
  if (unknown !== undefined) return misused(`no suite has “${unknown}” in its name; npm run bench -- --list`)
  const program = options.node === undefined ? process.execPath : nodeProgram(options.node)
  if (program === undefined) return misused(`Node ${options.node ?? ''} is ${INSTALL_PEERS}`)
  if (!options.noBuild) await buildPackage()
  return withCompiled(folder => run(program, join(folder, 'run.js'), args))
}

async function buildPackage(): Promise<void> {
  tell('builds dist')
  await runChild('npm', ['run', 'build'], { timeLimitMs: BUILD_LIMIT_MS, cwd: ROOT })
}

/** Ctrl-C ends the benchmarks; this process waits for that, and clears up. */
async function run(program: string, script: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, [script, ...args], { stdio: 'inherit' })
  const signals: NodeJS.Signals[] = []
  process.on('SIGINT', signal => {
    signals.push(signal)
    child.kill(signal)
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  return signals.length > 0 ? EXIT.interrupted : (code ?? EXIT.missed)
}

function say(text: string): number {
  process.stdout.write(text)
  return EXIT.done
}

function misused(words: string): number {
  tell(`${words}\n\n${HELP}`)
  return EXIT.usage
}
