import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Scripts allowed, whatever npm’s policy is. */
const INSTALL = [
  'install',
  '--ignore-scripts=false',
  '--dangerously-allow-all-scripts',
  '--foreground-scripts',
  '--prefer-offline',
  '--fetch-retries=0',
  '--no-audit',
  '--no-fund',
]
const UNREACHABLE = /EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT/

/** An empty project, and a shell for npm that notes which scripts it runs. */
export class FreshProject {
  readonly folder: string
  readonly #shell: string
  readonly #notes: string

  private constructor(folder: string) {
    this.folder = folder
    this.#shell = `${folder}.shell`
    this.#notes = `${folder}.scripts`
  }

  static async at(folder: string): Promise<FreshProject> {
    const project = new FreshProject(folder)
    await mkdir(folder)
    await writeFile(join(folder, 'package.json'), '{}')
    await writeFile(project.#notes, '')
    const note = `#!/bin/sh\necho "$npm_package_name: $npm_lifecycle_event" >>'${project.#notes}'\nexec sh "$@"\n`
    await writeFile(project.#shell, note, { mode: 0o755 })
    return project
  }

  /** @returns undefined once installed, or why the registry could not be asked. */
  async install(what: string): Promise<string | undefined> {
    try {
      await run('npm', [...INSTALL, `--script-shell=${this.#shell}`, what], { cwd: this.folder })
      return undefined
    } catch (error) {
      const reason = UNREACHABLE.exec(String(error))
      if (reason === null) throw error
      return `the registry cannot be asked (${reason[0]})`
    }
  }

  /** The scripts that npm ran, as `package: event`. */
  async scripts(): Promise<readonly string[]> {
    return (await readFile(this.#notes, 'utf8')).split('\n').filter(line => line !== '')
  }
}
