import { randomInt, randomUUID } from 'node:crypto'
import { chown, lstat, mkdir, readdir, rename, rm, rmdir, stat, utimes } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { StoreError } from '../../errors.js'
import {
  FOLDER_MODE,
  isCode,
  leftoversOf,
  orMissing,
  orUnavailable,
  replacePrivateFile,
  temporaryPath,
} from './private-file.js'
import { isDead, processName } from './process-name.js'

const BEAT_MS = 1000
const LOOK_MS = { min: 20, max: 31 }
// Counted and not timed: no clock is asked, and a process that was stopped itself has not looked meanwhile.
const QUIET_LOOKS = 200
const LOOKS_MAX = 600
const REMOVAL = { recursive: true, force: true, maxRetries: 10, retryDelay: 10 }
/**
 * Error codes, of one system or the other, when another process has the lock. ENOENT: its holder took the folder
 * prepared here for the remains of a crash, and removed it.
 */
const BEATEN = [
  'EEXIST',
  'ENOTEMPTY',
  'ENOTDIR',
  'ENOENT',
  ...(process.platform === 'win32' ? ['EPERM', 'EACCES'] : []),
]

/**
 * The lock of a file, for the moment of a change.
 *
 * `<path>.lock` is a folder with one folder in it, which is called after its holder. Both come into being in one step: they are
 * made elsewhere and renamed to there, which fails while the place is taken. New content is written in the holder’s folder and
 * renamed to the file. A process that takes a lock over first moves the holder’s folder away: from then on, wherever the former holder
 * was stopped, its next step ends at a path that is not there.
 */
export class FileLock {
  readonly #path: string
  readonly #folder: string
  readonly #beat: NodeJS.Timeout
  #beats = 0

  constructor(path: string, holder: string) {
    this.#path = path
    this.#folder = join(lockPath(path), holder)
    this.#beat = setInterval(() => {
      this.#live()
    }, BEAT_MS).unref()
  }

  /**
   * Replaces the file in one step.
   * @throws StoreError `store-locked` when another process took the lock over, `store-unavailable`.
   */
  async replaceFile(content: Uint8Array): Promise<void> {
    try {
      await replacePrivateFile(this.#path, content, join(this.#folder, 'new'))
    } catch (cause) {
      if ((await orMissing(() => stat(this.#folder))) !== undefined) throw cause
      throw new StoreError('store-locked', `another process took ${this.#path} over`, { cause })
    }
  }

  /** Stops refreshing the lock first: if it cannot be removed, it becomes stale and others take it over. */
  async release(): Promise<void> {
    clearInterval(this.#beat)
    await rm(this.#folder, REMOVAL).catch(() => undefined)
    await removeEmpty(lockPath(this.#path))
  }

  // Any other time says that the holder lives: clocks may jump and stand still.
  #live(): void {
    this.#beats += 2
    utimes(this.#folder, this.#beats, this.#beats).catch(() => undefined)
  }
}

/**
 * Takes the lock of a file once the others are done, or from a holder that is dead or has not stirred for some seconds; then
 * tidies up.
 * @throws StoreError `store-locked` when others have it for too long, `store-unavailable` when it cannot be made.
 */
export async function lockFile(path: string): Promise<FileLock> {
  return await orUnavailable(path, 'lock', async () => {
    const quiet = new Quiet()
    for (let look = 0; look < LOOKS_MAX; look++) {
      const lock = await tryLock(path, holder => quiet.isLong(holder))
      if (lock !== undefined) return lock
      await setTimeout(randomInt(LOOK_MS.min, LOOK_MS.max))
    }
    throw new StoreError('store-locked', `${path} is in use by another process`)
  })
}

/** Removes what a crash left, if anything, and unless the file is in use. A folder that cannot be changed can yet be read. */
export async function tidyUp(path: string): Promise<void> {
  try {
    const isTidy = (await holderOf(path)) === undefined && (await leftoversOf(path)).length === 0
    if (!isTidy) await (await tryLock(path, () => false))?.release()
  } catch {
    // A change will meet the same, and tell it.
  }
}

/** @returns undefined when another has the lock, or was quicker. */
async function tryLock(path: string, isQuiet: (holder: Holder) => boolean): Promise<FileLock | undefined> {
  const holder = await holderOf(path)
  if (holder !== undefined) {
    if (!isDead(basename(holder.path)) && !isQuiet(holder)) return undefined
    await takeOver(path, holder)
  }
  const lock = await makeLock(path)
  if (lock === undefined) return undefined
  try {
    for (const leftover of await leftoversOf(path)) await rm(leftover, REMOVAL)
    return lock
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function makeLock(path: string): Promise<FileLock | undefined> {
  const holder = `${processName()}.${randomUUID()}`
  const prepared = temporaryPath(path)
  await mkdir(prepared, FOLDER_MODE)
  try {
    await mkdir(join(prepared, holder), FOLDER_MODE)
    await giveToOwner(path, [prepared, join(prepared, holder)])
    await rename(prepared, lockPath(path))
    return new FileLock(path, holder)
  } catch (error) {
    await rm(prepared, REMOVAL)
    if (isCode(error, ...BEATEN)) return undefined
    throw error
  }
}

// What root leaves behind, the owner of the place can take over.
async function giveToOwner(path: string, folders: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = await stat(dirname(path))
  for (const folder of folders) await chown(folder, uid, gid)
}

/** Nothing of this one’s folder is left when it is over, so that nothing in it can be renamed any more. */
async function takeOver(path: string, holder: Holder): Promise<void> {
  const aside = temporaryPath(path)
  await orMissing(() => rename(holder.path, aside))
  await rm(aside, REMOVAL)
  await removeEmpty(lockPath(path))
}

async function removeEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined)
}

function lockPath(path: string): string {
  return `${path}.lock`
}

interface Holder {
  /** Of its folder; of the lock itself where that is a file, as earlier versions made it. */
  readonly path: string
  /** Another each time that it stirs. */
  readonly sign: string
}

async function holderOf(path: string): Promise<Holder | undefined> {
  return await orMissing(async () => {
    const holder = await firstIn(lockPath(path))
    if (holder === undefined) return undefined
    const { ino, mtimeNs } = await lstat(holder, { bigint: true })
    return { path: holder, sign: `${holder} ${ino} ${mtimeNs}` }
  })
}

async function firstIn(lock: string): Promise<string | undefined> {
  try {
    const [first] = await readdir(lock)
    return first === undefined ? undefined : join(lock, first)
  } catch (error) {
    if (isCode(error, 'ENOTDIR')) return lock
    throw error
  }
}

/** Watches whether a holder stirs. */
class Quiet {
  #sign = ''
  #looks = 0

  isLong({ sign }: Holder): boolean {
    this.#looks = sign === this.#sign ? this.#looks + 1 : 0
    this.#sign = sign
    return this.#looks >= QUIET_LOOKS
  }
}
