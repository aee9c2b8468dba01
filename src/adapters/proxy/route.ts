import { TunnelError } from '../../errors.js'
import { isLoopback } from '../../ports/loopback.js'
import { ConnectProxy } from './connect-proxy.js'
import { isExcepted } from './no-proxy.js'
import { bareHost } from '../sockets/bare-host.js'

/** Environment variables by name. */
type Variables = Readonly<Record<string, string | undefined>>

/** Which way a connection goes, and why. */
export interface Route {
  /** Undefined: the direct way. */
  readonly proxy: ConnectProxy | undefined
  /** For people, printed after “direct” or the proxy’s name. */
  readonly reason: string
}

export interface RouteSettings {
  /** What the caller asks for: this proxy for everything, or none at all. Undefined: what the variables say. */
  readonly proxy: ConnectProxy | false | undefined
  readonly env: Variables
}

/** Those for `https:` count for `wss:`, as curl has it; names in small letters come first. */
const PROXY_VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']
const EXCEPTION_VARIABLES = ['no_proxy', 'NO_PROXY']
const TLS_PORT = 443

/**
 * The way to a service. A service on this machine is reached directly unless the caller asks for a proxy: `ws:` is for
 * such services alone, so `HTTP_PROXY` counts for nothing.
 * @throws TunnelError `proxy-unsupported` for a variable that does not name a proxy with http:// or https://.
 */
export function routeTo({ hostname, port }: URL, { proxy, env }: RouteSettings): Route {
  if (proxy === false) return direct('the proxy is turned off')
  if (proxy !== undefined) return { proxy, reason: 'it was asked for' }
  if (isLoopback(hostname)) return direct('the service is on this machine')
  const named = firstOf(PROXY_VARIABLES, env)
  if (named === undefined) return direct('the environment names no proxy')
  const exceptions = firstOf(EXCEPTION_VARIABLES, env)
  const host = bareHost(hostname)
  if (exceptions !== undefined && isExcepted(exceptions.value, host, Number(port) || TLS_PORT))
    return direct(`${exceptions.name} excepts ${hostname}`)
  return { proxy: proxyIn(named), reason: `${named.name} names it` }
}

interface Variable {
  readonly name: string
  readonly value: string
}

function firstOf(names: readonly string[], env: Variables): Variable | undefined {
  const [first] = names.flatMap(name => {
    const value = env[name]?.trim() ?? ''
    return value === '' ? [] : [{ name, value }]
  })
  return first
}

function proxyIn({ name, value }: Variable): ConnectProxy {
  const proxy = ConnectProxy.parse(value)
  if (proxy !== undefined) return proxy
  throw new TunnelError('proxy-unsupported', `${name} names no proxy with http:// or https://`, {
    cure: `Name a proxy in ${name} as http://host:port or https://host:port; for another kind, give the dialer an \`agent\`.`,
  })
}

function direct(reason: string): Route {
  return { proxy: undefined, reason }
}
