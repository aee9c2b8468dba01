import { DecodeError, StoreError } from '../errors.js'
import type { CredentialStore, StoredCredential } from '../ports/credential-store.js'
import { decodeCredentialFile, encodeCredentialFile } from './stores/credential-file.js'
import {
  assertCredential,
  copyCredential,
  findCredential,
  withCredential,
  withoutCredential,
} from './stores/credential-record.js'
import { lockFile } from './stores/file-lock.js'
import type { FileLock } from './stores/file-lock.js'
import {
  locatePrivateFile,
  readPrivateFile,
  removeLeftovers,
  replacePrivateFile,
} from './stores/private-file.js'

const FILE_MAX_BYTES = 16 * 1024 * 1024

/**
 * Passkeys in one JSON file of mode 0600, oldest first; made by `openFileCredentialStore`.
 *
 * Nothing is cached: each call reads the file anew, so damage that comes later is reported and never overwritten, and no
 * private key stays in memory. Calls run one after another. Each rejects with StoreError `store-damaged`,
 * `store-unavailable` (also after `close`) or `store-locked` (another process took the store).
 */
export class FileCredentialStore implements CredentialStore {
  readonly #path: string
  readonly #lock: FileLock
  #last: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(path: string, lock: FileLock) {
    this.#path = path
    this.#lock = lock
  }

  list(): Promise<readonly StoredCredential[]> {
    return this.#next(() => this.#read())
  }

  find(credentialId: Uint8Array): Promise<StoredCredential | undefined> {
    const wanted = Uint8Array.from(credentialId)
    return this.#next(async () => findCredential(await this.#read(), wanted))
  }

  /** Rejects with UsageError `argument-invalid` for a record outside the limits of `StoredCredential`. */
  async put(
    credential: StoredCredential,
    options: { readonly replaces?: readonly Uint8Array[] } = {},
  ): Promise<void> {
    assertCredential(credential)
    const added = copyCredential(credential)
    const replaces = options.replaces?.map(id => Uint8Array.from(id))
    await this.#next(async () => {
      await this.#write(withCredential(await this.#read(), added, replaces))
    })
  }

  /** Rejects with UsageError `argument-invalid` like `put`. */
  async replace(credential: StoredCredential): Promise<boolean> {
    assertCredential(credential)
    const replacement = copyCredential(credential)
    return this.#next(async () => {
      const stored = await this.#read()
      if (findCredential(stored, replacement.credentialId) === undefined) return false
      await this.#write(withCredential(stored, replacement))
      return true
    })
  }

  delete(credentialId: Uint8Array): Promise<boolean> {
    const unwanted = Uint8Array.from(credentialId)
    return this.#next(async () => {
      const before = await this.#read()
      const after = withoutCredential(before, unwanted)
      if (after.length === before.length) return false
      await this.#write(after)
      return true
    })
  }

  /** Waits for the calls under way, then lets other processes open the store. Safe to call twice. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#last
    await this.#lock.release()
  }

  async #next<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new StoreError('store-unavailable', `${this.#path} is closed`)
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return await result
  }

  async #read(): Promise<readonly StoredCredential[]> {
    if (!(await this.#lock.isHeld())) {
      throw new StoreError('store-locked', `another process took ${this.#path} over`)
    }
    const bytes = await readPrivateFile(this.#path, FILE_MAX_BYTES)
    if (bytes === undefined) return []
    try {
      return decodeCredentialFile(bytes)
    } catch (cause) {
      if (!(cause instanceof DecodeError)) throw cause
      throw new StoreError('store-damaged', `${this.#path} is damaged: ${cause.message}`, { cause })
    }
  }

  async #write(credentials: readonly StoredCredential[]): Promise<void> {
    const bytes = encodeCredentialFile(credentials)
    if (bytes.length > FILE_MAX_BYTES) {
      throw new StoreError('store-unavailable', `${this.#path} is full: it may hold ${FILE_MAX_BYTES} bytes`)
    }
    await replacePrivateFile(this.#path, bytes)
  }
}

/**
 * Opens the passkeys of a file, or starts with none when the file is missing or empty. Creates the folder (mode 0700)
 * but no file before the first `put`. A file that others may read is tightened to mode 0600. Symbolic links are followed.
 *
 * @param path the file; `<path>.lock` beside it keeps other processes out until `close` or the end of this process.
 * @throws StoreError `store-locked`, `store-damaged` (the file is left as it is) or `store-unavailable`.
 * @example
 * const store = await openFileCredentialStore('/home/alice/.config/phone/passkeys.json')
 * try { console.log((await store.list()).length) } finally { await store.close() }
 */
export async function openFileCredentialStore(path: string): Promise<FileCredentialStore> {
  const located = await locatePrivateFile(path)
  const lock = await lockFile(located)
  const store = new FileCredentialStore(located, lock)
  try {
    await removeLeftovers(located)
    await store.list()
  } catch (error) {
    await lock.release()
    throw error
  }
  return store
}
