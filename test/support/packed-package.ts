import { execFile } from 'node:child_process'
import { cp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
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
  for (const name of ['package.json', ...files.filter(name => name !== 'dist' && !name.startsWith('!'))])
    await cp(join(ROOT, name), join(source, name), { recursive: true })
  await build({ ...BUNDLES, config: false, outDir: join(source, 'dist'), silent: true })
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: source,
  })
  const [packed] = JSON.parse(stdout) as readonly { filename: string }[]
  return join(folder, packed?.filename ?? '')
}
