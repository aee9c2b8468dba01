import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'
import { CHROMIUM } from '../test/browser/support/executable.js'

const isThere = existsSync(CHROMIUM)
if (!isThere)
  process.stderr.write(
    `No ${CHROMIUM}: the tests of pages by other runners are skipped. test/browser/install-packages.sh installs the Debian package chromium.\n`,
  )

/** `npm run test:e2e`: examples/e2e, run by Playwright and by Vitest’s browser mode. */
const config: ViteUserConfig = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    exclude: isThere ? [] : ['**'],
    passWithNoTests: !isThere,
    // Each file starts browsers.
    fileParallelism: false,
  },
}

export default config
