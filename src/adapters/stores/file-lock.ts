import { randomInt, randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { StoreError } from '../../errors.js'
import { isDead, processName } from './process-name.js'
import { temporaryPath } from './private-file.js'

// A living holder renews its lock each second; one that cannot be asked whether it lives is recovered from after five.
const RENEW_MS = 1000
const STALE_MS = 5000
// Changes take milliseconds; several seconds mean that something is wrong.
const ATTEMPTS = 200
const RETRY_MS = 20
const FILE_MODE = 0o600
const REMOVAL = { recursive: true, force: true }

/** A lock that is held against other processes, and against a second holder in this one. */
export interface FileLock {
  /** False once another process took the lock, as happens to a process that was stopped for long. */
  isHeld(): Promise<boolean>
  /** Safe to call twice. The exit of the process releases too; a lock whose holder was killed is taken over. */
  release(): Promise<void>
}

/**
 * Takes the lock `<path>.lock`, a file that names its holder and that the holder keeps fresh.
 * @throws StoreError `store-locked` when somebody holds it, `store-unavailable` when it cannot be made.
 */
export async function lockFile(path: string): Promise<FileLock> {
  const holder = `${processName()} ${randomUUID()}`
  try {
    return await takeLock(path, holder).catch(async (cause: unknown) => {
      if (isHeldError(cause) && (await removeDeadLock(path))) return await takeLock(path, holder)
      throw cause
    })
  } catch (cause) {
    throw lockError(path, cause)
  }
}

/**
 * Takes the lock of a file that several processes change now and then, once the others are done.
 * @throws StoreError like `lockFile`; `store-locked` after some seconds.
 */
export async function lockSharedFile(path: string): Promise<FileLock> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await lockFile(path)
    } catch (error) {
      const isBusy = error instanceof StoreError && error.code === 'store-locked'
      if (!isBusy || attempt === ATTEMPTS) throw error
      await setTimeout(RETRY_MS + randomInt(RETRY_MS))
    }
  }
}

async function takeLock(path: string, holder: string): Promise<FileLock> {
  const { lock } = await import('proper-lockfile')
  let lost = false
  const release = await lock(path, {
    realpath: false,
    lockfilePath: lockPath(path),
    stale: STALE_MS,
    update: RENEW_MS,
    fs: filesNaming(holder, path),
    onCompromised: () => {
      lost = true
    },
  })
  return new HeldLock(lockPath(path), holder, release, () => lost)
}

function lockPath(path: string): string {
  return `${path}.lock`
}

/** The library locks by making a folder, which says nothing: here it makes a file that names its holder. */
function filesNaming(holder: string, path: string): object {
  return {
    ...fs,
    mkdir: (lock: string, done: fs.NoParamCallback) => {
      makeNamedLock(lock, holder, path).then(() => {
        done(null)
      }, done)
    },
    rmdir: (lock: string, done: fs.NoParamCallback) => {
      fs.rm(lock, REMOVAL, done)
    },
    rmdirSync: (lock: string) => {
      fs.rmSync(lock, REMOVAL)
    },
  }
}

/** In one step, as far as the file system lets it: nobody could judge a lock whose holder was killed before it had a name. */
async function makeNamedLock(lock: string, holder: string, path: string): Promise<void> {
  const named = temporaryPath(path)
  const content = { flag: 'wx', mode: FILE_MODE }
  try {
    await writeFile(named, holder, content)
    await link(named, lock)
  } catch (error) {
    if (isCode(error, 'EEXIST')) throw error
    await writeFile(lock, holder, content)
  } finally {
    await rm(named, REMOVAL).catch(() => undefined)
  }
}

/** Removes the lock of a process that is no more. @returns whether it was one. */
async function removeDeadLock(path: string): Promise<boolean> {
  const holder = await holderOf(lockPath(path))
  if (holder === undefined || !isDead(holder)) return false
  // Whoever else found it dead may have put a living one in its place: that one goes back.
  const aside = temporaryPath(path)
  try {
    await rename(lockPath(path), aside)
    if ((await holderOf(aside)) !== holder) await link(aside, lockPath(path))
  } catch {
    // The next attempt tells what is there now.
  } finally {
    await rm(aside, REMOVAL)
  }
  return true
}

async function holderOf(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch(() => undefined)
}

class HeldLock implements FileLock {
  readonly #path: string
  readonly #holder: string
  readonly #release: () => Promise<void>
  readonly #isLost: () => boolean
  #released: Promise<void> | undefined

  constructor(path: string, holder: string, release: () => Promise<void>, isLost: () => boolean) {
    this.#path = path
    this.#holder = holder
    this.#release = release
    this.#isLost = isLost
  }

  async isHeld(): Promise<boolean> {
    return !this.#isLost() && (await holderOf(this.#path)) === this.#holder
  }

  release(): Promise<void> {
    this.#released ??= this.#end()
    return this.#released
  }

  async #end(): Promise<void> {
    if (await this.isHeld()) await this.#release()
  }
}

function isHeldError(cause: unknown): boolean {
  return isCode(cause, 'ELOCKED')
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function lockError(path: string, cause: unknown): StoreError {
  return isHeldError(cause)
    ? new StoreError('store-locked', `${path} is in use by another process`, { cause })
    : new StoreError('store-unavailable', `cannot lock ${path}`, { cause })
}
