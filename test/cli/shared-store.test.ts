import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openFileCredentialStore } from '../../src/adapters/stores/file-credential-store.js'
import { encodeBase64url } from '../../src/bytes/base64url.js'
import { encodeUtf8 } from '../../src/bytes/utf8.js'
import { CREATION_OPTIONS } from '../support/ceremony-inputs.js'
import { useCli } from '../support/cli.js'
import type { CliProcess } from '../support/cli.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import { sampleCredential } from '../support/sample-credential.js'
import { useAir, useTunnelService } from '../support/surroundings.js'
import { useFolderPerTest } from '../support/test-folder.js'

const USERS = ['ada', 'bob', 'cyd', 'dan']

const folder = useFolderPerTest()
const air = useAir()
const service = useTunnelService()
const start = useCli()

/** A laptop that registers a user, and a phone over the one store that answers it. */
async function register(name: string, consent: string): Promise<{ client: CliProcess; phone: CliProcess }> {
  const options = folder.at(`${name}.json`)
  const user = { id: encodeBase64url(encodeUtf8(name)), name, displayName: name }
  const authenticatorSelection = { residentKey: 'required' }
  await writeFile(options, JSON.stringify({ ...CREATION_OPTIONS, user, authenticatorSelection }))
  const reach = ['--tunnel-url', service.url]
  const request = ['--options', options, '--origin', 'https://login.example.com', '--scan', `air:${air.url}`]
  const client = start('client', 'register', ...request, ...reach)
  const { url } = await client.event('qr')
  const own = ['--consent', consent, '--store', folder.at('passkeys.json'), '--advertise', `air:${air.url}`]
  return { client, phone: start('phone', 'scan', String(url), ...own, ...reach) }
}

async function listed(): Promise<readonly unknown[]> {
  const run = await runHere(['phone', 'list', '--store', folder.at('passkeys.json'), '--json'])
  expect(run.code).toBe(0)
  return eventsOf(run).map(({ userName, confirmed }) => [userName, confirmed])
}

test('four phones over one store, at once, all keep their passkey', async () => {
  const all = await Promise.all(USERS.map(name => register(name, 'always')))
  const ends = await Promise.all(all.flatMap(({ client, phone }) => [client.end, phone.end]))
  expect(ends.map(({ code }) => code)).toEqual(ends.map(() => 0))
  expect((await listed()).toSorted()).toEqual(USERS.map(name => [name, true]))
  expect((await folder.names()).filter(name => name.startsWith('passkeys'))).toEqual(['passkeys.json'])
})

test('the passkeys can be listed and deleted while a prompt waits', async () => {
  const store = await openFileCredentialStore(folder.at('passkeys.json'))
  await store.put(sampleCredential(1, { userName: 'eve' }))
  const { client, phone } = await register('ada', 'ignore')
  await phone.event('request-received')
  expect(await listed()).toEqual([['eve', true]])
  const id = encodeBase64url(sampleCredential(1).credentialId)
  const run = await runHere(['phone', 'delete', id, '--yes', '--store', folder.at('passkeys.json'), '--json'])
  expect(run.code).toBe(0)
  expect(await listed()).toEqual([])
  for (const each of [client, phone]) each.send('SIGKILL')
})

test(
  'a store that another process is changing for too long says so, and can be read',
  { timeout: 40_000 },
  async () => {
    const path = folder.at('passkeys.json')
    const store = await openFileCredentialStore(path)
    await store.put(sampleCredential(1, { userName: 'eve' }))
    const holder = join(`${path}.lock`, 'holder')
    await mkdir(holder, { recursive: true })
    let beats = 0
    const beat = setInterval(() => void utimes(holder, ++beats, beats), 1000)
    expect(await listed()).toEqual([['eve', true]])
    const id = encodeBase64url(sampleCredential(1).credentialId)
    const run = await runHere(['phone', 'delete', id, '--yes', '--store', path, '--json'])
    clearInterval(beat)
    expect(run.code).toBe(1)
    expect(eventsOf(run)).toMatchObject([{ event: 'error', code: 'store-locked', fault: 'environment' }])
  },
)
