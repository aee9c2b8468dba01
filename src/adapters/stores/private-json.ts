import { Serial } from '../../async/serial.js'
import { DecodeError, StoreError } from '../../errors.js'
import { lockFile, tidyUp } from './file-lock.js'
import type { Kept } from './kept.js'
import { locatePrivateFile, readPrivateFile } from './private-file.js'
import { decodeStoreFile, encodeStoreFile } from './store-format.js'
import type { StoreFormat } from './store-format.js'

/**
 * A private JSON file that several processes use at the same time: it is locked for the moment of a change only, and read anew
 * each time, so that damage that comes later is told and never overwritten. Calls run one after another; each rejects with
 * StoreError `store-damaged` (the file is left as it is), `store-unavailable` or `store-locked`.
 */
export class PrivateJson<Content> implements Kept<Content> {
  readonly #path: string
  readonly #format: StoreFormat<Content>
  readonly #calls = new Serial()
  #isClosed = false

  constructor(path: string, format: StoreFormat<Content>) {
    this.#path = path
    this.#format = format
  }

  /** A change replaces the file in one step, so that reading needs no lock. */
  read(): Promise<Content> {
    return this.#next(() => this.#read())
  }

  change(change: (content: Content) => Content): Promise<Content> {
    return this.#next(() => this.#change(change))
  }

  /** Waits for the calls under way; later ones reject with StoreError `store-unavailable`. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#calls.idle()
  }

  async #next<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#isClosed) throw new StoreError('store-unavailable', `${this.#path} is closed`)
    return await this.#calls.run(work)
  }

  async #read(): Promise<Content> {
    const bytes = await readPrivateFile(this.#path, this.#format.maxBytes)
    if (bytes === undefined) return this.#format.empty
    try {
      return decodeStoreFile(this.#format, bytes)
    } catch (cause) {
      if (!(cause instanceof DecodeError)) throw cause
      throw new StoreError('store-damaged', `${this.#path} is damaged: ${cause.message}`, { cause })
    }
  }

  async #change(change: (content: Content) => Content): Promise<Content> {
    const lock = await lockFile(this.#path)
    try {
      const before = await this.#read()
      const after = change(before)
      if (after !== before) await lock.replaceFile(this.#encode(after))
      return after
    } finally {
      await lock.release()
    }
  }

  #encode(content: Content): Uint8Array {
    const bytes = encodeStoreFile(this.#format, content)
    const { maxBytes } = this.#format
    if (bytes.length <= maxBytes) return bytes
    throw new StoreError('store-unavailable', `${this.#path} is full: it may hold ${maxBytes} bytes`)
  }
}

/**
 * Finds the file, following symbolic links, and sees that it can be read. Creates its folder (mode 0700) but no file before the
 * first change, and removes what a crash left.
 */
export async function openPrivateJson<Content>(
  path: string,
  format: StoreFormat<Content>,
): Promise<PrivateJson<Content>> {
  const located = await locatePrivateFile(path)
  await tidyUp(located)
  const file = new PrivateJson(located, format)
  await file.read()
  return file
}
