import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'
import { HAPROXY } from '../test/cluster/haproxy.js'

const isThere = existsSync(HAPROXY)
if (!isThere)
  process.stderr.write(
    `No ${HAPROXY}: the tests of a cluster are skipped. test/cluster/install-packages.sh installs the Debian package haproxy.\n`,
  )

/** `npm run test:cluster`: instances of the tunnel service behind a real proxy. */
const config: ViteUserConfig = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/cluster/**/*.cluster.ts'],
    exclude: isThere ? [] : ['**'],
    passWithNoTests: !isThere,
    // Most of the time they wait.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
  },
}

export default config
