import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'
import { CHROMIUM } from '../test/browser/support/executable.js'

const isThere = existsSync(CHROMIUM)
if (!isThere)
  process.stderr.write(
    `No ${CHROMIUM}: the documentation site is not tested. test/browser/install-packages.sh installs the Debian package chromium.\n`,
  )

/** `npm run test:docs`: the documentation site, built and read in a browser. `SITE=built` takes the one that is built. */
const config: ViteUserConfig = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/docs/**/*.docs.ts'],
    exclude: isThere ? [] : ['**'],
    passWithNoTests: !isThere,
    globalSetup: isThere ? ['test/docs/support/build.ts'] : [],
    testTimeout: 300_000,
    hookTimeout: 60_000,
    // A browser is several processes already.
    fileParallelism: false,
  },
}

export default config
