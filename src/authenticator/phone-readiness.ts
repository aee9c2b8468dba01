import { ADVERT_BYTES } from '../advert/service-data.js'
import { TUNNEL_ID_BYTES, tunnelId } from '../bytes/brands.js'
import type { AuthenticatorPorts } from '../driver/authenticator-driver.js'
import { checkAdvertiser, checkClock, checkTunnelService } from '../driver/readiness.js'
import type { Random } from '../ports/clock.js'
import type { Finding } from '../ports/finding.js'
import { tunnelRequest } from '../tunnel/request.js'
import { newTunnelUrl } from '../tunnel/url.js'

/** Checks what a phone needs. The tunnel service is asked for a tunnel that no client joins. */
export async function phoneReadiness(
  { advertiser, dialer, clock }: AuthenticatorPorts,
  random: Random,
  tunnelBase: string,
): Promise<readonly Finding[]> {
  const url = newTunnelUrl(tunnelBase, tunnelId(random.bytes(TUNNEL_ID_BYTES)))
  const [radio, service] = await Promise.all([
    checkAdvertiser(advertiser, random.bytes(ADVERT_BYTES)),
    checkTunnelService(dialer, tunnelRequest(url)),
  ])
  return [radio, service, checkClock(clock)]
}
