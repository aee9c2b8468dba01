import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { TunnelError, UnsupportedError } from '../../src/errors.js'
import { nodePlatform } from '../../src/node.js'
import type { TunnelDialer } from '../../src/ports/tunnel-dialer.js'
import { serveTunnel } from '../../src/service.js'
import { makeCertificate } from '../support/certificate.js'
import { useCli } from '../support/cli.js'
import { playedEnvironment } from '../support/played-environment.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import type { CliRun, RunOptions } from '../support/run-cli.js'
import { useAir, useTunnelService } from '../support/surroundings.js'
import { useFolderPerTest } from '../support/test-folder.js'
import { writeFile } from 'node:fs/promises'

const folder = useFolderPerTest()
const air = useAir()
const service = useTunnelService()
const start = useCli()

beforeEach(() => {
  vi.stubEnv('DBUS_SYSTEM_BUS_ADDRESS', `unix:path=${folder.at('bus')}`)
  vi.stubEnv('NODE_PATH', folder.path)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

type Radios = readonly [scan: string, advertise: string]

function doctor([scan, advertise]: Radios, more: readonly string[] = [], options: RunOptions = {}) {
  const radios = ['--scan', scan, '--advertise', advertise]
  return runHere(['doctor', ...radios, '--tunnel-url', service.url, ...more], options)
}

const inAir = (): Radios => [`air:${air.url}`, `air:${air.url}`]

/** `ROLE CHECK CODE` of each finding, and what the last event says. */
function verdictsOf(run: CliRun): readonly [readonly string[], unknown] {
  const events = eventsOf(run)
  const findings = events.slice(0, -1).map(({ event, role, check, ok, code = 'ok' }) => {
    expect([event, ok]).toEqual(['finding', code === 'ok'])
    return [role, check, code].map(String).join(' ')
  })
  return [findings, events.at(-1)]
}

test('a machine that lacks nothing is told so, role by role', async () => {
  const run = await doctor(inAir(), ['--json'])
  expect(verdictsOf(run)).toEqual([
    [
      'client radio ok',
      'client proxy ok',
      'client tunnel-service ok',
      'client clock ok',
      'phone radio ok',
      'phone proxy ok',
      'phone tunnel-service ok',
      'phone clock ok',
    ],
    { event: 'doctor', client: true, phone: true },
  ])
  expect(run.code).toBe(0)
})

test.each([
  ['ble', true, 'ok', 0],
  ['ble', false, 'package-missing', 1],
  ['auto', false, 'package-missing', 0],
  ['tunnel', false, undefined, 0],
])('with --data-channel %s, where it is there: %j', async (how, isThere, verdict, code) => {
  const noDataChannel = new UnsupportedError('package-missing', 'no koffi')
  const environment = playedEnvironment(isThere ? {} : { noDataChannel })
  const run = await doctor(inAir(), ['--json', '--data-channel', how], { environment })
  const [findings, last] = verdictsOf(run)
  const told = verdict === undefined ? [] : ['client', 'phone'].map(role => `${role} data-channel ${verdict}`)
  expect(findings.filter(finding => finding.includes('data-channel'))).toEqual(told)
  expect([last, run.code]).toEqual([{ event: 'doctor', client: code === 0, phone: code === 0 }, code])
})

test('people get a line for each finding, the cure below it, and no colours in a pipe', async () => {
  const run = await doctor([`air:${air.url}`, 'bluez'], [], { environment: playedEnvironment() })
  expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' })
  const lines = run.stdout.trimEnd().split('\n')
  expect(lines.map(line => line.replace(/says .*/, 'says …').replace(/127\S+/, 'HOST'))).toEqual([
    'client',
    `  ok       radio              air:${air.url}: can hear adverts (simulated)`.replace(/127\S+/, 'HOST'),
    '  ok       proxy              none, the direct way: the service is on this machine',
    '  ok       tunnel-service     HOST answers',
    '  ok       clock              the clock says …',
    'phone',
    '  missing  radio              bluez: this machine has no system bus for Bluetooth (bluetooth-unavailable)',
    '           cure: Plug in or enable a Bluetooth adapter, and start the system’s Bluetooth service.',
    '  ok       proxy              none, the direct way: the service is on this machine',
    '  ok       tunnel-service     HOST answers',
    '  ok       clock              the clock says …',
    '  ok       system-bus         the system bus answers',
    '  ok       bluetooth-service  bluetoothd answers',
    '  ok       bluetooth-adapter  hci0',
    '  ok       bluetooth-power    hci0 on',
    '  ok       sandbox            none',
    'client: works, phone: does not work',
  ])
})

test('without a radio the exit code is 1, every adapter is named, and there is no error event', async () => {
  const run = await doctor(['auto', 'auto'], ['--json'])
  const [findings, last] = verdictsOf(run)
  expect(findings.filter(finding => finding.startsWith('client'))).toEqual([
    'client radio bluetooth-unavailable',
    'client proxy ok',
    'client tunnel-service ok',
    'client clock ok',
    'client other-adapter package-missing',
    'client system-bus ok',
    'client bluetooth-service ok',
    'client bluetooth-adapter ok',
    'client bluetooth-power ok',
    'client sandbox ok',
  ])
  expect(eventsOf(run)).toContainEqual(
    expect.objectContaining({
      role: 'phone',
      check: 'other-adapter',
      cure: 'Run: npm install @stoprocent/bleno',
    }),
  )
  expect([run.code, last]).toEqual([1, { event: 'doctor', client: false, phone: false }])
  expect(run.stderr).toContain('client: does not work')
})

test('a client that works is enough for exit code 0, such as on macOS', async () => {
  const environment = playedEnvironment({ platform: 'darwin' })
  const run = await doctor([`air:${air.url}`, 'auto'], ['--json'], { environment })
  expect(verdictsOf(run)[0].slice(4)).toEqual(['phone radio capability-missing'])
  expect(eventsOf(run).at(-2)).toMatchObject({
    detail: expect.stringContaining('the phone role needs Linux') as string,
    cure: expect.stringContaining('Use Linux') as string,
  })
  expect([run.code, eventsOf(run).at(-1)]).toEqual([0, { event: 'doctor', client: true, phone: false }])
})

test.each([
  ['darwin', 'Run: npm install @stoprocent/noble'],
  ['win32', 'Run: npm install @stoprocent/noble'],
] as const)('on %s the radio is noble, and nobody asks for BlueZ', async (platform, cure) => {
  const environment = {
    ...playedEnvironment({ platform }),
    askBluez: () => Promise.reject(new Error('asked')),
  }
  const run = await doctor(['auto', 'auto'], ['--json'], { environment })
  expect(eventsOf(run)[0]).toMatchObject({ check: 'radio', code: 'package-missing', cure })
  expect(verdictsOf(run)[0]).not.toContain('client sandbox ok')
})

describe('the tunnel service', () => {
  test('that is not there takes both roles', async () => {
    const run = await doctor(inAir(), ['--tunnel-url', 'ws://127.0.0.1:1', '--json'])
    expect(verdictsOf(run)).toEqual([
      expect.arrayContaining([
        'client tunnel-service tunnel-unreachable',
        'phone tunnel-service tunnel-unreachable',
      ]),
      { event: 'doctor', client: false, phone: false },
    ])
    expect(run.code).toBe(1)
  })

  test('is asked over TLS, with the certificates given', async () => {
    const { ca, ...tls } = await makeCertificate()
    await writeFile(folder.at('ca.pem'), ca)
    const secure = await serveTunnel({ port: 0, tls })
    const [strange, trusted] = [
      await doctor(inAir(), ['--tunnel-url', secure.url, '--json']),
      await doctor(inAir(), ['--tunnel-url', secure.url, '--tls-ca', folder.at('ca.pem'), '--json']),
    ]
    await secure.close()
    expect(verdictsOf(strange)[0]).toContain('client tunnel-service tunnel-untrusted')
    expect([strange.code, trusted.code]).toEqual([1, 0])
  })
})

describe('the tunnel services of phones of other makers', () => {
  /** A machine that reaches these hosts only. */
  const reaching =
    (...hosts: readonly string[]): NonNullable<RunOptions['platform']> =>
    options => {
      const dial: TunnelDialer['dial'] = ({ url }, listener) => {
        const status = hosts.includes(new URL(url).host) ? 404 : undefined
        const code = status === undefined ? 'tunnel-unreachable' : 'tunnel-refused'
        queueMicrotask(() => listener.failed(new TunnelError(code, new URL(url).host, { status })))
        return { send: () => undefined, close: () => Promise.resolve() }
      }
      return { ...nodePlatform(options), dialer: { dial } }
    }

  const looked = (platform: NonNullable<RunOptions['platform']>): Promise<CliRun> => {
    const [scan, advertise] = inAir()
    return runHere(['doctor', '--scan', scan, '--advertise', advertise, '--json'], { platform })
  }

  test('are looked at for the client, which goes where its phone says', async () => {
    const [findings] = verdictsOf(await looked(reaching('cable.ua5v.com', 'cable.auth.com')))
    expect(findings).toContain('client tunnel-service ok')
    expect(findings).toContain('client other-service ok')
    expect(findings).not.toContain('phone other-service ok')
  })

  test('that are not reached are told with host and port, and the client works with the others', async () => {
    const run = await looked(reaching('cable.ua5v.com'))
    expect(eventsOf(run)).toContainEqual(
      expect.objectContaining({
        check: 'other-service',
        code: 'tunnel-unreachable',
        cure: expect.stringContaining('cable.auth.com on port 443') as string,
      }),
    )
    expect([run.code, verdictsOf(run)[1]]).toEqual([0, { event: 'doctor', client: true, phone: true }])
  })
})

describe('a radio that never says anything', () => {
  /** Something that listens where a bus should be, and never answers. */
  async function silentBus(use: () => Promise<void>): Promise<void> {
    const sockets = new Set<{ destroy(): unknown }>()
    const server = createServer(socket => sockets.add(socket.on('error', () => undefined)))
    await new Promise<void>(resolve => server.listen(folder.at('bus'), resolve))
    try {
      await use()
    } finally {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    }
  }

  test('is given up after the time limit', () =>
    silentBus(async () => {
      const run = await doctor(['bluez', 'bluez'], ['--timeout', '0.05', '--json'])
      expect([run.code, verdictsOf(run)[1]]).toEqual([1, { event: 'doctor', client: false, phone: false }])
      expect(eventsOf(run)[0]).toMatchObject({ check: 'radio', detail: 'there was no result after 0.05 s' })
    }))

  test('is given up at an interrupt', () =>
    silentBus(async () => {
      const run = await doctor(['bluez', 'bluez'], ['--json'], { signal: AbortSignal.abort() })
      expect([run.code, eventsOf(run)]).toMatchObject([1, [{ event: 'error', code: 'aborted' }]])
    }))
})

test('a process of its own ends with the exit code and leaves nothing running', async () => {
  const radios = ['--scan', 'bluez', '--advertise', `air:${air.url}`]
  const { code, events } = await start('doctor', ...radios, '--tunnel-url', service.url).end
  expect([code, events.at(-1)]).toEqual([1, { event: 'doctor', client: false, phone: true }])
})
