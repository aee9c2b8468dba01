import { lstat, mkdir, mkdtemp, readdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openFileCredentialStore } from '../../src/adapters/stores/file-credential-store.js'
import { isDead, processName } from '../../src/adapters/stores/process-name.js'
import { sampleCredential } from '../support/sample-credential.js'
import { useFolderPerFile } from '../support/test-folder.js'

const HOLDER = processName()
const AT_ONCE_MS = 1500
const QUIET_MS = { min: 3500, max: 12_000 }
const TIMEOUT_MS = 20_000
const YEAR_S = 31_536_000
const ENDED = 0x7fff_fffe

const folder = useFolderPerFile()

/** Where a store can be, beside nothing. */
async function freshPath(): Promise<string> {
  return join(await mkdtemp(folder.at('store-')), 'passkeys.json')
}

async function expectTidy(path: string): Promise<void> {
  expect(await readdir(dirname(path))).toEqual(['passkeys.json'])
}

/** How long it takes until the store can be changed. */
async function waitFor(path: string): Promise<number> {
  const store = await openFileCredentialStore(path)
  expect(await store.list()).toEqual([])
  const since = performance.now()
  await store.put(sampleCredential(1))
  expect(await store.list()).toEqual([sampleCredential(1)])
  return performance.now() - since
}

/** A lock as if this holder had it. */
async function lockAs(name: string, path: string): Promise<string> {
  const holder = join(`${path}.lock`, name)
  await mkdir(holder, { recursive: true })
  return holder
}

describe.concurrent('a lock whose holder', () => {
  it.each([
    ['has ended', HOLDER.replace(/^\d+/, String(ENDED))],
    ['has ended, and whose number another process has now', HOLDER.replace(/\.\d+\./, '.1.')],
  ])('%s is taken over at once', async (_, name) => {
    const path = await freshPath()
    await lockAs(name, path)
    expect(isDead(name)).toBe(true)
    expect(await waitFor(path)).toBeLessThan(AT_ONCE_MS)
    await expectTidy(path)
  })

  it.runIf(process.platform === 'linux')('this process is, is not dead', () => {
    expect(HOLDER).toMatch(/^\d+\.\d+\.[0-9a-f]{16}$/)
    expect(isDead(HOLDER)).toBe(false)
  })

  it.each([
    ['lives and does not stir', HOLDER, undefined],
    ['is on another machine', HOLDER.replace(/[0-9a-f]{16}$/, '0123456789abcdef'), undefined],
    ['has no name', 'holder', undefined],
    ['was last seen in a year from now', HOLDER, YEAR_S],
    ['was last seen a year ago', HOLDER, -YEAR_S],
  ])('%s is taken over after some seconds', { timeout: TIMEOUT_MS }, async (_, name, offset) => {
    const path = await freshPath()
    const holder = await lockAs(name, path)
    const time = Date.now() / 1000 + (offset ?? 0)
    if (offset !== undefined) await utimes(holder, time, time)
    const ms = await waitFor(path)
    expect([ms > QUIET_MS.min, ms < QUIET_MS.max]).toEqual([true, true])
    await expectTidy(path)
  })

  it('stirs is waited for, and then reported', { timeout: 3 * TIMEOUT_MS }, async () => {
    const path = await freshPath()
    const holder = await lockAs(HOLDER, path)
    let beats = 0
    const beat = setInterval(() => void utimes(holder, ++beats, beats), 1000)
    await expect(waitFor(path)).rejects.toMatchObject({ code: 'store-locked' })
    clearInterval(beat)
    expect((await lstat(holder)).isDirectory()).toBe(true)
  })

  it(
    'wrote a file, as versions before did, is taken over after some seconds',
    { timeout: TIMEOUT_MS },
    async () => {
      const path = await freshPath()
      await writeFile(`${path}.lock`, '4711@host/pid:[1] 00000000-0000-4000-8000-000000000000')
      const ms = await waitFor(path)
      expect([ms > QUIET_MS.min, ms < QUIET_MS.max]).toEqual([true, true])
      await expectTidy(path)
    },
  )

  it('is not named is taken over at once', async () => {
    const path = await freshPath()
    await mkdir(`${path}.lock`)
    expect(await waitFor(path)).toBeLessThan(AT_ONCE_MS)
    await expectTidy(path)
  })
})
