import { expect, test } from 'vitest'
import { playedEnvironment } from '../support/played-environment.js'
import { eventsOf, runHere } from '../support/run-cli.js'
import type { CliRun } from '../support/run-cli.js'

const PROGRAMS = { '/usr/bin/Xvfb': '', '/usr/bin/dbus-daemon': '', '/opt/bin/google-chrome': '' }

type Machine = Parameters<typeof playedEnvironment>[0]

function doctor(machine: Machine, more: readonly string[] = []): Promise<CliRun> {
  const env = { PATH: '/usr/bin::/opt/bin' }
  return runHere(['doctor', '--for', 'page-tests', ...more], { env, environment: playedEnvironment(machine) })
}

test('a machine with all programs and a driver can test the dialog', async () => {
  const run = await doctor({ files: PROGRAMS, packages: ['playwright-core'] }, ['--json'])
  expect(run.code).toBe(0)
  expect(eventsOf(run)).toEqual([
    { event: 'finding', role: 'page-tests', check: 'system', ok: true, detail: 'linux' },
    { event: 'finding', role: 'page-tests', check: 'browser', ok: true, detail: '/opt/bin/google-chrome' },
    { event: 'finding', role: 'page-tests', check: 'screen', ok: true, detail: '/usr/bin/Xvfb' },
    { event: 'finding', role: 'page-tests', check: 'bus', ok: true, detail: '/usr/bin/dbus-daemon' },
    { event: 'finding', role: 'page-tests', check: 'driver', ok: true, detail: 'playwright-core' },
    { event: 'doctor', pageTests: true },
  ])
})

test.each([
  ['/usr/bin/Xvfb', 'screen', 'Run: apt-get install xvfb'],
  ['/usr/bin/dbus-daemon', 'bus', 'Run: apt-get install dbus'],
  ['/opt/bin/google-chrome', 'browser', 'Run: apt-get install chromium'],
])('without %s the cure is its Debian package', async (path, check, cure) => {
  const files = Object.fromEntries(Object.entries(PROGRAMS).filter(([name]) => name !== path))
  const run = await doctor({ files, packages: ['playwright-core'] }, ['--json'])
  expect(run.code).toBe(1)
  const events = eventsOf(run)
  expect(events.filter(({ ok }) => ok === false)).toMatchObject([{ check, code: 'package-missing', cure }])
  expect(events.at(-1)).toEqual({ event: 'doctor', pageTests: false })
})

test('people are told what is missing of driver and system, and no radio is looked at', async () => {
  const run = await doctor({ platform: 'darwin', files: PROGRAMS })
  expect(run.code).toBe(1)
  const lines = run.stdout.trimEnd().split('\n')
  expect(lines[0]).toBe('page-tests')
  expect(lines).toContain('           cure: Run: npm install --save-dev playwright-core')
  expect(lines).toContain('           cure: Use Linux for these tests, in a container or a virtual machine.')
  expect(lines.at(-1)).toBe('page-tests: do not work')
  expect(run.stdout).not.toContain('radio')
})
