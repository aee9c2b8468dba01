import { isLoopback } from '../../ports/loopback.js'
import { checkServerIdentity } from '../sockets/server-identity.js'

export interface TrustSettings {
  readonly ca: string | Buffer | undefined
  readonly insecure: boolean
}

/** Which certificates are taken from the service of a URL. */
export interface Trust {
  readonly ca?: string | Buffer
  readonly rejectUnauthorized: boolean
  readonly checkServerIdentity: typeof checkServerIdentity
}

/** The same for a connection of a tunnel and for one that waits for its tunnel. */
export function trustIn({ hostname }: URL, { ca, insecure }: TrustSettings): Trust {
  const rejectUnauthorized = !(insecure && isLoopback(hostname))
  return { ...(ca !== undefined && { ca }), rejectUnauthorized, checkServerIdentity }
}
