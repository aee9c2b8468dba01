import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'

/** `npm run test:soak`: `SOAK` registrations (10 000) through one tunnel service, with faults, and rounds of strangers (`SOAK_ROUNDS`). */
const config: ViteUserConfig = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/soak/**/*.soak.ts'],
    testTimeout: 600_000,
    maxWorkers: 2,
  },
}

export default config
