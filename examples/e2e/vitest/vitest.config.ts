import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import type { ViteUserConfig } from 'vitest/config'
import { passkeysOnPhone, refuseOnPhone, takePhone } from './passkey-commands.js'

/** Playwright’s own browser unless this names another, such as /usr/bin/chromium. */
const { CHROMIUM: executablePath } = process.env

const config: ViteUserConfig = {
  root: fileURLToPath(new URL('.', import.meta.url)),
  optimizeDeps: { include: ['@simplewebauthn/browser'] },
  test: {
    include: ['**/*.test.ts'],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright(executablePath === undefined ? {} : { launchOptions: { executablePath } }),
      instances: [{ browser: 'chromium' }],
      commands: { takePhone, refuseOnPhone, passkeysOnPhone },
    },
  },
}

export default config
