import { ConnectProxy } from '../../adapters/proxy/connect-proxy.js'
import { routeTo } from '../../adapters/proxy/route.js'
import { HybridError } from '../../errors.js'
import type { TunnelSettings } from '../options/tunnel.js'
import { problem } from './finding.js'
import type { DoctorFinding } from './finding.js'

/** Which way the tunnel service was dialled, and why. */
export function proxyFinding(url: URL, { proxy, env = {} }: TunnelSettings['dialer']): DoctorFinding {
  try {
    const route = routeTo(url, { env, proxy: typeof proxy === 'string' ? ConnectProxy.parse(proxy) : proxy })
    const way = route.proxy === undefined ? 'none, the direct way' : route.proxy.name
    return { check: 'proxy', ok: true, detail: `${way}: ${route.reason}` }
  } catch (error) {
    if (error instanceof HybridError) return problem('proxy', error)
    throw error
  }
}
