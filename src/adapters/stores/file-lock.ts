import { open, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { StoreError } from '../../errors.js'

// A living holder renews its lock each second; one that was killed is recovered from after five.
const RENEW_MS = 1000
const STALE_MS = 5000

/** A lock that is held against other processes, and against a second holder in this one. */
export interface FileLock {
  /** False once another process took the lock, as happens to a process that was stopped for long. */
  isHeld(): Promise<boolean>
  /** Safe to call twice. The exit of the process releases too, unless it is killed. */
  release(): Promise<void>
}

/**
 * Takes the lock `<path>.lock`, a folder that the holder keeps fresh.
 * @throws StoreError `store-locked` when somebody holds it, `store-unavailable` when it cannot be made.
 */
export async function lockFile(path: string): Promise<FileLock> {
  const { lock } = await import('proper-lockfile')
  const folder = `${path}.lock`
  let lost = false
  const onCompromised = (): void => {
    lost = true
  }
  try {
    const options = {
      realpath: false,
      lockfilePath: folder,
      stale: STALE_MS,
      update: RENEW_MS,
      onCompromised,
    }
    const release = await lock(path, options)
    return new HeldLock(folder, await openedOrReleased(folder, release), release, () => lost)
  } catch (cause) {
    throw lockError(path, cause)
  }
}

/** A lock whose folder cannot be watched is given back. */
async function openedOrReleased(
  folder: string,
  release: () => Promise<void>,
): Promise<FileHandle | undefined> {
  try {
    return await openFolder(folder)
  } catch (cause) {
    await release()
    throw cause
  }
}

class HeldLock implements FileLock {
  readonly #folder: string
  readonly #opened: FileHandle | undefined
  readonly #release: () => Promise<void>
  readonly #isLost: () => boolean
  #released: Promise<void> | undefined

  constructor(
    folder: string,
    opened: FileHandle | undefined,
    release: () => Promise<void>,
    isLost: () => boolean,
  ) {
    this.#folder = folder
    this.#opened = opened
    this.#release = release
    this.#isLost = isLost
  }

  async isHeld(): Promise<boolean> {
    if (this.#isLost()) return false
    return this.#opened === undefined || (await isSameFolder(this.#opened, this.#folder))
  }

  release(): Promise<void> {
    this.#released ??= this.#end()
    return this.#released
  }

  async #end(): Promise<void> {
    const isHeld = await this.isHeld()
    await this.#opened?.close()
    if (isHeld) await this.#release()
  }
}

// The inode of an open folder is not used again, so another process’s lock has another. Windows opens no folders; there
// the loss shows at the next renewal.
async function openFolder(folder: string): Promise<FileHandle | undefined> {
  return process.platform === 'win32' ? undefined : await open(folder, 'r')
}

async function isSameFolder(opened: FileHandle, folder: string): Promise<boolean> {
  const [ours, there] = await Promise.all([opened.stat(), stat(folder).catch(() => undefined)])
  return there?.ino === ours.ino && there.dev === ours.dev
}

function lockError(path: string, cause: unknown): StoreError {
  const isHeld = cause instanceof Error && 'code' in cause && cause.code === 'ELOCKED'
  return isHeld
    ? new StoreError('store-locked', `${path} is in use by another process`, { cause })
    : new StoreError('store-unavailable', `cannot lock ${path}`, { cause })
}
