import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the package, from the sources of the benchmarks as from what they are compiled to. */
export const ROOT: string = findRoot(dirname(fileURLToPath(import.meta.url)))
export const BENCH: string = join(ROOT, 'bench')
/** Where whole runs are kept, one file for each major version of Node. */
export const RESULTS: string = join(BENCH, '.results')
export const PEERS: string = join(BENCH, 'peers')

function findRoot(folder: string): string {
  return existsSync(join(folder, 'tsup.config.ts')) ? folder : findRoot(dirname(folder))
}
