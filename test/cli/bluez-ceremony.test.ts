import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '../../src/index.js'
import { createRelyingParty } from '../../src/testing.js'
import { useCli } from '../support/cli.js'
import type { CliEvent } from '../support/cli.js'
import { MockBluez } from '../support/mock-bluez.js'
import { startPrivateBus } from '../support/private-bus.js'
import type { PrivateBus } from '../support/private-bus.js'
import { useStoreFolder } from '../support/store-folder.js'

const start = useCli()
const folder = useStoreFolder()

let bus: PrivateBus
let bluez: MockBluez

beforeAll(async () => {
  bus = await startPrivateBus()
  bluez = await MockBluez.start(bus.address)
  vi.stubEnv('DBUS_SYSTEM_BUS_ADDRESS', bus.address)
})
beforeEach(() => {
  bluez.reset()
  // The laptop takes the first adapter, and the phone the first that can advertise: no radio hears itself.
  bluez.addAdapter('hci0', { advertising: false })
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
  radio: 'bluez' | 'auto',
): Promise<CliEvent> {
  const { url } = await start('tunnel', 'serve', '--port', '0').event('listening')
  const reach = ['--tunnel-url', String(url)]
  await writeFile(folder.at('options.json'), JSON.stringify(options))
  const request = ['--options', folder.at('options.json'), '--origin', 'https://login.example.com']
  const client = start('client', command, ...request, '--scan', radio, ...reach)
  const qr = String((await client.event('qr'))['url'])
  const store = ['--store', folder.at('passkeys.json'), '--consent', 'always']
  const phone = start('phone', 'scan', qr, '--advertise', radio, ...store, ...reach)
  const [ended, served] = await Promise.all([client.end, phone.end])
  expect({ client: ended.code, phone: served.code, said: ended.stderr + served.stderr }).toEqual({
    client: 0,
    phone: 0,
    said: expect.not.stringContaining('error') as string,
  })
  for (const { proximity } of [...ended.events.slice(1, -1), ...served.events])
    expect(['bluetooth', undefined]).toContain(proximity)
  expect([bluez.sessions, bluez.adverts]).toEqual([{}, {}])
  return ended.events.at(-1) ?? { event: 'nothing' }
}

test('two processes register a passkey and sign in with it over org.bluez', async () => {
  const rp = await createRelyingParty({ origin: 'https://login.example.com', rpId: 'example.com' })
  const credential = await meet('register', await rp.creationOptions(), 'bluez')
  const { id } = await rp.register(credential['response'] as RegistrationResponseJSON)
  expect(bluez.calls).toContain('StartDiscovery')
  expect(bluez.calls).toContain('RegisterAdvertisement')
  const assertion = await meet('login', await rp.requestOptions(), 'auto')
  expect((await rp.signIn(assertion['response'] as AuthenticationResponseJSON)).id).toBe(id)
})
