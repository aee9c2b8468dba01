import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ENTRIES } from '../../.config/package-files.js'
import { installPackage } from '../support/installed-package.js'
import { TemporaryFolder } from '../support/temporary-folder.js'

const run = promisify(execFile)
const HERE = fileURLToPath(new URL('.', import.meta.url))
const BUNDLE = join(HERE, 'bundle.js')

/** Why nothing can be bundled here; undefined where it can. */
export const MISSING: string | undefined = existsSync(join(HERE, 'node_modules/webpack'))
  ? undefined
  : 'The bundlers are not installed here: npm ci --prefix test/bundlers --ignore-scripts'

/** What a bundler makes: modules of Node in two formats, of Electron’s main process, and a classic script for pages. */
export type Format = 'cjs' | 'esm' | 'electron-main' | 'page'

/** A program’s folder, with the package and what it depends on, and without its optional peers. */
export class Project {
  readonly #folder: TemporaryFolder

  private constructor(folder: TemporaryFolder) {
    this.#folder = folder
  }

  static async create(): Promise<Project> {
    const folder = await TemporaryFolder.create()
    await installPackage(folder.at('app'))
    await cp(join(HERE, 'programs'), folder.at('app'), { recursive: true })
    await writeFile(folder.at('app', 'package.json'), '{ "type": "module" }')
    await writeFile(folder.at('app', 'entries.js'), allEntries())
    return new Project(folder)
  }

  /** @returns the path of the one file, in a folder of its own outside the project’s. */
  async bundle(bundler: string, format: Format, program: string): Promise<string> {
    const folder = await mkdtemp(this.#folder.at('bundle-'))
    await writeFile(join(folder, 'package.json'), `{ "type": "${format === 'esm' ? 'module' : 'commonjs'}" }`)
    await run(process.execPath, [BUNDLE, bundler, format, this.#folder.at('app', program), folder])
    return join(folder, 'main.js')
  }

  remove(): Promise<void> {
    return this.#folder.remove()
  }
}

/** A module that holds all entries, so that no bundler can leave one out. */
function allEntries(): string {
  const names = Object.keys(ENTRIES).filter(name => name !== 'cli')
  const path = (name: string): string => (name === 'index' ? 'fido-hybrid' : `fido-hybrid/${name}`)
  const imports = names.map((name, index) => `import * as entry${index} from '${path(name)}'\n`)
  return `${imports.join('')}export const entries = { ${names.map((name, index) => `'${name}': entry${index}`).join(', ')} }\n`
}
