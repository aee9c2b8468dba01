import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { beforeEach, expect, test, vi } from 'vitest'
import { launchWithAir } from '../../src/page.js'
import type { Launched } from './launched-process.js'

const LAUNCHED = fileURLToPath(new URL('launched-process.ts', import.meta.url))
/** Chromium’s processes take their leave one after the other. */
const SOON = { timeout: 20_000, interval: 200 }

/** The processes whose command lines name a folder: their identifiers and programs. */
async function processesOf(folder: string): Promise<readonly { pid: number; program: string }[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.flatMap((line, index) =>
    line.includes(folder) ? [{ pid: Number(pids[index]), program: line.split('\0')[0] ?? '' }] : [],
  )
}

async function airFolders(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter(name => name.startsWith('fido-hybrid-air-'))
}

let before: readonly string[]
beforeEach(async () => {
  before = await airFolders()
})
/** Those that a test has made and not removed. */
const newFolders = async (): Promise<readonly string[]> =>
  (await airFolders()).filter(name => !before.includes(name))

const ended = (folder: string): Promise<void> =>
  vi.waitFor(async () => expect(await processesOf(folder)).toEqual([]), SOON)

test('after close() there is no folder and no process, and close() can be called again', async () => {
  const browser = await launchWithAir()
  const [folder = 'none'] = await newFolders()
  expect((await processesOf(folder)).length).toBeGreaterThan(0)
  await browser.close()
  await browser.close()
  expect(await newFolders()).toEqual([])
  await ended(folder)
})

test('a page that cannot be opened leaves nothing', async () => {
  await expect(launchWithAir({ url: 'http://localhost:1/' })).rejects.toThrow('ERR_')
  expect(await newFolders()).toEqual([])
})

/** Launches a browser in a process of its own and ends that by a signal. @returns the folders that it had. */
async function signalled(signal: NodeJS.Signals): Promise<Launched & { readonly status: unknown }> {
  const stdio = ['ignore', 'pipe', 'inherit'] as const
  const child = spawn(process.execPath, ['--import', 'tsx', LAUNCHED], { stdio: [...stdio] })
  const [told] = (await once(createInterface({ input: child.stdout }), 'line')) as unknown[]
  const launched = JSON.parse(String(told)) as Launched
  expect((await processesOf(launched.profile)).length).toBeGreaterThan(0)
  child.kill(signal)
  const [status] = (await once(child, 'exit')) as unknown[]
  await ended(launched.profile)
  return { ...launched, status }
}

test.each([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends the process with status %i, and all that it has started', async (signal, code) => {
  const { folder, status } = await signalled(signal)
  expect(status).toBe(code)
  expect(await newFolders()).toEqual([])
  await ended(folder)
})

test('of a process that is killed, browser and screen end; bus and folder stay', async () => {
  const { folder } = await signalled('SIGKILL')
  await vi.waitFor(async () => expect(await processesOf(folder)).toHaveLength(1), SOON)
  const [bus] = await processesOf(folder)
  expect(bus?.program).toMatch(/dbus-daemon$/)
  if (bus !== undefined) process.kill(bus.pid)
  await rm(join(tmpdir(), folder), { recursive: true })
})

test.each([
  ['Xvfb', 'xvfb'],
  ['chromium', 'chromium'],
])('a machine without %s is told the Debian package', async (name, debianPackage) => {
  vi.stubEnv('PATH', '/nowhere')
  try {
    const executablePath = name === 'chromium' ? undefined : '/usr/bin/chromium'
    await expect(launchWithAir({ executablePath })).rejects.toMatchObject({
      code: 'package-missing',
      message: expect.stringMatching(new RegExp(`${name}.*Debian package ${debianPackage}$`)) as string,
    })
  } finally {
    vi.unstubAllEnvs()
  }
  expect(await newFolders()).toEqual([])
})
