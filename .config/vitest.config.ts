import { fileURLToPath } from 'node:url'
import type { ViteUserConfig } from 'vitest/config'

const core = [
  'bytes',
  'cbor',
  'crypto',
  'qr',
  'advert',
  'tunnel',
  'message',
  'linking',
  'ctap',
  'noise',
  'handshake',
  'session',
]

const config: ViteUserConfig = {
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    coverage: {
      provider: 'v8',
      include: core.map(room => `src/${room}/**/*.ts`),
      reporter: ['text-summary'],
      thresholds: { branches: 95 },
    },
  },
}

export default config
