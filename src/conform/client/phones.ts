import { nodeCryptoProvider } from '../../adapters/node-crypto/node-crypto.js'
import { MemoryCredentialStore } from '../../adapters/stores/memory-credential-store.js'
import { systemRandom } from '../../adapters/system/system.js'
import { alwaysApprove } from '../../virtual/consent.js'
import { VirtualAuthenticator } from '../../virtual/virtual-authenticator.js'
import type { VirtualAuthenticatorOptions } from '../../virtual/virtual-authenticator.js'

/** The passkeys of a played phone, whose user approves unless the options say otherwise. */
export function phoneWith(options: Partial<VirtualAuthenticatorOptions> = {}): VirtualAuthenticator {
  const shared = { random: systemRandom, crypto: nodeCryptoProvider }
  return new VirtualAuthenticator({
    ...shared,
    store: new MemoryCredentialStore(),
    consent: alwaysApprove(),
    ...options,
  })
}
