import { execFileSync } from 'node:child_process'
import {
  chmod,
  chown,
  copyFile,
  mkdir,
  readFile,
  readlink,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { openFileCredentialStore } from '../../src/adapters/stores/file-credential-store.js'
import { sampleCredential } from '../support/sample-credential.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()
// File names have at most 255 bytes: `.lock` still fits behind these, the name of the temporary file does not.
const NAME_TOO_LONG_FOR_MORE_BYTES = 245

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8)

async function writeStore(path: string, ...seeds: readonly number[]): Promise<void> {
  const store = await openFileCredentialStore(path)
  for (const seed of seeds) await store.put(sampleCredential(seed))
  await store.close()
}

async function readStore(path: string): Promise<readonly number[]> {
  const store = await openFileCredentialStore(path)
  const seeds = (await store.list()).map(({ signCount }) => signCount)
  await store.close()
  return seeds
}

describe('the file', () => {
  it('outlives the store', async () => {
    await writeStore(folder.at('passkeys.json'), 1, 2)
    expect(await readStore(folder.at('passkeys.json'))).toEqual([1, 2])
    expect(await folder.names()).toEqual(['passkeys.json'])
  })

  it('is not made before there is something to keep', async () => {
    await writeStore(folder.at('passkeys.json'))
    expect(await folder.names()).toEqual([])
  })

  it('is damaged when it is empty: the store never writes an empty file', async () => {
    const path = folder.at('passkeys.json')
    await writeStore(path, 1)
    const store = await openFileCredentialStore(path)
    await truncate(path, 0)
    const uses = [
      () => store.list(),
      () => store.put(sampleCredential(2)),
      () => store.delete(sampleCredential(1).credentialId),
      () => openFileCredentialStore(path),
    ]
    for (const use of uses) await expect(use()).rejects.toMatchObject({ code: 'store-damaged' })
    expect((await stat(path)).size).toBe(0)
  })

  it('is private, and so are the folders made for it', async () => {
    await writeStore(folder.at('new', 'deep', 'passkeys.json'), 1)
    expect(await modeOf(folder.at('new'))).toBe('700')
    expect(await modeOf(folder.at('new', 'deep'))).toBe('700')
    expect(await modeOf(folder.at('new', 'deep', 'passkeys.json'))).toBe('600')
  })

  it.each([0o644, 0o660, 0o604, 0o777])('is tightened when others may read it (mode %i)', async mode => {
    const path = folder.at('passkeys.json')
    await writeStore(path, 1)
    await chmod(path, mode)
    expect(await readStore(path)).toEqual([1])
    expect(await modeOf(path)).toBe('600')
  })

  it('stays private and keeps a stricter mode while it is only read', async () => {
    const path = folder.at('passkeys.json')
    await writeStore(path, 1)
    await chmod(path, 0o400)
    await readStore(path)
    expect(await modeOf(path)).toBe('400')
  })

  it('keeps its owner, also when root writes it', async () => {
    const path = folder.at('passkeys.json')
    await writeStore(path, 1)
    if (process.getuid?.() === 0) await chown(path, 12345, 54321)
    const { uid, gid } = await stat(path)
    await writeStore(path, 2)
    expect(await stat(path)).toMatchObject({ uid, gid, mode: 0o100600 })
    expect(await readStore(path)).toEqual([1, 2])
  })

  it('is replaced, never written into', async () => {
    const path = folder.at('passkeys.json')
    await writeStore(path, 1)
    const [before, inode] = [await readFile(path), (await stat(path)).ino]
    execFileSync('ln', [path, folder.at('old-link')])
    await writeStore(path, 2)
    expect((await stat(path)).ino).not.toBe(inode)
    expect(await readFile(folder.at('old-link'))).toEqual(before)
  })
})

describe('symbolic links', () => {
  it('are followed to the file and kept', async () => {
    await writeStore(folder.at('real.json'), 1)
    await symlink('real.json', folder.at('link.json'))
    await writeStore(folder.at('link.json'), 2)
    expect(await readlink(folder.at('link.json'))).toBe('real.json')
    expect(await readStore(folder.at('real.json'))).toEqual([1, 2])
  })

  it('may point to a file that is yet to be written', async () => {
    await symlink('second.json', folder.at('first.json'))
    await symlink('real.json', folder.at('second.json'))
    await writeStore(folder.at('first.json'), 1)
    expect(await readlink(folder.at('first.json'))).toBe('second.json')
    expect(await readStore(folder.at('real.json'))).toEqual([1])
  })

  it('lead to the one lock', async () => {
    await writeStore(folder.at('real.json'), 1)
    await symlink('real.json', folder.at('link.json'))
    const store = await openFileCredentialStore(folder.at('real.json'))
    const linked = await openFileCredentialStore(folder.at('link.json'))
    const seeds = Array.from({ length: 10 }, (_, at) => at + 2)
    await Promise.all(seeds.map(seed => (seed % 2 === 0 ? store : linked).put(sampleCredential(seed))))
    expect((await linked.list()).map(({ signCount }) => signCount).toSorted((a, b) => a - b)).toEqual([
      1,
      ...seeds,
    ])
    expect(await folder.names()).toEqual(['link.json', 'real.json'])
  })

  it.each([
    ['in a circle', 'link.json'],
    ['into a missing folder', 'missing/real.json'],
  ])('%s are reported', async (_, target) => {
    await symlink(target, folder.at('link.json'))
    await expect(openFileCredentialStore(folder.at('link.json'))).rejects.toMatchObject({
      code: 'store-unavailable',
      cause: expect.any(Error) as Error,
    })
  })
})

describe('a path that cannot be a store', () => {
  it.each([
    ['a folder', () => mkdir(folder.at('it'))],
    ['a pipe', () => Promise.resolve(execFileSync('mkfifo', [folder.at('it')]))],
  ])('%s', async (_, make) => {
    await make()
    await expect(openFileCredentialStore(folder.at('it'))).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining(folder.at('it')) as string,
    })
    expect(await folder.names()).toEqual(['it'])
  })

  it('below a file', async () => {
    await writeFile(folder.at('file'), 'mine')
    await expect(openFileCredentialStore(folder.at('file', 'store.json'))).rejects.toMatchObject({
      code: 'store-unavailable',
    })
    expect(await readFile(folder.at('file'), 'utf8')).toBe('mine')
  })

  it('where nothing can be made', async () => {
    const store = await openFileCredentialStore('/proc/self/store.json')
    await expect(store.put(sampleCredential(1))).rejects.toMatchObject({
      code: 'store-unavailable',
      cause: expect.any(Error) as Error,
    })
  })
})

describe('failure while the store is open', () => {
  it('reports a write that the disk refuses, and the old content stays', async () => {
    await writeStore(folder.at('passkeys.json'), 1)
    const path = folder.at('long'.padEnd(NAME_TOO_LONG_FOR_MORE_BYTES, 'g'))
    await copyFile(folder.at('passkeys.json'), path)
    const store = await openFileCredentialStore(path)
    await expect(store.put(sampleCredential(2))).rejects.toMatchObject({
      code: 'store-unavailable',
      cause: { code: 'ENAMETOOLONG' },
    })
    expect(await store.list()).toEqual([sampleCredential(1)])
    await store.close()
    expect(await readFile(path)).toEqual(await readFile(folder.at('passkeys.json')))
  })

  it('leaves a file alone that was damaged meanwhile', async () => {
    const path = folder.at('passkeys.json')
    const store = await openFileCredentialStore(path)
    await store.put(sampleCredential(1))
    await truncate(path, 100)
    await expect(store.put(sampleCredential(2))).rejects.toMatchObject({ code: 'store-damaged' })
    await expect(store.delete(sampleCredential(1).credentialId)).rejects.toMatchObject({
      code: 'store-damaged',
    })
    expect((await stat(path)).size).toBe(100)
    await store.close()
  })

  it('refuses calls after close, which may be called twice', async () => {
    const store = await openFileCredentialStore(folder.at('passkeys.json'))
    const putting = store.put(sampleCredential(1))
    await Promise.all([store.close(), store.close()])
    expect(await folder.names()).toEqual(['passkeys.json'])
    await putting
    await expect(store.list()).rejects.toMatchObject({ code: 'store-unavailable' })
    expect(await readStore(folder.at('passkeys.json'))).toEqual([1])
  })
})

describe('what a crash leaves', () => {
  it('is cleaned up, and nothing else is', async () => {
    const path = folder.at('passkeys.json')
    await writeStore(path, 1)
    await writeFile(`${path}.0123456789abcdef.tmp`, '{"format":')
    for (const kept of ['passkeys.json.bak', 'passkeys.json.tmp', 'other.json.0123456789abcdef.tmp']) {
      await writeFile(folder.at(kept), 'mine')
    }
    expect(await readStore(path)).toEqual([1])
    expect(await folder.names()).toEqual([
      'other.json.0123456789abcdef.tmp',
      'passkeys.json',
      'passkeys.json.bak',
      'passkeys.json.tmp',
    ])
  })

  it('is tidied by those who only read', async () => {
    const path = folder.at('passkeys.json')
    await writeStore(path, 1)
    await mkdir(`${path}.lock`)
    await mkdir(`${path}.0123456789abcdef.tmp/holder`, { recursive: true })
    expect(await readStore(path)).toEqual([1])
    expect(await folder.names()).toEqual(['passkeys.json'])
  })
})
