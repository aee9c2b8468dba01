import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'

// `npm run test:bundlers`: programs that bundlers made one file of.
const config: ViteUserConfig = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: { include: ['test/bundlers/**/*.bundlers.ts'], testTimeout: 60_000 },
}

export default config
