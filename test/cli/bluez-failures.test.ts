import { writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ERROR_CATALOGUE } from '../../src/errors.js'
import { serveTunnel } from '../../src/service.js'
import type { TunnelServer } from '../../src/service.js'
import { CREATION_OPTIONS, someQrUrl } from '../support/ceremony-inputs.js'
import { expectFailure, useCli } from '../support/cli.js'
import type { CliProcess } from '../support/cli.js'
import { startSystemBluez, startSystemBus } from '../support/bluez-bus.js'
import type { MockBluez } from '../support/mock-bluez.js'
import { useFolderPerTest } from '../support/test-folder.js'

const folder = useFolderPerTest()
const start = useCli()

let service: TunnelServer
const cleanups: (() => Promise<void>)[] = []

beforeEach(async () => {
  service = await serveTunnel({ port: 0 })
  await writeFile(folder.at('options.json'), JSON.stringify(CREATION_OPTIONS))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const cleanup of [...cleanups.splice(0).reverse(), () => service.close()]) await cleanup()
})

const startBus = (policy?: string): Promise<string> => startSystemBus(cleanups, policy)
const startBluez = (policy?: string): Promise<MockBluez> => startSystemBluez(cleanups, policy)

/** The mock may be there, but nobody may talk to it. */
const DENYING =
  '<allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>' +
  '<deny send_destination="org.bluez"/>'

const FAILURES: Readonly<Record<string, readonly [() => Promise<unknown>, string, RegExp]>> = {
  'no bus': [
    () => Promise.resolve(vi.stubEnv('DBUS_SYSTEM_BUS_ADDRESS', `unix:path=${folder.at('nothing')}`)),
    'bluetooth-unavailable',
    /no system bus/,
  ],
  'no Bluetooth service': [() => startBus(), 'bluetooth-unavailable', /ServiceUnknown/],
  'no adapter': [
    async () => {
      const bluez = await startBluez()
      bluez.removeAdapter('hci0')
      bluez.removeAdapter('hci1')
    },
    'bluetooth-unavailable',
    /no Bluetooth adapter/,
  ],
  'adapters switched off': [
    async () => {
      const bluez = await startBluez()
      bluez.setPowered('hci0', false)
      bluez.setPowered('hci1', false)
    },
    'bluetooth-off',
    /hci0 is switched off/,
  ],
  'no permission of the bus': [() => startBluez(DENYING), 'bluetooth-unauthorised', /AccessDenied/],
  'no permission of the service': [
    async () => {
      const bluez = await startBluez()
      bluez.refuse('org.bluez.Error.NotAuthorized')
    },
    'bluetooth-unauthorised',
    /NotAuthorized/,
  ],
}

const cures: Readonly<Record<string, readonly [string, string]>> = ERROR_CATALOGUE.proximity

describe.each(Object.entries(FAILURES))('%s', (_what, [provoke, code, message]) => {
  async function expectCode(child: CliProcess): Promise<void> {
    const error = await expectFailure(child)
    expect(error).toMatchObject({ code, fault: 'environment', cure: cures[code]?.[1] })
    expect(error['message']).toMatch(message)
  }

  test('the laptop says so before it shows a QR code, and ends', async () => {
    await provoke()
    const request = ['--options', folder.at('options.json'), '--origin', 'https://login.example.com']
    const client = start('client', 'register', ...request, '--scan', 'bluez')
    await expectCode(client)
    expect((await client.end).events.map(({ event }) => event)).not.toContain('qr')
  })

  test('the phone says so and ends', async () => {
    await provoke()
    const store = ['--store', folder.at('passkeys.json'), '--consent', 'always']
    const reach = ['--advertise', 'bluez', '--tunnel-url', service.url]
    await expectCode(start('phone', 'scan', someQrUrl(), ...store, ...reach))
  })
})
