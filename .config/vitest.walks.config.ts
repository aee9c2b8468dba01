import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'

/** `npm run test:walks`: as many random walks over the tables of both machines as `WALKS` says. */
const config: ViteUserConfig = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/walks/*.test.ts'],
    testTimeout: 600_000,
    env: { WALKS: process.env['WALKS'] ?? '100000', FIRST: process.env['FIRST'] ?? '1' },
  },
}

export default config
