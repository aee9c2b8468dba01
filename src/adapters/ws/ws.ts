/**
 * Tunnels over the package `ws`, for both roles on Node: certificates, proxies, redirects, connections ahead.
 * @module
 */
import { X509Certificate } from 'node:crypto'
import type { Agent } from 'node:http'
import type * as Ws from 'ws'
import { limitsFrom } from '../../bytes/limits.js'
import { UsageError } from '../../errors.js'
import { isLoopback } from '../../ports/loopback.js'
import type { TunnelDialer } from '../../ports/tunnel-dialer.js'
import { ConnectProxy } from '../proxy/connect-proxy.js'
import { Spares } from './spares.js'
import { WsTunnel } from './tunnel.js'

/** Whom the dialer trusts, which way it goes, and how long it waits. */
export interface WsDialerOptions {
  /** Certificates (PEM) to trust instead of the machine’s own. */
  readonly ca?: string | Buffer | undefined
  /** Trusts any certificate, on loopback only. */
  readonly insecure?: boolean | undefined
  /**
   * The proxy for every connection, `http://user:password@host:port` or the same with `https://`; `false` for none. Unless
   * given, the environment names it: `HTTPS_PROXY`, else `ALL_PROXY`, with the exceptions of `NO_PROXY`, and of this machine.
   */
  readonly proxy?: string | false | undefined
  /** Makes the connections of `wss:` instead, with its own TLS settings: for SOCKS, or a proxy that wants more than a password. */
  readonly agent?: Agent | undefined
  /** The environment variables that name the proxy; those of the process unless given. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Longest message that is taken, in bytes; default 1 MiB. */
  readonly maxMessageBytes?: number | undefined
  /** From `dial` to `open`, redirects included, in milliseconds; default 30 000. */
  readonly handshakeTimeoutMs?: number | undefined
  /** From `preconnect` to closing a connection that no tunnel took, in milliseconds; default 120 000. */
  readonly preconnectTimeoutMs?: number | undefined
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
  preconnectTimeoutMs: 120_000,
}

/**
 * Dials tunnels with the package `ws` (protocol.md 7.1 to 7.4). It throws UsageError `argument-invalid` for a `ca`
 * without a certificate, a `proxy` that is not the URL of a proxy, two of `agent`, `proxy` and `insecure` together, and
 * a limit that is not a number from 0; `dial` throws UsageError `argument-invalid` for an invalid URL, and for
 * `insecure` away from loopback; every other failure reaches the listener as a TunnelError.
 *
 * `preconnect` opens TCP and TLS, through the proxy where there is one, and throws as `dial` does. One connection for each service
 * waits; one that the service closes after five seconds or more is opened anew. With an `agent` there is no `preconnect`.
 *
 * @example
 * import { readFile } from 'node:fs/promises'
 *
 * const dialer = wsDialer({ ca: await readFile('ca.pem') })
 * const client = new HybridClient({ ...platform, dialer })
 */
export function wsDialer(options: WsDialerOptions = {}): TunnelDialer {
  const { ca, insecure = false, proxy, agent, env = process.env, ...limits } = options
  requireOneWay({ agent, proxy: typeof proxy === 'string', insecure })
  const settings = {
    ...limitsFrom('options', DEFAULTS, limits),
    insecure,
    ca: checkedCa(ca),
    proxy: checkedProxy(proxy),
    agent,
    env,
  }
  let library: Promise<typeof Ws> | undefined
  const load = (): Promise<typeof Ws> => (library ??= import('ws'))
  const spares = new Spares(settings)
  return {
    dial(request, listener) {
      const url = dialUrl(request.url, settings.insecure)
      const spare = spares.take(url, request)
      return new WsTunnel(url, request, listener, { ...settings, spare }, load())
    },
    prepare: () => {
      // Each dial reports the failure.
      load().catch(() => undefined)
    },
    preconnect: agent === undefined ? url => spares.open(dialUrl(url, settings.insecure)) : undefined,
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

/** `insecure` is for loopback, and a loopback address would mean another machine to a proxy or an agent. */
function requireOneWay(ways: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(ways).filter(name => Boolean(ways[name]))
  if (given.length < 2) return
  throw new UsageError('argument-invalid', `${given.join(' and ')} cannot be given together`)
}

function checkedProxy(text: string | false | undefined): ConnectProxy | false | undefined {
  if (text === undefined || text === false) return text
  const proxy = ConnectProxy.parse(text)
  if (proxy !== undefined) return proxy
  throw new UsageError('argument-invalid', 'proxy must be http://host:port, https://host:port or false')
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
