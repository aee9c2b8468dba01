import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** 20 + 40 + … + 400 ms: a process that is about to end writes into its folder for some moments more. */
const REMOVAL = { recursive: true, force: true, maxRetries: 20, retryDelay: 20 }

/** Removes a folder with all that is in it, if it is there, though a process may still write into it for about four seconds. */
export function removeFolder(path: string): Promise<void> {
  return rm(path, REMOVAL)
}

/** A folder of its own among the system’s temporary ones. */
export class TemporaryFolder {
  #path = ''

  /** @returns a folder that is there. */
  static async create(): Promise<TemporaryFolder> {
    const folder = new TemporaryFolder()
    await folder.make()
    return folder
  }

  /** Where it is; empty before it is made. */
  get path(): string {
    return this.#path
  }

  /** A fresh one each time. */
  async make(): Promise<void> {
    this.#path = await mkdtemp(join(tmpdir(), 'fido-hybrid-'))
  }

  /** A path inside. */
  at(...names: readonly string[]): string {
    return join(this.#path, ...names)
  }

  /** The names inside, sorted. */
  async names(): Promise<readonly string[]> {
    return (await readdir(this.#path)).sort()
  }

  /** Removes it with all that is in it. */
  remove(): Promise<void> {
    return removeFolder(this.#path)
  }
}
