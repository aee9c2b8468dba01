import { mkdir, readFile, rm, symlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { packPackage, unpackPackage } from './packed-package.js'

/** Lays the built package and what it depends on into an app’s `node_modules`, without its optional peers. */
export async function installPackage(app: string): Promise<void> {
  const modules = join(app, 'node_modules')
  const packed = join(app, 'packed')
  await unpackPackage(await packPackage(packed), join(modules, 'fido-hybrid'))
  await rm(packed, { recursive: true })
  for (const name of await dependencies()) {
    await mkdir(dirname(join(modules, name)), { recursive: true })
    await symlink(resolve('node_modules', name), join(modules, name))
  }
}

/** All that is installed with the package, by the lockfile. */
async function dependencies(): Promise<readonly string[]> {
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
    packages: Readonly<Record<string, { dev?: boolean; optional?: boolean; peer?: boolean }>>
  }
  return Object.entries(packages)
    .filter(([path, kind]) => path !== '' && !kind.dev && !kind.optional && !kind.peer)
    .map(([path]) => path.slice('node_modules/'.length))
}
