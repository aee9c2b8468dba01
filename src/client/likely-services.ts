import { ASSIGNED_TUNNEL_SERVICES, tunnelServiceId } from '../bytes/brands.js'
import type { CryptoProvider } from '../crypto/provider.js'
import type { DataChannelChoice } from '../qr/data-channel.js'
import { tunnelDomain } from '../tunnel/domain.js'

/** What decides to which services connections are opened. */
export interface ServiceChoice {
  readonly crypto: CryptoProvider
  readonly preconnect?: boolean | undefined
  readonly tunnelUrl?: string | undefined
  /** What the code offers; the tunnel unless given. */
  readonly dataChannel?: DataChannelChoice | undefined
}

/**
 * The services to open connections to while a QR code is shown: the one of `tunnelUrl`, or those that phones use. The
 * list is empty where a BLE data channel may be used: a ceremony without a tunnel is not to be known to any service.
 */
export function likelyServices(choice: ServiceChoice): readonly string[] {
  const { crypto, preconnect = false, tunnelUrl, dataChannel = 'tunnel' } = choice
  if (!preconnect || dataChannel !== 'tunnel') return []
  if (tunnelUrl !== undefined) return [tunnelUrl]
  const ids = Array.from({ length: ASSIGNED_TUNNEL_SERVICES }, (_, index) => tunnelServiceId(index))
  return ids.map(id => `wss://${tunnelDomain(crypto, id)}`)
}
