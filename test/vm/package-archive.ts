import { chmod, cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build as buildGuest } from 'esbuild'
import { packPackage, unpackPackage } from '../support/packed-package.js'
import { makeArchive } from './archive.js'
import { dependenciesOf, packageFolders } from './package-folders.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const HERE = fileURLToPath(new URL('.', import.meta.url))

/** Peers of the package that the guest needs. */
const PEERS = ['@jellybrick/dbus-next', '@simplewebauthn/server', 'koffi', '@koromix/koffi-linux-x64']
const GUEST_PROGRAMS = ['main', 'radio-holder', 'channel-holder']

/**
 * Makes FOLDER/package.cpio: the package as npm would install it, with what it needs at run time; the guest’s programs,
 * which import it by name; and the guest’s first process.
 */
export async function buildPackageArchive(folder: string): Promise<string> {
  const content = join(folder, 'package')
  const app = join(content, 'app')
  await rm(content, { recursive: true, force: true })
  await mkdir(app, { recursive: true })
  await install(await packPackage(join(folder, 'packed')), app)
  await installDependencies(app)
  await compileGuest(app)
  await cp(join(HERE, 'guest', 'init'), join(content, 'init'))
  await cp(join(HERE, 'guest', 'steward'), join(app, 'steward'))
  await chmod(join(content, 'init'), 0o755)
  return makeArchive(content, join(folder, 'package.cpio'))
}

async function install(tarball: string, app: string): Promise<void> {
  const target = join(app, 'node_modules', 'fido-hybrid')
  await unpackPackage(tarball, target)
  await chmod(join(target, 'dist', 'cli.js'), 0o755)
  await mkdir(join(app, 'node_modules', '.bin'))
  await symlink('../fido-hybrid/dist/cli.js', join(app, 'node_modules', '.bin', 'fido-hybrid'))
}

async function installDependencies(app: string): Promise<void> {
  const wanted = [...(await dependenciesOf(ROOT)), ...PEERS]
  for (const folder of await packageFolders(ROOT, wanted)) {
    await mkdir(dirname(join(app, folder)), { recursive: true })
    // What is nested is either wanted, and has its own turn, or not.
    const filter = (source: string): boolean => !source.endsWith(join(folder, 'node_modules'))
    await cp(join(ROOT, folder), join(app, folder), { recursive: true, dereference: true, filter })
  }
}

async function compileGuest(app: string): Promise<void> {
  await writeFile(join(app, 'package.json'), '{"type":"module"}')
  await buildGuest({
    entryPoints: GUEST_PROGRAMS.map(name => join(HERE, 'guest', `${name}.ts`)),
    outdir: app,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2023',
    // The package by its name, and not by the paths of the type check.
    packages: 'external',
    tsconfigRaw: {},
  })
}
