import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile, utimes, writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { openFileCredentialStore } from '../../src/adapters/file-credential-store.js'
import { sampleCredential } from '../support/sample-credential.js'
import { useStoreFolder } from '../support/store-folder.js'

const folder = useStoreFolder()
const script = fileURLToPath(new URL('store-holder.ts', import.meta.url))

interface Holder {
  readonly process: ChildProcess
  readonly lines: AsyncIterator<string>
  end(signal: NodeJS.Signals): Promise<void>
}

const holders: Holder[] = []

afterEach(async () => {
  for (const holder of holders.splice(0)) await holder.end('SIGKILL')
})

function startHolder(path: string, then: 'wait' | 'exit' | 'write'): Holder {
  const child = spawn(process.execPath, ['--import', 'tsx', script, path, then], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  const holder = {
    process: child,
    lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
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

/** As if the holder had been dead for a while. */
async function letTheLockAge(path: string): Promise<void> {
  const longAgo = new Date(Date.now() - 60_000)
  await utimes(`${path}.lock`, longAgo, longAgo)
}

describe('a second process', () => {
  it('is kept out while the first holds the store', async () => {
    const path = folder.at('passkeys.json')
    const holder = startHolder(path, 'wait')
    expect(await nextLine(holder)).toBe('held')
    await expect(openFileCredentialStore(path)).rejects.toMatchObject({ code: 'store-locked' })
  })

  it('is told so, too', async () => {
    const path = folder.at('passkeys.json')
    const store = await openFileCredentialStore(path)
    expect(await nextLine(startHolder(path, 'wait'))).toBe('store-locked')
    await store.close()
    expect(await nextLine(startHolder(path, 'wait'))).toBe('held')
  })

  it.each(['exit', 'SIGTERM', 'SIGINT'] as const)('gets the store after the first ended by %s', async how => {
    const path = folder.at('passkeys.json')
    const holder = startHolder(path, how === 'exit' ? 'exit' : 'wait')
    expect(await nextLine(holder)).toBe('held')
    if (how === 'exit') await once(holder.process, 'exit')
    else await holder.end(how)
    const store = await openFileCredentialStore(path)
    await store.close()
    expect(await folder.names()).toEqual([])
  })

  it.each([1, 2, 7])('finds all that was kept when the first is killed while writing (%i)', async writes => {
    const path = folder.at('passkeys.json')
    const holder = startHolder(path, 'write')
    expect(await nextLine(holder)).toBe('held')
    let durable = '0'
    for (let count = 0; count < writes; count++) durable = await nextLine(holder)
    await holder.end('SIGKILL')
    const store = await openFileCredentialStore(path)
    const seeds = (await store.list()).map(({ signCount }) => signCount)
    await store.close()
    expect(seeds).toEqual(seeds.map((_, index) => index))
    expect(seeds.length).toBeGreaterThan(Number(durable))
    expect(await folder.names()).toEqual(['passkeys.json'])
  })
})

describe('the lock of a killed process', () => {
  it('goes to one of those who want it at once', async () => {
    const path = folder.at('passkeys.json')
    const holder = startHolder(path, 'wait')
    expect(await nextLine(holder)).toBe('held')
    await holder.end('SIGKILL')
    const opened = await Promise.allSettled([openFileCredentialStore(path), openFileCredentialStore(path)])
    expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const each of opened) {
      if (each.status === 'fulfilled') await each.value.close()
      else expect(each.reason).toMatchObject({ code: 'store-locked' })
    }
    expect(await folder.names()).toEqual([])
  })

  it('is left alone where nobody can know whether it lives', async () => {
    const path = folder.at('passkeys.json')
    const holder = startHolder(path, 'wait')
    expect(await nextLine(holder)).toBe('held')
    const name = await readFile(`${path}.lock`, 'utf8')
    await holder.end('SIGKILL')
    await writeFile(`${path}.lock`, name.replace('@', '@elsewhere.'))
    await expect(openFileCredentialStore(path)).rejects.toMatchObject({ code: 'store-locked' })
  })
})

describe('a process that was stopped for long', () => {
  it('notices that another took its store, and writes no more', async () => {
    const path = folder.at('passkeys.json')
    const sleeper = await openFileCredentialStore(path)
    await sleeper.put(sampleCredential(1))
    await letTheLockAge(path)
    const holder = startHolder(path, 'wait')
    expect(await nextLine(holder)).toBe('held')
    await expect(sleeper.put(sampleCredential(2))).rejects.toMatchObject({ code: 'store-locked' })
    await sleeper.close()
    await expect(openFileCredentialStore(path)).rejects.toMatchObject({ code: 'store-locked' })
  })
})
