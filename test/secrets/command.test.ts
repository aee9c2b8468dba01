import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { deriveIdentitySeed } from '../../src/crypto/derive.js'
import { openFileCredentialStore, openFileLinkStore, openFilePhoneIdentityStore } from '../../src/node.js'
import { createRelyingParty } from '../../src/testing.js'
import { decodeQrUrl, nobleProvider } from '../../src/wire.js'
import { useCli } from '../support/cli.js'
import type { CliProcess } from '../support/cli.js'
import { useLinkedProcesses } from '../support/linked-processes.js'
import { runHere } from '../support/run-cli.js'
import { useAir } from '../support/surroundings.js'
import { useFolderPerTest } from '../support/test-folder.js'
import { found } from './traces.js'

// In this order: the processes end before their folder is removed.
const folder = useFolderPerTest()
const air = useAir()
const start = useCli()
const prepare = useLinkedProcesses(start, folder)
const origin = 'https://login.example.com'

test('the command line shows no secret but the QR code, and that only where it is shown to be scanned', async () => {
  const store = folder.at('passkeys.json')
  const tunnel = start('tunnel', 'serve', '--port', '0')
  const reach = ['--tunnel-url', String((await tunnel.event('listening'))['url'])]
  const rp = await createRelyingParty({ origin })
  await writeFile(folder.at('options.json'), JSON.stringify(await rp.creationOptions()))
  const options = ['--options', folder.at('options.json'), '--origin', origin]
  const client = start('client', 'register', ...options, '--scan', `air:${air.url}`, ...reach)
  const url = String((await client.event('qr'))['url'])
  const phone = start(
    ...['phone', 'scan', url, '--store', store, '--consent', 'always'],
    ...['--advertise', `air:${air.url}`, ...reach],
  )
  expect([(await client.end).code, (await phone.end).code]).toEqual([0, 0])
  tunnel.send('SIGINT')

  const looks = await Promise.all([
    runHere(['phone', 'list', '--store', store]),
    runHere(['phone', 'scan', url, '--store', store]),
    runHere(['phone', 'scan', `${url}0`, '--store', store]),
  ])
  const said = [
    await linesOf(client, 'qr'),
    await linesOf(phone),
    await linesOf(tunnel),
    JSON.stringify(looks),
  ]
  expect(said.map(text => text.length > 100)).toEqual([true, true, true, true])
  const secret = { what: 'the QR secret', bytes: decodeQrUrl(url).secret }
  expect(found([...(await keysOf(store)), secret], said.join('\n'))).toEqual([])
  expect(said.join('\n')).not.toContain(url.slice(0, 60))
})

test('a linked run shows no secrets either, from the link to its end', async () => {
  const processes = await prepare()
  const { client, phone } = await processes.link('--name', 'Ada’s phone')
  const url = String((await client.end).events.find(({ event }) => event === 'qr')?.['url'])
  const store = folder.at('passkeys.json')
  const identity = folder.at('passkeys.identity.json')
  const links = folder.at('links.json')
  await processes.verified(client)
  const secrets = [...(await linkSecrets(links)), ...(await identitySecrets(identity))]
  const serving = processes.phone('serve')
  await serving.event('reachable')
  const signingIn = await processes.client('login', '--link')
  await processes.verified(signingIn)
  const looks = [
    await runHere(['client', 'links', '--store', links]),
    await runHere(['client', 'links', '--store', links, '--json']),
    await runHere(['phone', 'links', '--store', store]),
    await runHere(['phone', 'unlink', '--all', '--store', store]),
    await runHere(['client', 'login', '--link', 'nobody', '--store', links, ...NO_REQUEST]),
  ]
  const refused = await processes.client('login', '--link')
  expect((await refused.end).events.at(-1)).toMatchObject({ code: 'link-gone' })
  for (const each of [serving, processes.tunnel]) each.send('SIGINT')

  const said = [
    await linesOf(client, 'qr'),
    ...(await Promise.all([phone, serving, signingIn, refused, processes.tunnel].map(each => linesOf(each)))),
    JSON.stringify(looks),
  ]
  expect(said.map(text => text.length > 100)).toEqual(said.map(() => true))
  const all = [
    ...secrets,
    ...(await identitySecrets(identity)),
    ...(await keysOf(store)),
    { what: 'the QR secret', bytes: decodeQrUrl(url).secret },
  ]
  expect(new Set(all.map(({ what }) => what)).size).toBe(9)
  expect(found(all, said.join('\n'))).toEqual([])
})

const NO_REQUEST = ['--options', 'none.json', '--origin', origin, '--scan', 'stdin']

async function linkSecrets(path: string): Promise<readonly Named[]> {
  const links = await (await openFileLinkStore(path)).list()
  expect(links).toHaveLength(1)
  return links.flatMap(({ linkSecret, contactId }) => [
    { what: 'a link secret', bytes: linkSecret },
    { what: 'a contact ID', bytes: contactId },
  ])
}

async function identitySecrets(path: string): Promise<readonly Named[]> {
  const identity = await (await openFilePhoneIdentityStore(path)).load()
  if (identity === undefined) throw new Error('there is no identity')
  const revoked = identity.revoked.map(bytes => ({ what: 'a revoked line key', bytes }))
  return [
    { what: 'the root secret', bytes: identity.rootSecret },
    { what: 'the line key', bytes: identity.lineKey },
    { what: 'the seed of the identity key', bytes: deriveIdentitySeed(nobleProvider, identity.rootSecret) },
    ...revoked,
  ]
}

interface Named {
  readonly what: string
  readonly bytes: Uint8Array
}

async function linesOf(child: CliProcess, except?: string): Promise<string> {
  const { events, stderr } = await child.end
  return JSON.stringify([events.filter(({ event }) => event !== except), stderr])
}

async function keysOf(path: string): Promise<readonly Named[]> {
  const store = await openFileCredentialStore(path)
  const passkeys = await store.list()
  await store.close()
  expect(passkeys).toHaveLength(1)
  return passkeys.flatMap(({ privateKey, hmacSecret }) => [
    { what: 'a private key', bytes: privateKey },
    { what: 'a PRF secret', bytes: hmacSecret },
  ])
}
