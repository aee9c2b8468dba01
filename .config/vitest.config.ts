import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'
import { CORE_ROOMS } from './core-rooms.js'
import { ownName } from './own-name.js'

const elsewhere: string[] = []
if (spawnSync('dbus-daemon', ['--version']).error !== undefined) {
  process.stderr.write(
    'No dbus-daemon: the tests of the BlueZ adapter are skipped. Install the Debian package dbus.\n',
  )
  elsewhere.push('test/{bluetooth,cli,page}/bluez*')
}

const config: ViteUserConfig = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: { alias: [...ownName] },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['node_modules/**', 'test/browser/**', ...elsewhere],
    // Reached by what hangs: tests of several processes take a minute where many others run.
    testTimeout: 120_000,
    // Some build the command first.
    hookTimeout: 120_000,
    // A busy machine takes its time; what passes waits no longer for it.
    expect: { poll: { timeout: 10_000 } },
    maxWorkers: '100%',
    coverage: {
      provider: 'v8',
      include: CORE_ROOMS.map(room => `src/${room}/**/*.ts`),
      reporter: ['text-summary'],
      thresholds: { branches: 95 },
    },
  },
}

export default config
