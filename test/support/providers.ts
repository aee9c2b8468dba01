import { nodeCryptoProvider } from '../../src/adapters/node-crypto/node-crypto.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import type { CryptoProvider } from '../../src/crypto/provider.js'

/** Every provider there is; vectors run on each of them. */
export const providers: readonly CryptoProvider[] = [nobleProvider, nodeCryptoProvider]
