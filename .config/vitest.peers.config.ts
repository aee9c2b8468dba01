import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'
import { ownName } from './own-name.js'

/** `npm run test:peers`: other people’s implementations against ours. Each file says what it skips without. */
const config: ViteUserConfig = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: { alias: [...ownName] },
  test: {
    include: ['test/peers/**/*.peers.ts'],
    testTimeout: 60_000,
    // Some compile the peer first.
    hookTimeout: 600_000,
    // A peer is several processes already.
    fileParallelism: false,
  },
}

export default config
