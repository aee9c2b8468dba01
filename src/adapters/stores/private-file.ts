import { randomBytes } from 'node:crypto'
import type { Stats } from 'node:fs'
import { mkdir, open, readdir, readlink, realpath, rename, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { StoreError } from '../../errors.js'

const FILE_MODE = 0o600
export const FOLDER_MODE = 0o700
const OTHERS = 0o077
const LINK_LIMIT = 40
const TEMPORARY_RANDOM_BYTES = 8
const TEMPORARY_SUFFIX = /^\.[0-9a-f]{16}\.tmp$/

// Windows has neither mode bits nor folders that can be synced.
const HAS_MODES = process.platform !== 'win32'

/**
 * Creates the folder (mode 0700) when it is missing and follows symbolic links, also one to a file that is yet to be written.
 * @returns the path of the file itself, so that a replacement leaves the links alone.
 * @throws StoreError `store-unavailable`.
 */
export async function locatePrivateFile(path: string): Promise<string> {
  return await orUnavailable(path, 'find', async () => {
    await mkdir(dirname(resolve(path)), { recursive: true, mode: FOLDER_MODE })
    return await followLinks(resolve(path), LINK_LIMIT)
  })
}

async function followLinks(path: string, left: number): Promise<string> {
  const target = await orMissing(() => realpath(path))
  if (target !== undefined) return target
  // EINVAL: by now another process has made a file there.
  const link = await orMissing(() => readlink(path), 'EINVAL')
  if (link === undefined || left === 0) return join(await realpath(dirname(path)), basename(path))
  return await followLinks(resolve(dirname(path), link), left - 1)
}

/**
 * Reads a file that only its owner may read; a file that others may read is tightened to mode 0600 first.
 * @returns undefined when the file is missing.
 * @throws StoreError `store-unavailable`, also for a folder or a device; `store-damaged` above `maxBytes`.
 */
export async function readPrivateFile(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  return await orUnavailable(path, 'read', () => orMissing(() => readUpTo(path, maxBytes)))
}

async function readUpTo(path: string, maxBytes: number): Promise<Uint8Array> {
  if ((await sizeOfFile(path)) > maxBytes)
    throw new StoreError('store-damaged', `${path} is larger than ${maxBytes} bytes`)
  return await withFile(path, 'r', async file => {
    if (HAS_MODES && ((await file.stat()).mode & OTHERS) !== 0) await file.chmod(FILE_MODE)
    return Uint8Array.from(await file.readFile())
  })
}

// Asked before opening: opening a pipe would wait for its other end.
async function sizeOfFile(path: string): Promise<number> {
  const found = await stat(path)
  if (!found.isFile()) throw new Error('it is not a regular file')
  return found.size
}

/**
 * Replaces the file in one step: a reader sees the old content or the new, also after a crash or on a full disk.
 * The file gets mode 0600 and keeps its owner.
 * @param temporary where the new content is written first, on the same file system.
 * @throws StoreError `store-unavailable`; the file then holds the old content, or the new one if only its durability is in doubt.
 */
export async function replacePrivateFile(
  path: string,
  content: Uint8Array,
  temporary: string,
): Promise<void> {
  await orUnavailable(path, 'write', async () => {
    try {
      const former = await orMissing(() => stat(path))
      await withFile(temporary, 'wx', file => writeThrough(file, content, former))
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
    if (HAS_MODES) await withFile(dirname(path), 'r', folder => folder.sync())
  })
}

async function writeThrough(file: FileHandle, content: Uint8Array, former: Stats | undefined): Promise<void> {
  const { uid, gid } = await file.stat()
  if (former !== undefined && (former.uid !== uid || former.gid !== gid))
    await file.chown(former.uid, former.gid)
  await file.writeFile(content)
  await file.sync()
}

/** A fresh path beside the file; what a crash leaves there, `leftoversOf` finds. */
export function temporaryPath(path: string): string {
  return `${path}.${randomBytes(TEMPORARY_RANDOM_BYTES).toString('hex')}.tmp`
}

/** What is at a `temporaryPath` of the file. @throws StoreError `store-unavailable`. */
export async function leftoversOf(path: string): Promise<readonly string[]> {
  const prefix = basename(path)
  const isLeftover = (name: string): boolean =>
    name.startsWith(prefix) && TEMPORARY_SUFFIX.test(name.slice(prefix.length))
  const names = await orUnavailable(path, 'find', () => readdir(dirname(path)))
  return names.filter(isLeftover).map(name => join(dirname(path), name))
}

async function withFile<Result>(
  path: string,
  flags: 'r' | 'wx',
  use: (file: FileHandle) => Promise<Result>,
): Promise<Result> {
  const file = await open(path, flags, FILE_MODE)
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}

/** @param codes of the system that mean the same as ENOENT. @returns undefined for what is not there. */
export async function orMissing<Result>(
  look: () => Promise<Result>,
  ...codes: readonly string[]
): Promise<Result | undefined> {
  try {
    return await look()
  } catch (error) {
    if (isCode(error, 'ENOENT', ...codes)) return undefined
    throw error
  }
}

/** Whether the system’s error has one of these codes. */
export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some(code => code === error.code)
}

/** Works on a file of a store. @throws StoreError as the work does, `store-unavailable` for any other error of it. */
export async function orUnavailable<Result>(
  path: string,
  verb: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof StoreError) throw cause
    throw new StoreError('store-unavailable', `cannot ${verb} ${path}`, { cause })
  }
}
