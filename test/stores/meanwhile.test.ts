import type * as FilesOfNode from 'node:fs/promises'
import { rm, symlink, writeFile } from 'node:fs/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { locatePrivateFile, readPrivateFile } from '../../src/adapters/stores/private-file.js'
import { useFolderPerTest } from '../support/test-folder.js'

/** What another process does, once, right after this one has looked. */
const other = vi.hoisted(() => ({ act: undefined as (() => Promise<void>) | undefined }))

vi.mock('node:fs/promises', async load => {
  const files = await load<typeof FilesOfNode>()
  const then =
    <Result>(look: (path: string) => Promise<Result>) =>
    async (path: string): Promise<Result> => {
      const { act } = other
      other.act = undefined
      try {
        return await look(path)
      } finally {
        await act?.()
      }
    }
  return { ...files, realpath: then(files.realpath), stat: then(files.stat) }
})

const folder = useFolderPerTest()

afterEach(() => {
  other.act = undefined
})

describe('a file that another process makes while it is looked for', () => {
  it('is found', async () => {
    other.act = () => writeFile(folder.at('it'), '')
    expect(await locatePrivateFile(folder.at('it'))).toBe(folder.at('it'))
  })

  it('is found behind a link', async () => {
    await symlink('it', folder.at('link'))
    other.act = () => writeFile(folder.at('it'), '')
    expect(await locatePrivateFile(folder.at('link'))).toBe(folder.at('it'))
  })

  it('is found where it is a link', async () => {
    other.act = () => symlink('it', folder.at('link'))
    expect(await locatePrivateFile(folder.at('link'))).toBe(folder.at('it'))
  })
})

it('a file that another process removes while it is read is missing', async () => {
  await writeFile(folder.at('it'), 'something')
  other.act = () => rm(folder.at('it'))
  expect(await readPrivateFile(folder.at('it'), 100)).toBeUndefined()
})
