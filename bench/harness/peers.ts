import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PEERS } from './places.js'

/** What to do about a missing peer. */
export const INSTALL_PEERS = 'not installed: npm ci --prefix bench/peers --ignore-scripts'

/**
 * Loads a package, or a file of one (`./node_modules/…`), from `bench/peers`.
 * @returns undefined when the peers are not installed. The caller says what it takes it for.
 */
export async function loadPeer(name: string): Promise<unknown> {
  if (!existsSync(join(PEERS, 'node_modules'))) return undefined
  const loader = (await import(pathToFileURL(join(PEERS, 'load.js')).href)) as {
    load(name: string): Promise<unknown>
  }
  return loader.load(name)
}

/** The program of another Node; undefined when the peers have none for this system. */
export function nodeProgram(major: string): string | undefined {
  const folder = `node${major}-${process.platform}-${process.arch}`
  const program = join(PEERS, 'node_modules', folder, 'bin', 'node')
  return existsSync(program) ? program : undefined
}
