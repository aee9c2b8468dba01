import type { PlaywrightTestConfig } from '@playwright/test'
import { CHROMIUM } from '../../browser/support/executable.js'

const config: PlaywrightTestConfig = {
  expect: { timeout: 15_000 },
  use: { launchOptions: { executablePath: CHROMIUM }, baseURL: process.env['SITE_URL'] ?? '' },
  projects: [{ name: 'fixtures' }, { name: 'readme', testDir: '../../../coverage/readme' }],
  webServer: {
    command: 'npx tsx ../../../examples/e2e/site/server.ts',
    wait: { stdout: /listening at (?<site_url>\S+)/ },
  },
}

export default config
