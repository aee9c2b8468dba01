import { ASSIGNED_TUNNEL_SERVICES, tunnelServiceId } from '../bytes/brands.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { tunnelDomain } from '../tunnel/domain.js'

/** What decides where the phone that reads a QR code is met. */
export interface ServiceChoice {
  readonly crypto: CryptoProvider
  readonly preconnect?: boolean | undefined
  readonly tunnelUrl?: string | undefined
}

/** The services to open connections to while a QR code is shown: the one that is set, or those that phones use. */
export function likelyServices({ crypto, preconnect = false, tunnelUrl }: ServiceChoice): readonly string[] {
  if (!preconnect) return []
  if (tunnelUrl !== undefined) return [tunnelUrl]
  const ids = Array.from({ length: ASSIGNED_TUNNEL_SERVICES }, (_, index) => tunnelServiceId(index))
  return ids.map(id => `wss://${tunnelDomain(crypto, id)}`)
}
