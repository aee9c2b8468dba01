import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { askBluez } from '../../src/cli/doctor/bluez-report.js'
import { serveTunnel } from '../../src/service.js'
import type { TunnelServer } from '../../src/service.js'
import { startSystemBluez, startSystemBus } from '../support/bluez-bus.js'
import type { MockBluez } from '../support/mock-bluez.js'
import { playedEnvironment } from '../support/played-environment.js'
import { eventsOf, runHere } from '../support/run-cli.js'

let service: TunnelServer
const cleanups: (() => Promise<void>)[] = []
beforeEach(async () => {
  service = await serveTunnel({ port: 0 })
})
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const cleanup of [...cleanups.splice(0).reverse(), () => service.close()]) await cleanup()
})

const startBus = (policy?: string): Promise<string> => startSystemBus(cleanups, policy)
const startBluez = (policy?: string): Promise<MockBluez> => startSystemBluez(cleanups, policy)

/** A machine of which only the bus is real. */
async function doctor(radio = 'bluez') {
  const environment = { ...playedEnvironment(), askBluez }
  const radios = ['--scan', radio, '--advertise', radio]
  const run = await runHere(['doctor', ...radios, '--tunnel-url', service.url, '--json'], { environment })
  const findings = eventsOf(run).filter(({ event }) => event === 'finding')
  return { ...run, findings, last: eventsOf(run).at(-1) }
}

test.each(['bluez', 'auto'])(
  'with %s and an adapter that is on, both roles work, and nothing is left',
  async radio => {
    const bluez = await startBluez()
    const { code, findings, last } = await doctor(radio)
    expect([code, last]).toEqual([0, { event: 'doctor', client: true, phone: true }])
    expect(
      findings.map(({ check, ok, detail }) => [check, ok, detail]).filter(([check]) => check !== 'clock'),
    ).toEqual(
      [['can hear adverts'], ['can send adverts']].flatMap(([what = '']) => [
        ['radio', true, `bluez: ${what} (bluetooth)`],
        ['proxy', true, 'none, the direct way: the service is on this machine'],
        ['tunnel-service', true, expect.stringContaining('answers')],
        ['system-bus', true, 'the system bus answers'],
        ['bluetooth-service', true, 'bluetoothd answers'],
        ['bluetooth-adapter', true, 'hci0, hci1'],
        ['bluetooth-power', true, 'hci0, hci1 on'],
        ['sandbox', true, 'none'],
      ]),
    )
    expect([bluez.sessions, bluez.adverts]).toEqual([{}, {}])
  },
)

const DENYING =
  '<allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>' +
  '<deny send_destination="org.bluez"/>'

test.each([
  [
    'without bluetoothd',
    () => startBus(),
    'bluetooth-service',
    'bluetooth-unavailable',
    'systemctl enable --now bluetooth',
  ],
  [
    'against the bus policy',
    () => startBluez(DENYING),
    'bluetooth-service',
    'bluetooth-unauthorised',
    'usermod -aG bluetooth',
  ],
  [
    'without an adapter',
    async () => {
      const bluez = await startBluez()
      for (const name of ['hci0', 'hci1']) bluez.removeAdapter(name)
    },
    'bluetooth-adapter',
    'bluetooth-unavailable',
    'Plug in',
  ],
  [
    'with adapters that are off',
    async () => {
      const bluez = await startBluez()
      for (const name of ['hci0', 'hci1']) bluez.setPowered(name, false)
    },
    'bluetooth-power',
    'bluetooth-off',
    'bluetoothctl power on',
  ],
  [
    'without a bus',
    () => Promise.resolve(vi.stubEnv('DBUS_SYSTEM_BUS_ADDRESS', 'unix:path=/nothing/here')),
    'system-bus',
    'bluetooth-unavailable',
    'systemctl start dbus',
  ],
] as const)(
  '%s neither role works, and radio and reason have the same cure',
  async (_what, provoke, check, code, cure) => {
    await provoke()
    const run = await doctor()
    expect([run.code, run.last]).toEqual([1, { event: 'doctor', client: false, phone: false }])
    for (const role of ['client', 'phone']) {
      const wrong = run.findings.filter(finding => finding['role'] === role && finding['ok'] === false)
      expect(wrong.map(finding => [finding['check'], finding['code']])).toEqual([
        ['radio', code],
        [check, code],
      ])
      for (const finding of wrong) expect(finding['cure']).toContain(cure)
    }
  },
)

test('an adapter that cannot advertise leaves the client role', async () => {
  const bluez = await startBluez()
  bluez.removeAdapter('hci1')
  bluez.addAdapter('hci0', { advertising: false })
  const { code, findings, last } = await doctor()
  expect([code, last]).toEqual([0, { event: 'doctor', client: true, phone: false }])
  expect(findings.filter(({ ok }) => ok === false)).toMatchObject([
    { role: 'phone', code: 'capability-missing' },
  ])
})

test('the adapter that is named is looked at, and no other', async () => {
  const bluez = await startBluez()
  bluez.setPowered('hci1', false)
  expect((await doctor('bluez:hci0')).last).toMatchObject({ client: true, phone: true })
  const { findings, last } = await doctor('bluez:hci1')
  expect(last).toMatchObject({ client: false, phone: false })
  const wrong = findings.filter(({ role, ok }) => role === 'client' && ok === false)
  expect(wrong).toMatchObject([
    { check: 'radio', code: 'bluetooth-off', detail: expect.stringContaining('hci1') as string },
  ])
})
