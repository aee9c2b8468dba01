import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, utimes } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { openFileCredentialStore } from '../../src/adapters/file-credential-store.js'
import { decodeCredentialFile } from '../../src/adapters/stores/credential-file.js'
import { useStoreFolder } from '../support/store-folder.js'
import { lastWrite } from './write-log.js'

const CUTS = Number(process.env['POWER_CUTS'] ?? 500)
/** Writers mostly wait for the disk: so many are cut side by side, each with a store of its own. */
const LANES = 5
const ACKNOWLEDGEMENTS = { min: 1, spread: 3 }

interface Survived {
  cuts: number
  writes: number
  /** Writes that reached the disk, and whose acknowledgement did not reach us. */
  unacknowledged: number
}

const folder = useStoreFolder()

it(`loses no passkey that was kept, however often its writer is killed: ${CUTS} times`, async () => {
  const writer = folder.at('writer.mjs')
  await bundleWriter(writer)
  const shares = Array.from({ length: LANES }, (_, lane) => Math.floor((CUTS + lane) / LANES))
  const lanes = await Promise.all(
    shares.map((cuts, lane) => survive(cuts, writer, folder.at(`lane-${lane}`))),
  )
  const sum = (of: (lane: Survived) => number): number => lanes.map(of).reduce((one, other) => one + other)
  expect(sum(lane => lane.cuts)).toBe(CUTS)
  const [writes, unacknowledged] = [sum(lane => lane.writes), sum(lane => lane.unacknowledged)]
  process.stderr.write(
    `${CUTS} power cuts: ${writes} writes, none lost; ${unacknowledged} cut between disk and acknowledgement\n`,
  )
})

async function survive(cuts: number, writer: string, home: string): Promise<Survived> {
  await mkdir(home)
  const path = `${home}/passkeys.json`
  const survived = { cuts: 0, writes: 0, unacknowledged: 0 }
  for (; survived.cuts < cuts; survived.cuts++) {
    const acknowledged = await writeUntilCut(writer, path, survived.writes + 1)
    survived.writes = lastWrite(decodeCredentialFile(new Uint8Array(await readFile(path))), acknowledged)
    survived.unacknowledged += survived.writes - acknowledged
    await letTheLockAge(path)
  }
  const store = await openFileCredentialStore(path)
  expect(lastWrite(await store.list(), survived.writes)).toBe(survived.writes)
  await store.close()
  return survived
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
async function writeUntilCut(writer: string, path: string, first: number): Promise<number> {
  const child = spawn(process.execPath, [writer, path, String(first)], {
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

/** As if it had been a while since the killed writer renewed its lock. */
async function letTheLockAge(path: string): Promise<void> {
  const longAgo = new Date(Date.now() - 60_000)
  await utimes(`${path}.lock`, longAgo, longAgo)
}
