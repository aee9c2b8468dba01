import { ROUTING_ID_BYTES, routingId, TUNNEL_ID_BYTES, tunnelId } from '../bytes/brands.js'
import type { ClientPorts } from '../driver/client-driver.js'
import { checkClock, checkScanner, checkTunnelService } from '../driver/readiness.js'
import type { Random } from '../ports/clock.js'
import type { Finding } from '../ports/finding.js'
import type { TunnelRequest } from '../ports/tunnel-dialer.js'
import { tunnelRequest } from '../tunnel/request.js'
import { connectTunnelUrl } from '../tunnel/url.js'

/** Checks what a client needs. The tunnel service is asked for a tunnel that does not exist. */
export async function clientReadiness(
  { scanner, dialer, clock }: ClientPorts,
  random: Random,
  tunnelBase: string,
): Promise<readonly Finding[]> {
  const request = nowhereRequest(tunnelBase, random)
  const [radio, service] = await Promise.all([checkScanner(scanner), checkTunnelService(dialer, request)])
  return [radio, service, checkClock(clock)]
}

/** The request for a tunnel that does not exist. */
export function nowhereRequest(tunnelBase: string, random: Random): TunnelRequest {
  const nobody = routingId(random.bytes(ROUTING_ID_BYTES))
  const nowhere = tunnelId(random.bytes(TUNNEL_ID_BYTES))
  return tunnelRequest(connectTunnelUrl(tunnelBase, nobody, nowhere))
}
