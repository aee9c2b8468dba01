import { lstat, mkdir, mkdtemp, readdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { openFileCredentialStore } from '../../src/adapters/stores/file-credential-store.js'
import { isDead, processName } from '../../src/adapters/stores/process-name.js'
import { sampleCredential } from '../support/sample-credential.js'
import { useFolderPerFile } from '../support/test-folder.js'
import { waitsOf } from './virtual-waits.js'

vi.mock('node:timers/promises', async load =>
  (await import('./virtual-waits.js')).withVirtualWaits(await load()),
)

const HOLDER = processName()
/** 200 looks, each after 20 to 30 ms. */
const QUIET_MS = { min: 4000, max: 6000 }
/** 600 looks. */
const GIVES_UP_MS = { min: 12_000, max: 18_000 }
const BEAT_MS = 1000
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

/** How long it takes until the store can be changed, ms. */
async function waitFor(path: string): Promise<number> {
  const store = await openFileCredentialStore(path)
  expect(await store.list()).toEqual([])
  const ms = await waitsOf(() => store.put(sampleCredential(1)))
  expect(await store.list()).toEqual([sampleCredential(1)])
  return ms
}

function expectWithin(ms: number, { min, max }: typeof QUIET_MS): void {
  expect([ms >= min, ms <= max, ms]).toEqual([true, true, ms])
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
    expect(await waitFor(path)).toBe(0)
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
  ])('%s is taken over after some seconds', async (_, name, offset) => {
    const path = await freshPath()
    const holder = await lockAs(name, path)
    const time = Date.now() / 1000 + (offset ?? 0)
    if (offset !== undefined) await utimes(holder, time, time)
    expectWithin(await waitFor(path), QUIET_MS)
    await expectTidy(path)
  })

  it('stirs is waited for, and then reported', async () => {
    const path = await freshPath()
    const holder = await lockAs(HOLDER, path)
    const store = await openFileCredentialStore(path)
    let [beats, waited] = [0, 0]
    const change = waitsOf(
      () => store.put(sampleCredential(1)),
      async ms => {
        waited = ms
        if (ms > beats * BEAT_MS) await utimes(holder, ++beats, beats)
      },
    )
    await expect(change).rejects.toMatchObject({ code: 'store-locked' })
    expectWithin(waited, GIVES_UP_MS)
    expect((await lstat(holder)).isDirectory()).toBe(true)
  })

  it('wrote a file, as versions before did, is taken over after some seconds', async () => {
    const path = await freshPath()
    await writeFile(`${path}.lock`, '4711@host/pid:[1] 00000000-0000-4000-8000-000000000000')
    expectWithin(await waitFor(path), QUIET_MS)
    await expectTidy(path)
  })

  it('is not named is taken over at once', async () => {
    const path = await freshPath()
    await mkdir(`${path}.lock`)
    expect(await waitFor(path)).toBe(0)
    await expectTidy(path)
  })
})
