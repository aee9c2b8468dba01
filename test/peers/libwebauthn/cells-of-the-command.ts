import { afterEach, expect, test, vi } from 'vitest'
import { useCli } from '../../support/cli.js'
import { useFolderPerTest } from '../../support/test-folder.js'
import { given } from './phone.js'
import { Site } from './relying-party.js'
import type { Surroundings } from './surroundings.js'

const NAME = 'Grace’s phone'

/** Service and phone are processes of our command. */
export function cellsOfTheCommand(around: Surroundings): void {
  const store = useFolderPerTest()
  const run = useCli()
  afterEach(() => void vi.unstubAllEnvs())

  test('tunnel serve, phone scan --link, then phone serve --once', async () => {
    vi.stubEnv('DBUS_SYSTEM_BUS_ADDRESS', around.air.phone.bus.address)
    const identity = ['--tls-cert', around.at('cert.pem'), '--tls-key', around.at('key.pem')]
    const { url } = await run('tunnel', 'serve', '--port', '0', ...identity).event('listening')
    const kept = ['--store', store.at('passkeys.json'), '--identity', store.at('phone.json')]
    const reach = ['--tunnel-url', String(url), '--tls-ca', around.at('ca.pem'), '--tunnel-service', '4711']
    const own = ['--advertise', 'bluez:hci0', '--consent', 'always', ...kept, ...reach]
    const laptop = await around.laptop(Number(new URL(String(url)).port))
    const site = await Site.open()

    const code = await laptop.begin(await site.registration({}, { by: 'code-to-remember' }))
    const scan = run('phone', 'scan', code, '--link', '--name', NAME, ...own)
    const { credential } = await site.takes(given(await laptop.end()))
    expect(await scan.event('registered')).toMatchObject({ credentialId: credential.id, rpId: 'example.com' })
    expect([(await scan.end).code, await laptop.known()]).toEqual([0, [NAME]])

    const serve = run('phone', 'serve', '--once', ...own)
    await serve.event('reachable')
    await laptop.begin(await site.signIn({}, { by: 'link' }))
    expect((await site.accepts(given(await laptop.end()))).credential.id).toBe(credential.id)
    expect(await serve.event('signed-in')).toMatchObject({ credentialId: credential.id })
    expect((await serve.end).code).toBe(0)
  })
}
