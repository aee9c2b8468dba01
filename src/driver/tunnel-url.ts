import { TunnelError, UsageError } from '../errors.js'
import { isLoopback } from '../ports/loopback.js'

/**
 * Checks the address that a caller wants dialled instead of the tunnel service’s own domain, before a user waits for it.
 * @param text `wss://host:port`, or `ws://host:port` on loopback; undefined passes.
 * @returns the address as URLs are written, without a slash at its end: a path may be put behind it.
 * @throws UsageError `argument-invalid`, TunnelError `tunnel-insecure`.
 */
export function checkedTunnelUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  if (!URL.canParse(text)) throw new UsageError('argument-invalid', 'tunnelUrl must be a URL')
  const url = new URL(text)
  const isSecure = url.protocol === 'wss:' || (url.protocol === 'ws:' && isLoopback(url.hostname))
  if (!isSecure) {
    const address = `${url.protocol}//${url.host}`
    throw new TunnelError('tunnel-insecure', `tunnelUrl: ${address} is neither wss:// nor ws:// on loopback`)
  }
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new UsageError('argument-invalid', 'tunnelUrl must not have a user, a query or a fragment')
  }
  // Not the text: it may end in an empty query or fragment, which would swallow the path, or hold letters that URLs drop.
  return `${url.protocol}//${url.host}${url.pathname}`.replace(/\/+$/, '')
}
