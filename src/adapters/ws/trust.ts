import { isLoopback } from '../../ports/loopback.js'

export interface TrustSettings {
  readonly ca: string | Buffer | undefined
  readonly insecure: boolean
}

/** Which certificates are taken from the service of a URL; its name is checked by Node. */
export interface Trust {
  readonly ca?: string | Buffer
  readonly rejectUnauthorized: boolean
}

/** The same for a connection of a tunnel and for one that waits for its tunnel. */
export function trustIn({ hostname }: URL, { ca, insecure }: TrustSettings): Trust {
  return { ...(ca !== undefined && { ca }), rejectUnauthorized: !(insecure && isLoopback(hostname)) }
}
