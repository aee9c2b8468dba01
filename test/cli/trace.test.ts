import { readFile, stat, writeFile } from 'node:fs/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { createRelyingParty } from '../../src/testing.js'
import { readTrace, TRACE_MAX_BYTES } from '../../src/trace.js'
import type { ReadRun } from '../../src/trace.js'
import { CREATION_OPTIONS } from '../support/ceremony-inputs.js'
import { useCli } from '../support/cli.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import { useAir, useTunnelService } from '../support/surroundings.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()
const air = useAir()
const service = useTunnelService()
const start = useCli()
const origin = 'https://login.example.com'

beforeEach(() => writeFile(folder.at('options.json'), JSON.stringify(CREATION_OPTIONS)))

const traceAt = async (name: string): Promise<readonly ReadRun[]> =>
  readTrace(await readFile(folder.at(name), 'utf8'))

const request = (): string[] => ['--options', folder.at('options.json'), '--origin', origin]
const reach = (): string[] => ['--tunnel-url', service.url]
const client = (...more: string[]): string[] => [
  ...['client', 'register', ...request(), '--scan', `air:${air.url}`, ...reach()],
  ...['--trace', folder.at('laptop.trace'), ...more],
]

describe('--trace', () => {
  test('keeps both sides of a ceremony, each in a private file', async () => {
    const rp = await createRelyingParty({ origin })
    await writeFile(folder.at('options.json'), JSON.stringify(await rp.creationOptions()))
    const laptop = start(...client())
    const { url } = await laptop.event('qr')
    const store = ['--store', folder.at('passkeys.json'), '--consent', 'always']
    const phone = start(
      ...['phone', 'scan', String(url), '--advertise', `air:${air.url}`, ...store, ...reach()],
      ...['--trace', folder.at('phone.trace')],
    )
    expect([(await laptop.end).code, (await phone.end).code]).toEqual([0, 0])
    for (const [name, role] of [
      ['laptop.trace', 'client'],
      ['phone.trace', 'authenticator'],
    ] as const) {
      const [run] = await traceAt(name)
      expect(run?.about).toMatchObject({
        runtime: 'node',
        runtimeVersion: process.versions.node,
        radio: 'air',
      })
      expect(run?.failure).toBeUndefined()
      expect(run?.sessions).toMatchObject([{ role, kind: 'qr-initiated', proximity: 'simulated' }])
      expect(run?.sessions[0]?.events.at(-1)).toMatchObject({ type: 'step', event: 'closed' })
      if (process.platform !== 'win32') expect((await stat(folder.at(name))).mode & 0o777).toBe(0o600)
    }
  })

  test('keeps what a ceremony fails with, and adds the next run', async () => {
    await runHere(client('--timeout', '1'))
    await runHere(client('--timeout', '1'))
    const runs = await traceAt('laptop.trace')
    expect(runs).toHaveLength(2)
    for (const { failure, sessions } of runs) {
      expect(failure).toMatchObject({ name: 'NotAllowedError' })
      expect(sessions[0]?.events.find(({ type }) => type === 'end')).toMatchObject({
        errors: [{ code: 'advert-timeout', stage: 'advert' }],
        heard: 0,
      })
    }
  })

  test('keeps what fails before there is a session', async () => {
    await runHere([...client(), '--tunnel-url', 'wss://tunnel.example.com'])
    const [run] = await traceAt('laptop.trace')
    expect(run).toMatchObject({ sessions: [], failure: { errors: [{ code: 'proximity-unproven' }] } })
  })

  test('is whole after Ctrl-C, and can be read after a kill', async () => {
    const interrupted = start(...client())
    await interrupted.event('scanning')
    interrupted.send('SIGINT')
    expect((await interrupted.end).code).toBe(130)
    const [first] = await traceAt('laptop.trace')
    expect(first).toMatchObject({
      failure: { name: 'AbortError', errors: [{ code: 'aborted' }, { code: 'other' }] },
    })
    const killed = start(...client())
    await killed.event('scanning')
    killed.send('SIGKILL')
    await killed.end
    const [, second] = await traceAt('laptop.trace')
    expect(second?.failure).toBeUndefined()
    expect(second?.sessions[0]?.events.at(-1)).toMatchObject({ type: 'step', event: 'scanning' })
  })

  test('cuts off what an earlier run did not finish', async () => {
    await writeFile(folder.at('laptop.trace'), '{"type":"trace","format":1}\n{"type":"fai')
    await runHere(client('--timeout', '1'))
    expect(await traceAt('laptop.trace')).toHaveLength(2)
  })

  test.each<[string, () => Promise<string>, RegExp]>([
    [
      'a file that holds something else',
      async () => await kept('passkeys.json', '{}'),
      /holds something else/,
    ],
    ['a folder', () => Promise.resolve(folder.at('.')), /is no file/],
    [
      'a file in a folder that is missing',
      () => Promise.resolve(folder.at('no/where.trace')),
      /cannot write/,
    ],
    [
      'a file that is nearly full',
      async () => await kept('full.trace', `{"type":"trace","format":1}\n`.padEnd(TRACE_MAX_BYTES - 65_535)),
      /is full/,
    ],
  ])('does not touch %s', async (_what, prepare, message) => {
    const path = await prepare()
    const before = await readFile(path).catch(() => undefined)
    const run = await runHere([...client(), '--trace', path, '--json'])
    expect(run.code).toBe(2)
    expect(eventsOf(run)).toMatchObject([{ event: 'error', code: 'argument-invalid' }])
    expect(run.stdout).toMatch(message)
    expect(await readFile(path).catch(() => undefined)).toEqual(before)
  })

  test('adds to a file that has room', async () => {
    const line = '{"type":"trace","format":1}'
    await kept('laptop.trace', `${line}\n`.repeat(35_000).slice(0, TRACE_MAX_BYTES - 65_536))
    await runHere(client('--timeout', '1'))
    expect((await traceAt('laptop.trace')).at(-1)?.failure).toBeDefined()
  })
})

describe('--trace-secrets', () => {
  const recording = (...more: string[]): string[] => [
    ...client().slice(0, -2),
    ...['--trace-secrets', folder.at('laptop.jsonl'), ...more],
  ]

  test('warns, and keeps a private file that replays', async () => {
    const rp = await createRelyingParty({ origin })
    await writeFile(folder.at('options.json'), JSON.stringify(await rp.creationOptions()))
    const laptop = start(...recording('--trace', folder.at('laptop.trace')))
    const { url } = await laptop.event('qr')
    const store = ['--store', folder.at('passkeys.json'), '--consent', 'always']
    const phone = start(
      ...['phone', 'scan', String(url), '--advertise', `air:${air.url}`, ...store, ...reach()],
      ...['--trace-secrets', folder.at('phone.jsonl')],
    )
    const [ended, answered] = await Promise.all([laptop.end, phone.end])
    expect([ended.code, answered.code]).toEqual([0, 0])
    expect(ended.stderr).toContain('gets all keys and all messages')
    expect((await traceAt('laptop.trace'))[0]?.sessions).toHaveLength(1)
    for (const [name, role] of [
      ['laptop.jsonl', 'client'],
      ['phone.jsonl', 'authenticator'],
    ] as const) {
      if (process.platform !== 'win32') expect((await stat(folder.at(name))).mode & 0o777).toBe(0o600)
      const run = await runHere(['replay', folder.at(name), '--json'])
      expect(run.code).toBe(0)
      expect(eventsOf(run)).toMatchObject([{ event: 'replayed', sessions: [{ role, kind: 'qr-initiated' }] }])
    }
  })

  test('writes to no file that is there', async () => {
    await kept('laptop.jsonl', 'x')
    expect(await runHere(recording())).toMatchObject({ code: 2 })
    expect(await readFile(folder.at('laptop.jsonl'), 'utf8')).toBe('x')
  })
})

describe('replay', () => {
  const REGISTRATION = new URL('../../fixtures/sessions/registration.jsonl', import.meta.url)

  test('says where a session departs, with exit code 1', async () => {
    const text = (await readFile(REGISTRATION, 'utf8')).replace(/"event":"handshake"/, '"event":"handshook"')
    const run = await runHere(['replay', await kept('a.jsonl', text)])
    expect(run.code).toBe(1)
    expect(run.stdout).toMatch(/^client, qr-initiated, \d+ steps: departs at line \d+, at letter \d+/m)
    expect(run.stdout).toMatch(/^ {2}recorded: .*handshook/m)
    expect(run.stdout).toMatch(/^ {2}now: {6}.*handshake/m)
    expect(run.stdout).toMatch(/^authenticator, qr-initiated, \d+ steps: as recorded$/m)
  })

  test.each([
    ['a file that is missing', 'nowhere.jsonl', 2],
    ['another file', 'options.json', 1],
  ])('refuses %s', async (_what, name, code) => {
    expect(await runHere(['replay', folder.at(name)])).toMatchObject({ code, stdout: '' })
  })
})

async function kept(name: string, text: string): Promise<string> {
  await writeFile(folder.at(name), text)
  return folder.at(name)
}
