import { X509Certificate } from 'node:crypto'
import { limitsFrom } from '../../bytes/limits.js'
import { UsageError } from '../../errors.js'
import { isLoopback } from '../../ports/loopback.js'
import type { TunnelDialer } from '../../ports/tunnel-dialer.js'
import { WsTunnel } from './tunnel.js'

export interface WsDialerOptions {
  /** Certificates (PEM) to trust instead of the machine’s own. */
  readonly ca?: string | Buffer | undefined
  /** Trusts any certificate, on loopback only. */
  readonly insecure?: boolean | undefined
  /** Longest message that is taken, in bytes; default 1 MiB. */
  readonly maxMessageBytes?: number | undefined
  /** From `dial` to `open`, redirects included, in milliseconds; default 30 000. */
  readonly handshakeTimeoutMs?: number | undefined
  /** How many redirects are followed; default 5. */
  readonly maxRedirects?: number | undefined
  /** From our close frame to cutting the connection, in milliseconds; default 1 000. */
  readonly closeTimeoutMs?: number | undefined
}

const DEFAULTS = {
  maxMessageBytes: 1024 * 1024,
  handshakeTimeoutMs: 30_000,
  maxRedirects: 5,
  closeTimeoutMs: 1000,
}

/**
 * Dials tunnels with the package `ws` (protocol.md 7.1 to 7.4). It throws UsageError `argument-invalid` for a `ca`
 * without a certificate; `dial` throws UsageError `argument-invalid` for an invalid URL,
 * and for `insecure` away from loopback; every other failure reaches the listener as a TunnelError.
 *
 * @example
 * import { readFile } from 'node:fs/promises'
 *
 * const dialer = wsDialer({ ca: await readFile('ca.pem') })
 * const client = new HybridClient({ ...platform, dialer })
 */
export function wsDialer(options: WsDialerOptions = {}): TunnelDialer {
  const { ca, insecure = false, ...limits } = options
  const settings = { ...limitsFrom('options', DEFAULTS, limits), insecure, ca: checkedCa(ca) }
  const library = import('ws')
  // Each dial reports the failure.
  library.catch(() => undefined)
  return {
    dial: (request, listener) =>
      new WsTunnel(dialUrl(request.url, settings.insecure), request, listener, settings, library),
  }
}

function dialUrl(text: string, insecure: boolean): URL {
  if (!URL.canParse(text)) throw new UsageError('argument-invalid', 'the tunnel’s address must be a URL')
  const url = new URL(text)
  if (insecure && !isLoopback(url.hostname))
    throw new UsageError(
      'argument-invalid',
      `insecure must be left out for ${url.host}: it is for loopback only`,
    )
  return url
}

/** Node would ignore text without a certificate, and trust the machine’s own authorities. */
function checkedCa(ca: string | Buffer | undefined): string | Buffer | undefined {
  if (ca === undefined) return undefined
  try {
    new X509Certificate(ca)
    return ca
  } catch (cause) {
    throw new UsageError('argument-invalid', 'ca must hold a certificate as PEM', { cause })
  }
}
