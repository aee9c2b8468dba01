import { DecodeError, StoreError } from '../../errors.js'
import { lockSharedFile } from './file-lock.js'
import { locatePrivateFile, readPrivateFile, removeLeftovers, replacePrivateFile } from './private-file.js'
import { decodeStoreFile, encodeStoreFile } from './store-format.js'
import type { StoreFormat } from './store-format.js'

const FILE_MAX_BYTES = 1024 * 1024

/**
 * A private file that several processes use at the same time: it is locked for the moment of a change only, and read anew
 * each time. Calls reject with StoreError `store-damaged` (the file is left as it is), `store-unavailable` or `store-locked`.
 */
export class SharedFile<Content> {
  readonly #path: string
  readonly #format: StoreFormat<Content>
  #last: Promise<unknown> = Promise.resolve()

  constructor(path: string, format: StoreFormat<Content>) {
    this.#path = path
    this.#format = format
  }

  /** What the file says now; each change replaces it in one step, so that there is no lock to wait for. */
  async read(): Promise<Content> {
    const bytes = await readPrivateFile(this.#path, FILE_MAX_BYTES)
    if (bytes === undefined) return this.#format.empty
    try {
      return decodeStoreFile(this.#format, bytes)
    } catch (cause) {
      if (!(cause instanceof DecodeError)) throw cause
      throw new StoreError('store-damaged', `${this.#path} is damaged: ${cause.message}`, { cause })
    }
  }

  /** @param change gives back what it got to leave the file as it is. @returns the content afterwards. */
  change(change: (content: Content) => Content): Promise<Content> {
    const changed = this.#last.then(() => this.#change(change))
    this.#last = changed.catch(() => undefined)
    return changed
  }

  async #change(change: (content: Content) => Content): Promise<Content> {
    const lock = await lockSharedFile(this.#path)
    try {
      await removeLeftovers(this.#path)
      const before = await this.read()
      const after = change(before)
      if (after !== before) await this.#write(after, await lock.isHeld())
      return after
    } finally {
      await lock.release()
    }
  }

  async #write(content: Content, isHeld: boolean): Promise<void> {
    const bytes = encodeStoreFile(this.#format, content)
    if (!isHeld) throw new StoreError('store-locked', `another process took ${this.#path} over`)
    if (bytes.length > FILE_MAX_BYTES) {
      throw new StoreError('store-unavailable', `${this.#path} is full: it may hold ${FILE_MAX_BYTES} bytes`)
    }
    await replacePrivateFile(this.#path, bytes)
  }
}

/**
 * Finds the file, following symbolic links, and sees that it can be read. Creates its folder (mode 0700) but no file before the
 * first change.
 */
export async function openSharedFile<Content>(
  path: string,
  format: StoreFormat<Content>,
): Promise<SharedFile<Content>> {
  const file = new SharedFile(await locatePrivateFile(path), format)
  await file.read()
  return file
}
