import { TunnelError } from '../../errors.js'
import { isLoopback } from '../../ports/loopback.js'

/** RFC 9110 section 15.4: those that name another place for the same request. */
const REDIRECTS = [301, 302, 303, 307, 308]

/** What an HTTP scheme becomes for a WebSocket (RFC 6455 section 3). */
const SCHEMES: Readonly<Record<string, string>> = { 'http:': 'ws:', 'https:': 'wss:' }

export function isRedirect(status: number, location: string | undefined): location is string {
  return REDIRECTS.includes(status) && location !== undefined
}

/**
 * Resolves a `Location`, which may be relative.
 * @throws TunnelError `tunnel-insecure` when it leads away from TLS, `tunnel-refused` for an invalid URL.
 */
export function followRedirect(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href))
    throw new TunnelError('tunnel-refused', `${from.host} redirects to an address that is not a URL`)
  const target = new URL(location, from)
  target.protocol = SCHEMES[target.protocol] ?? target.protocol
  target.hash = ''
  if (from.protocol === 'wss:' && target.protocol !== 'wss:')
    throw new TunnelError('tunnel-insecure', `${from.host} redirects away from TLS`)
  return target
}

/**
 * @param direct whether the connection goes straight there: 127.0.0.1 is another machine for a proxy.
 * @throws TunnelError `tunnel-insecure` unless the URL is `wss:`, or `ws:` on loopback and reached directly.
 */
export function requireSecure(url: URL, direct: boolean = true): void {
  if (url.protocol === 'wss:' || (url.protocol === 'ws:' && isLoopback(url.hostname) && direct)) return
  throw new TunnelError(
    'tunnel-insecure',
    `${url.protocol}//${url.host} is neither wss:// nor ws:// on loopback${direct ? '' : ' without a proxy'}`,
  )
}
