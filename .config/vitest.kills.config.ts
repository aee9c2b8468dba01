import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'

/** `npm run test:kills`: processes that are killed: `KILLS` registrations (200), and `POWER_CUTS` writers of a store (500). */
const config: ViteUserConfig = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/kills/**/*.kills.ts'],
    testTimeout: 600_000,
    hookTimeout: 60_000,
  },
}

export default config
