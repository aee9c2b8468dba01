import { mkdir, open, readFile, stat, writeFile } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readPrivateFile, replacePrivateFile } from '../../src/adapters/stores/private-file.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()
const CONTENT = Uint8Array.of(1, 2, 3)

afterEach(() => {
  vi.restoreAllMocks()
})

/** Watches every `fsync` and says what was synced: a file by its size, a folder as such. */
async function watchSyncs(): Promise<readonly unknown[]> {
  const handle = await open(folder.path, 'r')
  const prototype = Object.getPrototypeOf(handle) as FileHandle
  await handle.close()
  const synced: unknown[] = []
  vi.spyOn(prototype, 'sync').mockImplementation(async function (this: FileHandle) {
    const found = await this.stat()
    synced.push(found.isDirectory() ? 'folder' : found.size)
  })
  return synced
}

describe('replacing a file', () => {
  it('syncs the whole content and then the folder', async () => {
    const synced = await watchSyncs()
    await replacePrivateFile(folder.at('it'), CONTENT, folder.at('new'))
    expect(synced).toEqual([CONTENT.length, 'folder'])
  })

  it('tidies up when the last step fails', async () => {
    await mkdir(folder.at('it'))
    await expect(replacePrivateFile(folder.at('it'), CONTENT, folder.at('new'))).rejects.toMatchObject({
      code: 'store-unavailable',
      cause: { code: 'EISDIR' },
    })
    expect(await folder.names()).toEqual(['it'])
  })

  it('leaves the old content when the disk is full', async () => {
    await writeFile(folder.at('it'), 'old')
    const handle = await open(folder.path, 'r')
    const prototype = Object.getPrototypeOf(handle) as FileHandle
    await handle.close()
    vi.spyOn(prototype, 'writeFile').mockRejectedValue(Object.assign(new Error('full'), { code: 'ENOSPC' }))
    await expect(replacePrivateFile(folder.at('it'), CONTENT, folder.at('new'))).rejects.toMatchObject({
      code: 'store-unavailable',
      cause: { code: 'ENOSPC' },
    })
    vi.restoreAllMocks()
    expect(await readFile(folder.at('it'), 'utf8')).toBe('old')
    expect(await folder.names()).toEqual(['it'])
  })

  it('makes it private, whatever the mode was', async () => {
    await writeFile(folder.at('it'), 'old', { mode: 0o644 })
    await replacePrivateFile(folder.at('it'), CONTENT, folder.at('new'))
    expect((await stat(folder.at('it'))).mode & 0o777).toBe(0o600)
  })
})

describe('reading a file', () => {
  it('gives its bytes, or undefined when the file is missing', async () => {
    await replacePrivateFile(folder.at('it'), CONTENT, folder.at('new'))
    expect(await readPrivateFile(folder.at('it'), CONTENT.length)).toEqual(CONTENT)
    expect(await readPrivateFile(folder.at('missing'), 1)).toBeUndefined()
  })

  it('refuses one that is too large', async () => {
    await replacePrivateFile(folder.at('it'), CONTENT, folder.at('new'))
    await expect(readPrivateFile(folder.at('it'), 2)).rejects.toMatchObject({ code: 'store-damaged' })
  })
})
