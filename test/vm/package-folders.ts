import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
}

/** The folders of packages and of all that they depend on at run time, as paths below `root`. */
export async function packageFolders(root: string, names: readonly string[]): Promise<readonly string[]> {
  const folders = new Set<string>()
  const visit = async (name: string, from: string): Promise<void> => {
    const folder = findPackage(root, name, from)
    if (folders.has(folder)) return
    folders.add(folder)
    for (const dependency of await dependenciesOf(join(root, folder))) await visit(dependency, folder)
  }
  for (const name of names) await visit(name, '.')
  return [...folders]
}

/** What a package needs at run time, but for its peers. */
export async function dependenciesOf(folder: string): Promise<readonly string[]> {
  const { dependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
  return Object.keys(dependencies ?? {})
}

// As Node does: the nearest node_modules that has it.
function findPackage(root: string, name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(root, candidate, 'package.json'))) return candidate
    if (folder === '.') throw new Error(`${name} is not installed`)
  }
}
