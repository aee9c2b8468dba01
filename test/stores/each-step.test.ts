import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openFileCredentialStore } from '../../src/adapters/stores/file-credential-store.js'
import type { FileCredentialStore } from '../../src/adapters/stores/file-credential-store.js'
import { sampleCredential } from '../support/sample-credential.js'
import { useFolderPerFile } from '../support/test-folder.js'
import { waitsOf } from './virtual-waits.js'

vi.mock('node:timers/promises', async load =>
  (await import('./virtual-waits.js')).withVirtualWaits(await load()),
)

/** Both were in the store, or come into it from elsewhere: whatever happens to a writer, they are not lost. */
const BEFORE = 1
const OTHER = 2
const WRITER = 3
const NEVER = 999
const TIMEOUT_MS = 60_000

const folder = useFolderPerFile()
let script = ''
let stepsOfOne = 0
const writers: Writer[] = []

beforeAll(async () => {
  script = folder.at('writer.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('step-writer.ts', import.meta.url))],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  })
  stepsOfOne = await countSteps(await storeWith(BEFORE), 'put')
})

afterAll(async () => {
  for (const { child } of writers) child.kill('SIGKILL')
  await Promise.all(writers.map(({ exit }) => exit))
})

async function countSteps(path: string, work: 'put' | 'confirm'): Promise<number> {
  const { lines } = startWriter(path, NEVER, 'freeze', work)
  expect(await lines.next()).toBe('kept')
  return Number.parseInt(await lines.next())
}

async function storeWith(seed: number): Promise<string> {
  const path = join(await mkdtemp(folder.at('store-')), 'passkeys.json')
  await put(path, seed)
  return path
}

async function put(path: string, seed: number): Promise<void> {
  const store = await openFileCredentialStore(path)
  await store.put(sampleCredential(seed))
}

async function seedsIn(path: string): Promise<readonly number[]> {
  const store = await openFileCredentialStore(path)
  return (await store.list()).map(({ signCount }) => signCount).sort()
}

interface Writer {
  readonly child: ChildProcess
  readonly exit: Promise<unknown>
  readonly lines: { next(): Promise<string> }
}

function startWriter(
  path: string,
  step: number,
  deed: 'freeze' | 'die' | 'fill' | 'dawdle',
  work: 'put' | 'confirm' = 'put',
): Writer {
  const args = [script, path, work, String(WRITER), String(step), deed]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const writer = { child, exit, lines: { next: async () => String((await lines.next()).value) } }
  writers.push(writer)
  return writer
}

/** Each step of one change, a few at the same time: most of it is waiting. */
async function atEachStep(
  check: (step: number, path: string) => Promise<string>,
  count = stepsOfOne,
): Promise<readonly string[]> {
  const steps = Array.from({ length: count }, (_, at) => at + 1).values()
  const told: string[] = []
  const lane = async (): Promise<void> => {
    for (const step of steps) told.push(await check(step, await storeWith(BEFORE)))
  }
  await Promise.all(Array.from({ length: 8 }, lane))
  return told
}

async function expectTidy(path: string): Promise<void> {
  expect(await readdir(join(path, '..'))).toEqual(['passkeys.json'])
}

describe.concurrent('a writer that is stopped at any step of a change', () => {
  it(
    'has kept its passkey when it says so, and has else changed nothing',
    { timeout: TIMEOUT_MS },
    async () => {
      const outcomes = await atEachStep(async (step, path) => {
        const { child, exit, lines } = startWriter(path, step, 'freeze')
        const at = await lines.next()
        await waitsOf(() => put(path, OTHER))
        child.kill('SIGCONT')
        const outcome = await lines.next()
        const expected = outcome === 'kept' ? [BEFORE, OTHER, WRITER] : [BEFORE, OTHER]
        expect([step, at, await seedsIn(path)]).toEqual([step, at, expected])
        await exit
        await expectTidy(path)
        return `${at}: ${outcome}`
      })
      expect(new Set(outcomes.map(told => told.replace(/^.*: /, '')))).toEqual(
        new Set(['kept', 'store-locked']),
      )
      // Before it makes the new file, before it writes into it, and before it puts it in the place of the old one.
      for (const step of ['open', 'writeFile', 'rename'])
        expect(outcomes).toContain(`at ${step}: store-locked`)
    },
  )

  it('leaves a store at once that it dies in', { timeout: TIMEOUT_MS }, async () => {
    await atEachStep(async (step, path) => {
      const { exit, lines } = startWriter(path, step, 'die')
      const at = await lines.next()
      await exit
      expect([step, at, await waitsOf(() => put(path, OTHER))]).toEqual([step, at, 0])
      const seeds = await seedsIn(path)
      expect([step, at, seeds.filter(seed => seed !== WRITER)]).toEqual([step, at, [BEFORE, OTHER]])
      await expectTidy(path)
      return at
    })
  })

  it(
    'has confirmed a passkey and dropped what it replaces, or neither',
    { timeout: TIMEOUT_MS },
    async () => {
      const account = { userId: Uint8Array.of(9) }
      const fill = async (path: string): Promise<FileCredentialStore> => {
        const store = await openFileCredentialStore(path)
        await store.put(sampleCredential(OTHER, account))
        await store.put(sampleCredential(WRITER, { ...account, confirmed: false }))
        return store
      }
      const path = await storeWith(BEFORE)
      await fill(path)
      const outcomes = await atEachStep(
        async (step, each) => {
          const store = await fill(each)
          await startWriter(each, step, 'die', 'confirm').exit
          const left = await store.list()
          return left.map(({ signCount, confirmed }) => `${signCount} ${String(confirmed)}`).join(', ')
        },
        await countSteps(path, 'confirm'),
      )
      const both = [`${BEFORE} true, ${OTHER} true, ${WRITER} false`, `${BEFORE} true, ${WRITER} true`]
      expect(new Set(outcomes)).toEqual(new Set(both))
    },
  )

  it('leaves nothing behind on a full disk', { timeout: TIMEOUT_MS }, async () => {
    const outcomes = await atEachStep(async (step, path) => {
      const { exit, lines } = startWriter(path, step, 'fill')
      const outcome = await lines.next()
      await lines.next()
      await expectTidy(path)
      expect([step, await waitsOf(() => put(path, OTHER))]).toEqual([step, 0])
      const seeds = await seedsIn(path)
      if (outcome === 'kept') expect(seeds).toContain(WRITER)
      expect([step, seeds.filter(seed => seed !== WRITER)]).toEqual([step, [BEFORE, OTHER]])
      await exit
      return outcome
    })
    expect(new Set(outcomes)).toEqual(new Set(['kept', 'store-unavailable']))
  })

  it('keeps its lock where the disk is only slow, and others wait', { timeout: TIMEOUT_MS }, async () => {
    const steps = Array.from({ length: stepsOfOne }, (_, at) => at + 1)
    const outcomes = await Promise.all(
      steps
        .filter(step => step % 5 === 0)
        .map(async step => {
          const each = await storeWith(BEFORE)
          const { lines } = startWriter(each, step, 'dawdle')
          await lines.next()
          await put(each, OTHER)
          const outcome = await lines.next()
          expect(await seedsIn(each)).toEqual([BEFORE, OTHER, WRITER])
          return outcome
        }),
    )
    expect(new Set(outcomes)).toEqual(new Set(['kept']))
  })
})
