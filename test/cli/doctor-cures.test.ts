import { describe, expect, test } from 'vitest'
import { channelFinding } from '../../src/cli/doctor/channel-finding.js'
import { bluezFindings } from '../../src/cli/doctor/bluez-findings.js'
import { capabilityFinding, cureOfPackage } from '../../src/cli/doctor/native-findings.js'
import { radioCure } from '../../src/cli/doctor/radio-cure.js'
import { findRemote } from '../../src/cli/doctor/remote.js'
import { roleFindings } from '../../src/cli/doctor/role-findings.js'
import type { RoleReport } from '../../src/cli/doctor/role-examination.js'
import { withServiceCure } from '../../src/cli/doctor/service-findings.js'
import { findSandbox } from '../../src/cli/doctor/sandbox.js'
import type { Sandbox } from '../../src/cli/doctor/sandbox.js'
import { findingText } from '../../src/cli/doctor/text.js'
import { createColors } from '../../src/cli/text/colors.js'
import type { HybridError } from '../../src/errors.js'
import { ProximityError, UnsupportedError } from '../../src/errors.js'
import { playedEnvironment } from '../support/played-environment.js'

const FLATPAK = { kind: 'flatpak', app: 'org.example.App' } as const
const SNAP = { kind: 'snap', app: 'example' } as const
const CONTAINER = { kind: 'container' } as const
const WSL = { kind: 'wsl' } as const

const unavailable = new ProximityError('bluetooth-unavailable', 'not there')
const unauthorised = new ProximityError('bluetooth-unauthorised', 'not allowed')
const absent = new UnsupportedError('package-missing', 'not installed')

describe('a data channel', () => {
  test('is there with koffi and sockets', async () => {
    expect(await channelFinding(playedEnvironment(), undefined)).toEqual({
      check: 'data-channel',
      ok: true,
      detail: 'node may open Bluetooth sockets, through koffi',
    })
  })

  const unfit = new UnsupportedError('package-unfit', 'too new')
  const incapable = new UnsupportedError('capability-missing', 'no sockets')
  test.each([
    ['package-missing', absent, undefined, 'linux', 'Run: npm install "koffi@>=3.3.4 <4"'],
    ['package-unfit', unfit, undefined, 'linux', 'Run: npm install "koffi@>=3.3.4 <4"'],
    ['capability-missing', incapable, CONTAINER, 'linux', 'Start the container with --network host.'],
    [
      'capability-missing',
      incapable,
      undefined,
      'linux',
      'Use a kernel with Bluetooth, or leave --data-channel out.',
    ],
    [
      'capability-missing',
      incapable,
      undefined,
      'darwin',
      'Leave --data-channel out: the tunnel needs none.',
    ],
    [
      'bluetooth-unauthorised',
      unauthorised,
      FLATPAK,
      'linux',
      'Run: flatpak override --user --allow=bluetooth org.example.App',
    ],
    ['bluetooth-unauthorised', unauthorised, undefined, 'linux', unauthorised.cure],
  ] as const)('without it: %s', async (code, noDataChannel, sandbox, platform, cure) => {
    const finding = await channelFinding(playedEnvironment({ noDataChannel, platform }), sandbox)
    expect(finding).toEqual({ check: 'data-channel', ok: false, detail: noDataChannel.message, code, cure })
  })
})

describe('what is missing on the way to BlueZ is the last thing told, with its cure', () => {
  const off = { adapters: [{ name: 'hci0', powered: false }] }
  const rfkill = (soft: string, hard: string): Record<string, string> => ({
    '/sys/class/rfkill/rfkill0/type': 'wlan\n',
    '/sys/class/rfkill/rfkill0/hard': '1\n',
    '/sys/class/rfkill/rfkill1/type': 'bluetooth\n',
    '/sys/class/rfkill/rfkill1/soft': `${soft}\n`,
    '/sys/class/rfkill/rfkill1/hard': `${hard}\n`,
  })

  test.each([
    ['no bus', { bus: unavailable, adapters: [] }, {}, {}, 'system-bus', 'systemctl start dbus'],
    [
      'no bus in Flatpak',
      { bus: unavailable, adapters: [] },
      { sandbox: FLATPAK },
      {},
      'system-bus',
      'flatpak override --user --system-talk-name=org.bluez org.example.App',
    ],
    [
      'no bus in a snap',
      { bus: unavailable, adapters: [] },
      { sandbox: SNAP },
      {},
      'system-bus',
      'sudo snap connect example:bluez',
    ],
    [
      'no bus in a container',
      { bus: unavailable, adapters: [] },
      { sandbox: CONTAINER },
      {},
      'system-bus',
      '--volume /run/dbus/system_bus_socket',
    ],
    [
      'another bus',
      { bus: unavailable, adapters: [] },
      { busAddress: 'unix:path=/x' },
      {},
      'system-bus',
      'DBUS_SYSTEM_BUS_ADDRESS: it is unix:path=/x',
    ],
    [
      'a bus that refuses',
      { bus: unauthorised, adapters: [] },
      {},
      {},
      'system-bus',
      'as a user whom the system bus admits',
    ],
    [
      'no D-Bus package',
      { bus: absent, adapters: [] },
      {},
      {},
      'system-bus',
      'npm install @jellybrick/dbus-next',
    ],
    [
      'no bluetoothd',
      { service: unavailable, adapters: [] },
      {},
      {},
      'bluetooth-service',
      'systemctl enable --now bluetooth',
    ],
    [
      'bluetoothd hidden by Flatpak',
      { service: unavailable, adapters: [] },
      { sandbox: FLATPAK },
      {},
      'bluetooth-service',
      'flatpak override',
    ],
    [
      'a bus policy',
      { service: unauthorised, adapters: [] },
      {},
      {},
      'bluetooth-service',
      'sudo usermod -aG bluetooth $USER',
    ],
    ['no adapter', { adapters: [] }, {}, {}, 'bluetooth-adapter', 'Plug in'],
    ['no adapter in WSL', { adapters: [] }, { sandbox: WSL }, {}, 'bluetooth-adapter', 'Node for Windows'],
    [
      'no bus in WSL',
      { bus: unavailable, adapters: [] },
      { sandbox: WSL },
      {},
      'system-bus',
      'Node for Windows',
    ],
    [
      'an adapter that BlueZ has lost',
      { adapters: [] },
      {},
      { '/sys/class/bluetooth/hci0/uevent': '' },
      'bluetooth-adapter',
      'systemctl restart bluetooth',
    ],
    ['adapter off', off, {}, {}, 'bluetooth-power', 'Run: bluetoothctl power on'],
    ['adapter blocked', off, {}, rfkill('1', '0'), 'bluetooth-power', 'rfkill unblock bluetooth'],
    ['adapter switched off by hand', off, {}, rfkill('1', '1'), 'bluetooth-power', 'with the switch'],
    ['another radio blocked', off, {}, rfkill('0', '0'), 'bluetooth-power', 'Run: bluetoothctl power on'],
  ] as const)('%s', async (_what, bluez, given, files, check, cure) => {
    const surrounds = { sandbox: undefined, busAddress: undefined, ...given }
    const findings = await bluezFindings(playedEnvironment({ bluez, files }), surrounds)
    const last = findings.at(-1)
    expect([last?.check, last?.ok]).toEqual([check, false])
    expect(last?.cure).toContain(cure)
    expect(findings.slice(0, -1).every(({ ok }) => ok)).toBe(true)
  })

  test('one adapter that is on is enough', async () => {
    const bluez = { adapters: [...off.adapters, { name: 'hci1', powered: true }] }
    const findings = await bluezFindings(playedEnvironment({ bluez }), { sandbox: undefined, busAddress: '' })
    expect(findings.map(({ ok, detail }) => [ok, detail]).slice(2)).toEqual([
      [true, 'hci0, hci1'],
      [true, 'hci1 on'],
    ])
  })
})

describe('a sandbox', () => {
  const info = '[Application]\nname=org.example.App\nruntime=runtime/org.freedesktop.Platform\n'

  test.each<
    readonly [string, Parameters<typeof playedEnvironment>[0], Record<string, string>, Sandbox | undefined]
  >([
    ['Flatpak', { files: { '/.flatpak-info': info } }, {}, FLATPAK],
    ['a snap', { nodePath: '/snap/example/1/bin/node' }, { SNAP_NAME: 'example' }, SNAP],
    ['what a snap has started', {}, { SNAP_NAME: 'example' }, undefined],
    ['the snap of Node', { nodePath: '/snap/node/1/bin/node' }, { SNAP_NAME: 'node' }, undefined],
    ['Docker', { files: { '/.dockerenv': '' } }, {}, CONTAINER],
    ['Podman', { files: { '/run/.containerenv': '' } }, {}, CONTAINER],
    ['nothing', {}, {}, undefined],
    ['WSL', { files: { '/proc/sys/kernel/osrelease': '6.6.87.2-microsoft-standard-WSL2\n' } }, {}, WSL],
    [
      'a container in WSL',
      { files: { '/proc/sys/kernel/osrelease': '4.4.0-19041-Microsoft\n', '/.dockerenv': '' } },
      {},
      WSL,
    ],
    ['a kernel of others', { files: { '/proc/sys/kernel/osrelease': '6.1.0-13-amd64\n' } }, {}, undefined],
    ['another system', { platform: 'darwin', files: { '/.dockerenv': '' } }, {}, undefined],
  ])('%s is told apart', async (_what, machine, variables, sandbox) => {
    expect(await findSandbox(playedEnvironment(machine), variables)).toEqual(sandbox)
  })
})

describe('capabilities of node', () => {
  const status = (bits: string): Record<string, string> => ({
    '/proc/self/status': `Name:\tnode\nCapInh:\tffffffffffffffff\nCapEff:\t${bits}\nCapBnd:\tffffffffffffffff\n`,
  })

  test.each([
    ['0000000000003000', true, 'node may open HCI sockets'],
    ['0000000000002000', false, 'node lacks CAP_NET_ADMIN for'],
    ['0000000000001000', false, 'node lacks CAP_NET_RAW for'],
    ['0000000000000000', false, 'node lacks CAP_NET_ADMIN and CAP_NET_RAW for'],
    ['ffffffffffffcfff', false, 'node lacks CAP_NET_ADMIN and CAP_NET_RAW for'],
  ])('%s', async (bits, ok, detail) => {
    const finding = await capabilityFinding(playedEnvironment({ files: status(bits) }), undefined)
    expect(finding).toMatchObject({ ok, detail: expect.stringContaining(detail) as string })
    if (!ok) expect(finding.cure).toBe('Run: sudo setcap cap_net_raw,cap_net_admin+eip /usr/bin/node')
  })

  test('are no cure in WSL', async () => {
    const finding = await capabilityFinding(playedEnvironment(), WSL)
    expect(finding.cure).toContain('Node for Windows')
  })

  test('are given to a container from outside', async () => {
    const finding = await capabilityFinding(playedEnvironment(), CONTAINER)
    expect(finding.cure).toContain('--cap-add NET_RAW')
  })
})

test.each([
  [[], 'Run: npm install @stoprocent/noble'],
  [['@stoprocent/noble'], /^Run: npm rebuild @stoprocent\/noble /],
  [['@abandonware/noble'], /^Run: npm rebuild @abandonware\/noble /],
])('with %j installed, the cure for a package is its own', (packages, cure) => {
  expect(cureOfPackage('noble', playedEnvironment({ packages }))).toMatch(cure)
})

test('on Windows @abandonware/noble does not help, and is not rebuilt', () => {
  const environment = playedEnvironment({ platform: 'win32', packages: ['@abandonware/noble'] })
  expect(cureOfPackage('noble', environment)).toBe('Run: npm install @stoprocent/noble')
  const failure = { code: 'package-unfit' } as const
  expect(radioCure('noble', failure, environment, {})).toBe('Run: npm install @stoprocent/noble')
})

const NOWHERE = { sandbox: undefined, remote: undefined, busAddress: undefined, dialer: {} }

describe('the radio of a role', () => {
  /** A role whose adapters failed like this, in order; the first one’s failure is told. */
  const failed = (...attempts: readonly (readonly [name: string, failure: HybridError])[]): RoleReport => ({
    role: 'client',
    dialled: undefined,
    elsewhere: [],
    attempts: attempts.map(([name, failure]) => ({ name, failure })),
    findings: attempts
      .slice(0, 1)
      .map(([, { message, code, cure }]) => ({ check: 'radio', ok: false, detail: message, code, cure })),
  })
  const off = new ProximityError('bluetooth-off', 'off')

  test.each([
    ['darwin', 'noble', unauthorised, 'System Settings > Privacy & Security > Bluetooth'],
    ['darwin', 'noble', off, 'Control Centre'],
    ['win32', 'noble', off, 'Settings > Bluetooth & devices'],
    ['win32', 'noble', unavailable, 'Bluetooth Low Energy'],
    ['linux', 'noble', unauthorised, 'sudo setcap'],
    ['linux', 'noble', off, 'Switch Bluetooth on.'],
    ['linux', 'bluez', off, 'Run: bluetoothctl power on'],
  ] as const)('on %s, %s, has the cure of that system', async (platform, name, failure, cure) => {
    const bluez = { adapters: [{ name: 'hci0', powered: false }] }
    const environment = playedEnvironment({ platform, bluez })
    const machine = { environment, ...NOWHERE }
    const [radio] = await roleFindings(failed([name, failure]), machine)
    expect(radio).toMatchObject({ check: 'radio', detail: `${name}: ${failure.message}`, code: failure.code })
    expect(radio?.cure).toContain(cure)
  })

  test('that was not the first choice is named, and what kept the first', async () => {
    const environment = playedEnvironment({ bluez: { service: unavailable, adapters: [] } })
    const machine = { environment, ...NOWHERE }
    const report: RoleReport = {
      role: 'client',
      dialled: undefined,
      elsewhere: [],
      attempts: [
        { name: 'bluez', failure: unavailable },
        { name: 'noble', failure: undefined },
      ],
      findings: [{ check: 'radio', ok: true, detail: 'can hear adverts (bluetooth)' }],
    }
    const findings = await roleFindings(report, machine)
    expect(findings.map(({ check, ok, detail }) => [check, ok, detail])).toEqual([
      ['radio', true, 'noble: can hear adverts (bluetooth)'],
      ['other-adapter', false, 'bluez: not there'],
      ['system-bus', true, 'the system bus answers'],
      ['bluetooth-service', false, 'not there'],
      ['capabilities', false, 'node lacks CAP_NET_ADMIN and CAP_NET_RAW for HCI sockets'],
      ['sandbox', true, 'none'],
    ])
  })
})

test('colours are for screens, and nothing in a finding plays tricks on them', () => {
  const finding = { check: 'radio', ok: false, detail: 'a\u001b[2Jb', cure: 'c\u001b[2Jd' } as const
  expect(findingText(finding, createColors(false))).toBe(
    '  missing  radio              a\uFFFD[2Jb\n           cure: c\uFFFD[2Jd',
  )
  expect(findingText(finding, createColors(true))).toContain('\u001b[31mmissing')
})

describe('a user who reaches the machine over the network', () => {
  test.each([
    [{}, undefined],
    [{ SSH_CONNECTION: '' }, undefined],
    [{ SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22' }, 'ssh'],
    [{ SESSIONNAME: 'Console' }, undefined],
    [{ SESSIONNAME: 'RDP-Tcp#0' }, 'remote-desktop'],
  ] as const)('with %j is %s', (variables, remote) => {
    expect(findRemote(variables)).toBe(remote)
  })

  test('is told where the phone has to be', async () => {
    const report: RoleReport = {
      role: 'client',
      dialled: undefined,
      elsewhere: [],
      attempts: [],
      findings: [{ check: 'radio', ok: true, detail: 'can hear adverts (bluetooth)' }],
    }
    const machine = { environment: playedEnvironment(), ...NOWHERE, remote: 'ssh' } as const
    const findings = await roleFindings(report, machine)
    expect(findings.at(-1)).toEqual({
      check: 'session',
      ok: true,
      detail: 'this runs over SSH: the phone has to be near the machine that it runs on',
    })
  })

  test.each([
    ['darwin', 'ssh', 'macOS does not ask over SSH'],
    ['darwin', undefined, 'System Settings'],
    ['win32', 'ssh', undefined],
  ] as const)('on %s (%s) is told how a permission comes about: %s', (platform, remote, words) => {
    const cure = radioCure('noble', unauthorised, playedEnvironment({ platform }), { remote })
    if (words === undefined) expect(cure).toBeUndefined()
    else expect(cure).toContain(words)
  })
})

describe('a tunnel service that is not reached', () => {
  const finding = { check: 'tunnel-service', ok: false, detail: 'no', cure: 'Check.' } as const

  test.each([
    ['wss://cable.auth.com', 'tunnel-unreachable', 'Let this machine reach cable.auth.com on port 443'],
    ['wss://cable.example.com:8443', 'tunnel-timeout', 'cable.example.com on port 8443'],
    ['wss://cable.auth.com', 'tunnel-untrusted', 'Check.'],
    ['ws://127.0.0.1:4433', 'tunnel-unreachable', 'Check.'],
  ] as const)('%s, %s: %s', (url, code, cure) => {
    expect(withServiceCure({ ...finding, code }, new URL(url)).cure).toContain(cure)
  })
})
