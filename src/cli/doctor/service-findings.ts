import { nowhereRequest } from '../../client/client-readiness.js'
import { likelyServices } from '../../client/likely-services.js'
import type { CryptoProvider } from '../../crypto/provider.js'
import { checkTunnelService } from '../../driver/readiness.js'
import type { Random } from '../../ports/clock.js'
import type { Finding } from '../../ports/finding.js'
import type { TunnelDialer } from '../../ports/tunnel-dialer.js'
import type { DoctorFinding } from './finding.js'

interface ServicePorts {
  readonly dialer: TunnelDialer
  readonly crypto: CryptoProvider
  readonly random: Random
}

/**
 * Whether this machine reaches the tunnel services that a client’s own look leaves out: a phone says where it is met, and phones of each maker
 * have theirs. Nothing where one service is set for all.
 */
export function otherServices(
  { dialer, crypto, random }: ServicePorts,
  tunnelUrl: string | undefined,
): Promise<readonly DoctorFinding[]> {
  const [, ...others] = likelyServices({ crypto, preconnect: true, tunnelUrl })
  return Promise.all(
    others.map(async url => {
      const finding = await checkTunnelService(dialer, nowhereRequest(url, random))
      return { ...withServiceCure(finding, new URL(url)), check: 'other-service' as const }
    }),
  )
}

const UNREACHED: readonly unknown[] = ['tunnel-unreachable', 'tunnel-timeout']

/** What networks have to let through, by host and port. */
export function withServiceCure(finding: Finding, { protocol, hostname, port }: URL): Finding {
  if (protocol !== 'wss:' || !UNREACHED.includes(finding.code)) return finding
  const way = `${hostname} on port ${port === '' ? '443' : port}, TLS with an upgrade to WebSocket`
  const cure = `Let this machine reach ${way}; or try another network, such as a phone’s hotspot.`
  return { ...finding, cure }
}
