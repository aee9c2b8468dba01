import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'
import { CHROMIUM } from '../test/browser/support/executable.js'
import { ownName } from './own-name.js'

const isThere = existsSync(CHROMIUM)
if (!isThere)
  process.stderr.write(
    `No ${CHROMIUM}: the tests in a browser are skipped. test/browser/install-packages.sh installs the Debian package chromium.\n`,
  )

/** `npm run test:browser`: what needs a real browser, Debian’s Chromium. */
const config: ViteUserConfig = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: { alias: [...ownName] },
  test: {
    include: ['test/browser/**/*.test.ts'],
    exclude: isThere ? [] : ['**'],
    passWithNoTests: !isThere,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A browser is several processes already.
    fileParallelism: false,
  },
}

export default config
