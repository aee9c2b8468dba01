import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '../../src/index.js'
import { createRelyingParty } from '../../src/testing.js'
import { useCli } from '../support/cli.js'
import type { CliEvent } from '../support/cli.js'
import { MockBluez } from '../support/mock-bluez.js'
import { startPrivateBus } from '../support/private-bus.js'
import type { PrivateBus } from '../support/private-bus.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()
const start = useCli()

let bus: PrivateBus
let bluez: MockBluez

beforeAll(async () => {
  bus = await startPrivateBus()
  bluez = await MockBluez.start(bus.address)
  vi.stubEnv('DBUS_SYSTEM_BUS_ADDRESS', bus.address)
})
beforeEach(() => {
  bluez.reset()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await bluez.stop()
  await bus.stop()
})

/** A laptop and a phone, each a process, that know only the bus and the tunnel service. */
async function meet(
  command: 'register' | 'login',
  options: object,
  scan: string,
  advertise: string,
): Promise<CliEvent> {
  const { url } = await start('tunnel', 'serve', '--port', '0').event('listening')
  const reach = ['--tunnel-url', String(url)]
  await writeFile(folder.at('options.json'), JSON.stringify(options))
  const request = ['--options', folder.at('options.json'), '--origin', 'https://login.example.com']
  const client = start('client', command, ...request, '--scan', scan, ...reach)
  const qr = String((await client.event('qr'))['url'])
  const store = ['--store', folder.at('passkeys.json'), '--consent', 'always']
  const phone = start('phone', 'scan', qr, '--advertise', advertise, ...store, ...reach)
  const [ended, served] = await Promise.all([client.end, phone.end])
  expect({ client: ended.code, phone: served.code, said: ended.stderr + served.stderr }).toEqual({
    client: 0,
    phone: 0,
    said: expect.not.stringContaining('error') as string,
  })
  for (const { proximity } of [...ended.events, ...served.events])
    expect(['bluetooth', undefined]).toContain(proximity)
  expect([bluez.sessions, bluez.adverts]).toEqual([{}, {}])
  return ended.events.at(-2) ?? { event: 'nothing' }
}

test('two processes register a passkey and sign in with it over org.bluez', async () => {
  // The laptop takes the first adapter, and the phone the first that can advertise: no radio hears itself.
  bluez.addAdapter('hci0', { advertising: false })
  const rp = await createRelyingParty({ origin: 'https://login.example.com', rpId: 'example.com' })
  const credential = await meet('register', await rp.creationOptions(), 'bluez', 'bluez')
  const { id } = await rp.register(credential['response'] as RegistrationResponseJSON)
  expect(bluez.calls).toContain('StartDiscovery')
  expect(bluez.calls).toContain('RegisterAdvertisement')
  const assertion = await meet('login', await rp.requestOptions(), 'auto', 'auto')
  expect((await rp.signIn(assertion['response'] as AuthenticationResponseJSON)).id).toBe(id)
})

test.each([
  ['bluez:hci0', 'bluez:hci1'],
  ['bluez:hci1', 'bluez:hci0'],
])('the laptop scans with %s and the phone advertises with %s', async (scan, advertise) => {
  const rp = await createRelyingParty({ origin: 'https://login.example.com', rpId: 'example.com' })
  const credential = await meet('register', await rp.creationOptions(), scan, advertise)
  await rp.register(credential['response'] as RegistrationResponseJSON)
})
