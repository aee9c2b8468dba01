import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

/** A fresh folder for each test, gone afterwards. */
export interface StoreFolder {
  /** The folder itself. */
  readonly path: string
  /** A path inside. */
  at(...names: readonly string[]): string
  /** The names inside, sorted. */
  names(): Promise<readonly string[]>
}

/** Call it at the top of a test file. */
export function useStoreFolder(): StoreFolder {
  let path = ''
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'fido-hybrid-'))
  })
  afterEach(async () => {
    await rm(path, { recursive: true, force: true })
  })
  return {
    get path() {
      return path
    },
    at: (...names) => join(path, ...names),
    names: async () => (await readdir(path)).sort(),
  }
}
