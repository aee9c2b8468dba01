import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'tsup'
import { BUNDLES } from '../../tsup.config.js'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Builds and packs the package without its declarations, in a folder of its own. @returns the path of the tarball. */
export async function packPackage(folder: string): Promise<string> {
  const source = join(folder, 'source')
  await rm(folder, { recursive: true, force: true })
  const manifest = await readFile(join(ROOT, 'package.json'), 'utf8')
  const { files } = JSON.parse(manifest) as { files: readonly string[] }
  const places = new Set(['package.json', 'README.md', 'LICENSE', ...files.flatMap(placeOf)])
  for (const name of Array.from(places).filter(each => existsSync(join(ROOT, each))))
    await cp(join(ROOT, name), join(source, name), { recursive: true, filter: isOurs })
  await build({ ...BUNDLES, config: false, outDir: join(source, 'dist'), silent: true })
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: source,
  })
  const [packed] = JSON.parse(stdout) as readonly { filename: string }[]
  return join(folder, packed?.filename ?? '')
}

/** What has to be there for npm to pack an entry of `files`: the folder above its first star, or the entry itself. */
function placeOf(entry: string): string[] {
  const [place = ''] = entry.split(/\/?[^/]*\*/)
  return entry === 'dist' || entry.startsWith('!') ? [] : [place]
}

function isOurs(path: string): boolean {
  return basename(path) !== 'node_modules'
}

/** Lays what a tarball of npm has into a folder, as npm would. */
export async function unpackPackage(tarball: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await run('tar', ['--extract', '--gzip', '--strip-components=1', '--directory', folder, '--file', tarball])
}
