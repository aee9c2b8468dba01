import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'
import { chromiumReport } from '../test/dialog/chromium-report.js'
import { whyNoDialog } from '../test/dialog/prerequisites.js'
import { ownName } from './own-name.js'

const reason = whyNoDialog()
if (reason !== undefined)
  process.stderr.write(
    `The tests of the browser’s own dialog are skipped: ${reason}. test/dialog/install-packages.sh installs what they need.\n`,
  )

const keepsReport = reason === undefined && process.env['PEER_REPORTS'] === '1'

/** `npm run test:dialog`: a real Chromium whose own dialog meets a virtual phone. */
const config: ViteUserConfig = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: { alias: [...ownName] },
  test: {
    include: ['test/dialog/**/*.dialog.ts'],
    exclude: reason === undefined ? [] : ['**'],
    passWithNoTests: reason !== undefined,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A browser is several processes already.
    fileParallelism: false,
    ...(keepsReport && { reporters: ['default', chromiumReport] }),
  },
}

export default config
