import { writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { serveAirHub } from '../../src/adapters/air-hub.js'
import type { AirHub } from '../../src/adapters/air-hub.js'
import { openFileCredentialStore } from '../../src/node.js'
import { createRelyingParty } from '../../src/testing.js'
import { decodeQrUrl, nobleProvider } from '../../src/wire.js'
import { useCli } from '../support/cli.js'
import type { CliProcess } from '../support/cli.js'
import { runHere } from '../support/run-cli.js'
import { useStoreFolder } from '../support/store-folder.js'
import { found } from './traces.js'

const start = useCli()
const folder = useStoreFolder()
const origin = 'https://login.example.com'

let air: AirHub
beforeEach(async () => {
  air = await serveAirHub({ port: 0 })
})
afterEach(() => air.close())

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
  const secret = { what: 'the QR secret', bytes: decodeQrUrl(nobleProvider, url).secret }
  expect(found([...(await keysOf(store)), secret], said.join('\n'))).toEqual([])
  expect(said.join('\n')).not.toContain(url.slice(0, 60))
})

async function linesOf(child: CliProcess, except?: string): Promise<string> {
  const { events, stderr } = await child.end
  return JSON.stringify([events.filter(({ event }) => event !== except), stderr])
}

async function keysOf(path: string): Promise<readonly { what: string; bytes: Uint8Array }[]> {
  const store = await openFileCredentialStore(path)
  const passkeys = await store.list()
  await store.close()
  expect(passkeys).toHaveLength(1)
  return passkeys.flatMap(({ privateKey, hmacSecret }) => [
    { what: 'a private key', bytes: privateKey },
    { what: 'a PRF secret', bytes: hmacSecret },
  ])
}
