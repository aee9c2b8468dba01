import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'

// `npm run test:runtimes`: the portable tests, ceremonies and the README’s examples on other engines.
const config: ViteUserConfig = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/runtimes/**/*.runtimes.ts'],
    testTimeout: 120_000,
    maxConcurrency: 2,
    fileParallelism: false,
  },
}

export default config
