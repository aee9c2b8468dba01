import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** How a program ended, and all that it wrote. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** How a program is started. */
export interface ProgramOptions {
  readonly args?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** The project’s folder unless given. */
  readonly cwd?: string
}

/** A process whose outputs are pipes. */
class Running {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #ending: Promise<Ending>
  #stdout = ''
  #stderr = ''

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text))
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text))
    this.#ending = new Promise(resolve => {
      this.#child.once('close', (code, signal) => {
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr })
      })
    })
  }

  /** Waits until all of stdout so far satisfies a question; fails when the program ends before. */
  async until(satisfied: (stdout: string) => boolean): Promise<string> {
    while (!satisfied(this.#stdout)) {
      const ended = await Promise.race([once(this.#child.stdout, 'data').then(() => undefined), this.#ending])
      if (ended !== undefined && !satisfied(this.#stdout))
        throw new Error(`the program ended early:\n${ended.stdout}\n${ended.stderr}`)
    }
    return this.#stdout
  }

  type(text: string): void {
    this.#child.stdin.write(text)
  }

  /** Says that nothing more will be typed. */
  hangUp(): void {
    this.#child.stdin.end()
  }

  interrupt(): void {
    this.#child.kill('SIGINT')
  }

  terminate(): void {
    this.#child.kill('SIGTERM')
  }

  /** What it came to; kills nothing, so a program that does not end by itself fails its test by time. */
  ending(): Promise<Ending> {
    return this.#ending
  }
}

/** A TypeScript program in a process of its own; `fido-hybrid` is this project’s source. */
export class Program extends Running {
  /** @param path absolute, or from the project’s folder. */
  constructor(path: string, { args = [], env = {}, cwd = ROOT }: ProgramOptions = {}) {
    const own = { TSX_TSCONFIG_PATH: resolve(ROOT, 'tsconfig.json') }
    const words = ['--import', LOADER, resolve(ROOT, path), ...args]
    super(spawn(process.execPath, words, { cwd, env: { ...process.env, ...own, ...env } }))
  }
}

/** A script of bash in a folder, such as a block of a page, without what the test runner tells its own processes. */
export class ShellScript extends Running {
  readonly #group: number

  constructor(script: string, { cwd = ROOT, env = {} }: Omit<ProgramOptions, 'args'> = {}) {
    const outer = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'))
    const settings = { cwd, env: { ...Object.fromEntries(outer), ...env }, detached: true }
    const child = spawn('bash', ['-ec', script], settings)
    super(child)
    this.#group = child.pid ?? NaN
  }

  /** Ends the shell and all that it has started. */
  override terminate(): void {
    process.kill(-this.#group, 'SIGTERM')
  }
}
