import { existsSync } from 'node:fs'
import { devices } from '@playwright/test'
import type { PlaywrightTestConfig } from '@playwright/test'
import type { PasskeyTestOptions } from 'fido-hybrid/page'

/** Playwright’s own browser unless this names another, such as /usr/bin/chromium. */
const { CHROMIUM: executablePath } = process.env
const launchOptions = executablePath === undefined ? {} : { executablePath }

/** Only beside the other examples; a copy of this folder alone has the rest. */
const hasWebDemo = existsSync(new URL('../security-info/main.ts', import.meta.url))

const config: PlaywrightTestConfig<PasskeyTestOptions> = {
  testDir: 'tests',
  expect: { timeout: 15_000 },
  forbidOnly: process.env['CI'] !== undefined,
  use: { ...devices['Desktop Chrome'], launchOptions },
  projects: [
    // The same tests with the phones of two makers.
    {
      name: 'android',
      testMatch: 'site.spec.ts',
      use: { passkeyOptions: { phone: { profile: 'android' } } },
    },
    { name: 'ios', testMatch: 'site.spec.ts', use: { passkeyOptions: { phone: { profile: 'ios' } } } },
    ...(hasWebDemo ? [{ name: 'web-demo', testMatch: 'web-demo.spec.ts' }] : []),
  ],
  // Each takes a free port. What it prints tells which: `(?<site_url>…)` becomes the variable SITE_URL of the tests.
  webServer: [
    { command: 'npx tsx site/server.ts', wait: { stdout: /listening at (?<site_url>\S+)/ } },
    ...(hasWebDemo
      ? [
          {
            command: 'npx tsx ../security-info/main.ts --port 0 --json',
            wait: {
              stdout:
                /"url":"(?<demo_url>[^"]+)","phoneUrl":"(?<demo_phone_url>[^"]+)","tunnelUrl":"(?<demo_tunnel_url>[^"]+)","airUrl":"(?<demo_air_url>[^"]+)"/,
            },
          },
        ]
      : []),
  ],
}

export default config
