import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'

// `npm run test:vm`: what needs a machine of its own.
const config: ViteUserConfig = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: { include: ['test/vm/**/*.vm.ts'] },
}

export default config
