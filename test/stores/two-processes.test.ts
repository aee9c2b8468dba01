import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { openFileCredentialStore } from '../../src/adapters/stores/file-credential-store.js'
import { sampleCredential } from '../support/sample-credential.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()
const script = fileURLToPath(new URL('store-holder.ts', import.meta.url))
const WRITERS = 4
const WRITES = 10

interface Holder {
  readonly process: ChildProcess
  readonly lines: AsyncIterator<string>
  readonly exit: Promise<unknown>
  end(signal: NodeJS.Signals): Promise<void>
}

const holders: Holder[] = []

afterEach(async () => {
  for (const holder of holders.splice(0)) await holder.end('SIGKILL')
})

function startHolder(...args: readonly string[]): Holder {
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  const holder = {
    process: child,
    lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    exit,
    end: async (signal: NodeJS.Signals) => {
      child.kill(signal)
      await exit
    },
  }
  holders.push(holder)
  return holder
}

async function nextLine(holder: Holder): Promise<string> {
  const line = await holder.lines.next()
  return line.done === true ? 'ended' : line.value
}

async function seedsIn(path: string): Promise<readonly number[]> {
  const store = await openFileCredentialStore(path)
  return (await store.list()).map(({ signCount }) => signCount)
}

describe('a second process', () => {
  it('reads and writes while the first has the store open', async () => {
    const path = folder.at('passkeys.json')
    expect(await nextLine(startHolder(path, 'wait'))).toBe('open')
    const store = await openFileCredentialStore(path)
    await store.put(sampleCredential(1))
    expect(await store.list()).toEqual([sampleCredential(1)])
    expect(await folder.names()).toEqual(['passkeys.json'])
  })

  it('loses nothing that others write at the same time', async () => {
    const path = folder.at('passkeys.json')
    const firsts = Array.from({ length: WRITERS }, (_, at) => at * WRITES)
    const writers = firsts.map(first => startHolder(path, 'write', String(first), String(WRITES)))
    await Promise.all(writers.map(({ exit }) => exit))
    expect(writers.map(({ process: { exitCode } }) => exitCode)).toEqual(firsts.map(() => 0))
    const all = Array.from({ length: WRITERS * WRITES }, (_, seed) => seed)
    expect((await seedsIn(path)).toSorted((one, other) => one - other)).toEqual(all)
    expect(await folder.names()).toEqual(['passkeys.json'])
  })

  it.each([1, 2, 7])('finds all that was kept when the first is killed while writing (%i)', async writes => {
    const path = folder.at('passkeys.json')
    const holder = startHolder(path, 'write')
    expect(await nextLine(holder)).toBe('open')
    let durable = '0'
    for (let count = 0; count < writes; count++) durable = await nextLine(holder)
    await holder.end('SIGKILL')
    const seeds = await seedsIn(path)
    expect(seeds).toEqual(seeds.map((_, index) => index))
    expect(seeds.length).toBeGreaterThan(Number(durable))
    expect(await folder.names()).toEqual(['passkeys.json'])
  })
})
