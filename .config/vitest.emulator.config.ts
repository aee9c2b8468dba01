import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'

/** `npm run test:emulator`: the real noble and bleno on BlueZ’s emulator: needs btvirt, and the packages of `test/native`. */
const config: ViteUserConfig = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.emulator.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The emulator can be run once at a time.
    fileParallelism: false,
  },
}

export default config
