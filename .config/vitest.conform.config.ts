import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'

/** `npm run test:conform`: `fido-hybrid conform` tries our own command, whole and with planted defects. */
const config: ViteUserConfig = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/conform/**/*.conform.ts'],
    testTimeout: 300_000,
    hookTimeout: 60_000,
    maxConcurrency: 10,
  },
}

export default config
