import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { airScanner } from '../../src/adapters/air/air-client.js'
import { HybridClient } from '../../src/index.js'
import { nodePlatform, openFileLinkStore } from '../../src/node.js'
import { expectFailure, useCli } from '../support/cli.js'
import type { CliProcess } from '../support/cli.js'
import { useLinkedProcesses } from '../support/linked-processes.js'
import type { LinkedProcesses } from '../support/linked-processes.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import { useFolderPerTest } from '../support/test-folder.js'

// In this order: the processes end before their folder is removed.
const folder = useFolderPerTest()
const start = useCli()
const prepare = useLinkedProcesses(start, folder)

const namesOf = ({ events }: Awaited<CliProcess['end']>): string[] => events.map(({ event }) => event)

/** What `client links` or `phone links` tell. */
async function listed(...command: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const file = command[0] === 'client' ? 'links.json' : 'passkeys.json'
  const run = await runHere([...command, '--store', folder.at(file), '--json'])
  expect(run).toMatchObject({ code: 0 })
  return eventsOf(run)
}

async function serving(processes: LinkedProcesses, ...args: readonly string[]): Promise<CliProcess> {
  const phone = processes.phone('serve', ...args)
  await phone.event('reachable')
  return phone
}

test('a phone that scanned once registers and signs in by link, over TLS, in processes of their own', async () => {
  const processes = await prepare()
  const linking = await processes.link('--name', 'Ada’s phone')
  const { events } = await linking.client.end
  expect(events.find(({ event }) => event === 'remembered')).toMatchObject({
    name: 'Ada’s phone',
    tunnelUrl: processes.tunnelUrl,
  })
  expect(namesOf(await linking.client.end)).toContain('linked')
  expect(namesOf(await linking.phone.end)).toContain('linked')
  const first = await processes.verified(linking.client)
  expect(await listed('client', 'links')).toMatchObject([{ event: 'link', name: 'Ada’s phone' }])

  const phone = await serving(processes)
  const signingIn = await processes.client('login', '--link', 'Ada’s phone')
  expect(await processes.verified(signingIn)).toBe(first)
  expect(namesOf(await signingIn.end)).not.toContain('qr')
  expect(await phone.event('call')).toMatchObject({ requestType: 'ga' })
  expect(await phone.event('signed-in')).toMatchObject({ rpId: 'example.com', credentialId: first })
  const served = await phone.event('served')
  expect(served).toMatchObject({ answered: 1, requestType: 'ga' })

  const registering = await processes.client('register', '--link')
  expect(await processes.verified(registering)).not.toBe(first)
  expect(await phone.event('call')).toMatchObject({ requestType: 'mc', linkId: served['linkId'] })
  await phone.event('served')
  expect(await listed('phone', 'list')).toHaveLength(2)
  expect(await listed('phone', 'links')).toMatchObject([
    { event: 'link', linkId: served['linkId'], linkedAt: expect.any(String) as string },
  ])
})

describe('a link that the phone has ended', () => {
  test.each([
    ['by its ID', async (): Promise<string> => String((await listed('phone', 'links'))[0]?.['linkId'])],
    ['with all others', (): Promise<string> => Promise.resolve('--all')],
  ])('%s, is gone for the laptop, too', async (_, which) => {
    const processes = await prepare()
    await processes.link()
    const phone = await serving(processes)
    expect(await listed('phone', 'unlink', await which())).toMatchObject([{ event: 'unlinked' }])
    const failure = await expectFailure(await processes.client('login', '--link'))
    expect(failure).toMatchObject({ code: 'link-gone', status: 410, name: 'NotAllowedError' })
    expect(await phone.event('dropped')).toMatchObject({ reason: 'unlinked', total: 1 })
    expect(await listed('client', 'links')).toEqual([])
    expect(await listed('phone', 'links')).toEqual([])
    phone.send('SIGINT')
    const { code, events } = await phone.end
    expect([code, events.at(-1)]).toMatchObject([
      130,
      { event: 'stopped', served: 0, dropped: { unlinked: 1 } },
    ])
  })
})

test('a phone that ended all links can be linked anew, and goes on serving', async () => {
  const processes = await prepare()
  await processes.link()
  const phone = await serving(processes)
  await listed('phone', 'unlink', '--all')
  expect(await expectFailure(await processes.client('login', '--link'))).toMatchObject({ code: 'link-gone' })
  await phone.event('reachable')
  const id = await processes.verified((await processes.link()).client)
  expect(await processes.verified(await processes.client('login', '--link'))).toMatch(/./)
  expect(id).toMatch(/./)
})

test('a phone that does not serve is not there, and stays linked', async () => {
  const processes = await prepare()
  await processes.link()
  const failure = await expectFailure(await processes.client('login', '--link'))
  expect(failure).toMatchObject({ code: 'tunnel-refused', status: 404, name: 'NotAllowedError' })
  expect(failure['cure']).toContain('Check that the other device is switched on')
  expect(await listed('client', 'links')).toHaveLength(1)
})

test('a laptop that forgot a phone cannot call it; the phone is not told', async () => {
  const processes = await prepare()
  await processes.link('--name', 'Ada’s phone')
  expect(await listed('client', 'links', 'forget', 'Ada’')).toMatchObject([
    { event: 'forgotten', name: 'Ada’s phone' },
  ])
  const failure = await expectFailure(await processes.client('login', '--link'))
  expect(failure).toMatchObject({
    code: 'store-entry-missing',
    message: expect.stringContaining('no phone is remembered') as string,
  })
  expect(await listed('phone', 'links')).toHaveLength(1)
})

describe('there is no link unless', () => {
  test.each([
    ['the laptop asks', [], ['--link']],
    ['the phone’s owner allows it', ['--remember'], []],
  ])('%s', async (_, asks, allows) => {
    const processes = await prepare()
    const client = await processes.client('register', ...asks, '--tunnel-url', processes.tunnelUrl)
    const phone = processes.phone('scan', String((await client.event('qr'))['url']), ...allows)
    await processes.verified(client)
    expect(namesOf(await client.end)).not.toContain('linked')
    expect(namesOf(await phone.end)).not.toContain('linked')
    expect(await folder.names()).not.toContain('links.json')
    expect(await listed('phone', 'links')).toEqual([])
  })
})

describe('Ctrl-C at a phone that serves', () => {
  test('without a transaction, ends it with success', async () => {
    const phone = await serving(await prepare())
    phone.send('SIGINT')
    const { code, events } = await phone.end
    expect([code, events.at(-1)]).toMatchObject([130, { event: 'stopped', served: 0, failed: 0 }])
  })

  test('in a transaction, ends the transaction as well', async () => {
    const processes = await prepare()
    await processes.link()
    const phone = await serving(processes)
    const [link] = await (await openFileLinkStore(folder.at('links.json'))).list()
    if (link === undefined) throw new Error('no link was made')
    const tunnel = { ca: await readFile(folder.at('ca.pem'), 'utf8') }
    const client = new HybridClient(nodePlatform({ tunnel, scanner: airScanner(processes.air) }))
    const connection = await client.connect({ link })
    await phone.event('connected')
    const call = connection.call(Uint8Array.of(4)).catch((error: unknown) => error)
    phone.send('SIGINT')
    const { code, events } = await phone.end
    expect([code, events.at(-1)?.event]).toEqual([130, 'stopped'])
    await call
    await connection.close()
    expect((await folder.names()).filter(name => /lock|tmp/.test(name))).toEqual([])
  })
})

describe('a phone that serves once', () => {
  test('ends after a transaction', async () => {
    const processes = await prepare()
    await processes.link()
    const phone = await serving(processes, '--once')
    await processes.verified(await processes.client('register', '--link'))
    expect((await phone.end).code).toBe(0)
  })

  test('fails when it is interrupted before', async () => {
    const phone = await serving(await prepare(), '--once')
    phone.send('SIGINT')
    expect(await expectFailure(phone, 130)).toMatchObject({ code: 'aborted', message: 'ended by Ctrl-C' })
  })
})
