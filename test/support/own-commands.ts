import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Command, CommanderError } from 'commander'
import { addCommands } from '../../src/cli/commands.js'
import { readOptions } from '../../bench/harness/options.js'
import type { ShellCommand } from './shell-commands.js'

const ROOT = new URL('../../', import.meta.url)
const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const { scripts } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>
}

/**
 * What is wrong with a command of a page, as far as it is ours: the command `fido-hybrid` is parsed by its own definitions, a script of
 * the project has to be there and to take its options, and a file has to be there. Programs of others are taken as they are.
 * @param names of blocks that a reader saves as files.
 */
export async function faultOf(
  [program, ...words]: ShellCommand,
  names: ReadonlySet<string>,
): Promise<string | undefined> {
  if (program === 'fido-hybrid') return faultOfOwn(words)
  if (program === 'npm') return faultOfNpm(words)
  if (program === 'npx') return faultOfNpx(words, names)
  return program === 'node' ? missingFile(words[0], names) : undefined
}

/** Parses as the command does, and does nothing. */
async function faultOfOwn(words: readonly string[]): Promise<string | undefined> {
  const program = new Command('fido-hybrid')
    .version('0')
    .option('--json')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
  await addCommands(program, words, command => void command.action(() => undefined))
  try {
    await program.parseAsync(words, { from: 'user' })
    return undefined
  } catch (error) {
    return error instanceof CommanderError && error.exitCode === 0 ? undefined : String(error)
  }
}

async function faultOfNpx(words: readonly string[], names: ReadonlySet<string>): Promise<string | undefined> {
  const [tool, first, ...rest] = words.filter(word => word !== '--yes')
  if (tool === 'fido-hybrid') return faultOfOwn(first === undefined ? [] : [first, ...rest])
  if (tool !== 'tsx') return undefined
  return first === 'src/cli.ts' ? faultOfOwn(rest) : missingFile(first, names)
}

function missingFile(path = '', names: ReadonlySet<string>): string | undefined {
  return names.has(path) || existsSync(new URL(path, ROOT)) ? undefined : `no file and no block is ${path}`
}

/** npm’s own verbs that the pages use, and that need no script. */
const VERBS = new Set(['ci', 'install', 'init', 'pack', 'pkg'])

function faultOfNpm([verb = '', ...words]: readonly string[]): string | undefined {
  const folder = words[words.indexOf('--prefix') + 1]
  if (words.includes('--prefix') && !existsSync(new URL(`${folder}/package.json`, ROOT)))
    return `nothing can be installed in ${folder}`
  if (VERBS.has(verb)) return undefined
  const [name = '', ...rest] = verb === 'run' ? words.filter(word => word !== '--silent') : [verb]
  const script = scripts[name] ?? (name === 'start' ? 'electron .' : undefined)
  return script === undefined ? `no script is ${name}` : faultOfScript(name, script, rest.slice(1))
}

/** A program of ours says what it does not know, before it does anything, also where it is asked for help. */
function faultOfScript(name: string, script: string, options: readonly string[]): string | undefined {
  if (options.length === 0) return undefined
  if (name === 'bench') return thrownBy(() => readOptions(options))
  const [tool, path = ''] = script.split(' ')
  if (tool !== 'tsx') return `the options of npm run ${name} cannot be checked`
  const args = ['--import', LOADER, fileURLToPath(new URL(path, ROOT)), ...options, '--help']
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })
  return status === 0 ? undefined : stderr
}

function thrownBy(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    return String(error)
  }
}
