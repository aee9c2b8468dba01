import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { useFolderPerTest } from '../support/test-folder.js'
import { lastWrite } from './write-log.js'
import { WRITTEN_STORES } from './written-stores.js'
import type { StoreKind } from './written-stores.js'

const CUTS = Number(process.env['POWER_CUTS'] ?? 500)
/** Writers mostly wait for the disk: so many are cut side by side, each with a store of its own. */
const LANES: readonly StoreKind[] = ['passkeys', 'links', 'identity', 'passkeys', 'links', 'identity']
const ACKNOWLEDGEMENTS = { min: 1, spread: 3 }

interface Survived {
  readonly kind: StoreKind
  readonly cuts: number
  readonly writes: number
  /** Writes that reached the disk, and whose acknowledgement did not reach us. */
  readonly unacknowledged: number
}

const folder = useFolderPerTest()

it(`loses no passkey and no link that was kept, however often its writer is killed: ${CUTS} times`, async () => {
  const writer = folder.at('writer.mjs')
  await bundleWriter(writer)
  const lanes = await Promise.all(
    LANES.map((kind, lane) => {
      const share = Math.floor((CUTS + lane) / LANES.length)
      return survive(kind, share, writer, folder.at(`lane-${lane}`))
    }),
  )
  expect(sum(lanes, 'cuts')).toBe(CUTS)
  const kinds = [...new Set(LANES)].map(kind => lanes.filter(lane => lane.kind === kind))
  const told = kinds.map(each => `${each[0]?.kind} ${sum(each, 'cuts')} cuts, ${sum(each, 'writes')} writes`)
  process.stderr.write(
    `${CUTS} power cuts: ${told.join('; ')}; none lost, ${sum(lanes, 'unacknowledged')} cut between disk and acknowledgement\n`,
  )
})

function sum(lanes: readonly Survived[], what: 'cuts' | 'writes' | 'unacknowledged'): number {
  return lanes.reduce((total, lane) => total + lane[what], 0)
}

async function survive(kind: StoreKind, wanted: number, writer: string, home: string): Promise<Survived> {
  await mkdir(home)
  const path = `${home}/store.json`
  const written = WRITTEN_STORES[kind]
  let [cuts, writes, unacknowledged] = [0, 0, 0]
  for (; cuts < wanted; cuts++) {
    const acknowledged = await writeUntilCut([writer, kind, path], writes + 1)
    writes = lastWrite(await written.counts(path), acknowledged)
    unacknowledged += writes - acknowledged
  }
  const store = await written.open(path)
  await store.put(writes + 1)
  expect(lastWrite(await written.counts(path), writes + 1)).toBe(writes + 1)
  await store.close()
  return { kind, cuts, writes, unacknowledged }
}

/** Without modules to find and compile, a process is up in no time. */
async function bundleWriter(outfile: string): Promise<void> {
  const require =
    'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);'
  await build({
    entryPoints: [fileURLToPath(new URL('store-writer.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: require },
  })
}

/**
 * Kills the writer at some moment of a write: the last one tells how long that takes.
 * @returns the last write that was acknowledged.
 */
async function writeUntilCut(writer: readonly string[], first: number): Promise<number> {
  const child = spawn(process.execPath, [...writer, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(child, 'exit')
  const wanted = first + ACKNOWLEDGEMENTS.min + Math.floor(Math.random() * ACKNOWLEDGEMENTS.spread)
  let acknowledged = first - 1
  let since = performance.now()
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line)
    const writeMs = performance.now() - since
    since = performance.now()
    if (acknowledged === wanted) void delay(Math.random() * writeMs).then(() => child.kill('SIGKILL'))
  }
  await gone
  expect(child.signalCode).toBe('SIGKILL')
  return acknowledged
}
