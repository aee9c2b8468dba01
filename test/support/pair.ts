import { HybridAuthenticator } from '../../src/authenticator/hybrid-authenticator.js'
import type { HybridAuthenticatorOptions } from '../../src/authenticator/hybrid-authenticator.js'
import { createAir } from '../../src/adapters/air/air.js'
import type { Air } from '../../src/adapters/air/air.js'
import { systemRandom } from '../../src/adapters/system/system.js'
import { HybridClient } from '../../src/client/hybrid-client.js'
import type { HybridClientOptions } from '../../src/client/hybrid-client.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import { encodeGetInfo } from '../../src/ctap/get-info.js'
import type { CtapHandler } from '../../src/ports/ctap-handler.js'
import { MemoryTunnelService } from '../../src/testing/memory-tunnel-service.js'
import { VirtualClock } from '../../src/testing/virtual-clock.js'
import { publicSuffixList } from '../../src/webauthn/public-suffix-list.js'

/** authenticatorGetInfo of a phone that can do the least. */
export const GET_INFO: Uint8Array = encodeGetInfo({
  versions: ['FIDO_2_0'],
  aaguid: new Uint8Array(16),
  transports: ['internal', 'hybrid'],
})

/** A handler that says what it was asked. */
export const echo: CtapHandler = {
  getInfo: () => GET_INFO,
  handle: request => Promise.resolve(Uint8Array.of(0, ...request)),
}

/** A laptop and a phone in one process, on virtual time. */
export interface Pair {
  readonly clock: VirtualClock
  readonly air: Air
  readonly service: MemoryTunnelService
  readonly client: HybridClient
  readonly phone: HybridAuthenticator
}

/** Both roles over the same service, air and clock; each part can be replaced. */
export function createPair(
  client: Partial<HybridClientOptions> = {},
  phone: Partial<HybridAuthenticatorOptions> = {},
  air: Air = createAir(),
): Pair {
  const clock = new VirtualClock(1_790_000_000_000)
  const service = new MemoryTunnelService(clock, systemRandom)
  const [laptop, handset] = [air.device(), air.device()]
  const shared = { clock, dialer: service, crypto: nobleProvider, random: systemRandom }
  return {
    clock,
    air,
    service,
    client: new HybridClient({
      ...shared,
      scanner: laptop.scanner,
      dataChannelDialer: laptop.dataChannelDialer,
      publicSuffixes: publicSuffixList,
      ...client,
    }),
    phone: new HybridAuthenticator({
      ...shared,
      advertiser: handset.advertiser,
      dataChannelListener: handset.dataChannelListener,
      handler: echo,
      ...phone,
    }),
  }
}
