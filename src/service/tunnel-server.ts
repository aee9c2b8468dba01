import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createServer } from 'node:http'
import type { Server, ServerOptions } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createSecureContext, Server as TlsServer } from 'node:tls'
import { requireMembers } from '../bytes/require-members.js'
import { TunnelError, UsageError } from '../errors.js'
import type { Clock } from '../ports/clock.js'
import type { ContactDirectory } from '../ports/contact-directory.js'
import { isLoopback } from '../ports/loopback.js'
import { Connections } from './connections.js'
import type { ConnectionDropReason, ProxyRules } from './connections.js'
import { countDescriptors } from './descriptors.js'
import { Gate } from './gate.js'
import type { GateEvent, GateOptions } from './gate.js'
import { serviceLimits } from './limits.js'
import type { TunnelServiceLimits } from './limits.js'
import type { CallPort } from './legs.js'
import { listen } from './listener.js'
import type { ListeningServer } from './listener.js'
import { ProxiedConnections } from './proxied.js'
import { Readiness } from './readiness.js'
import type { RelayLoad } from './relay-io.js'
import type { RoutingSlots } from './routing-slots.js'
import { TrustedProxies } from './trusted-proxies.js'

/** Certificate chain and private key, both PEM. */
export interface TlsIdentity {
  /** The chain, its own certificate first. */
  readonly cert: string | Buffer
  /** The private key of the first certificate. */
  readonly key: string | Buffer
}

/** What the service reports to its operator. Nothing in it identifies a tunnel to outsiders. */
export type TunnelServiceEvent =
  | GateEvent
  | { type: 'connection-dropped'; reason: ConnectionDropReason }
  | { type: 'listener-failed'; error: Error }
  /**
   * At the start: the descriptors of the process (`limit`) are enough for `connections`, which is fewer than
   * `maxConnections`. Further connections are dropped as `out of descriptors`.
   */
  | { type: 'descriptors-short'; limit: number; connections: number; maxConnections: number }

/** How busy a tunnel service is. */
export interface TunnelServiceLoad extends RelayLoad {
  /** TCP connections. */
  readonly connections: number
}

/** Where a tunnel service listens, which clients it serves, and within which limits. */
export interface TunnelServerOptions {
  /** The port to listen on; 0 picks a free one. */
  readonly port: number
  /** Address to listen on; default 127.0.0.1. */
  readonly host?: string | undefined
  /** Required away from loopback, unless there are trusted proxies; then only these may connect. */
  readonly tls?: TlsIdentity | undefined
  /** The limits that differ from the defaults. */
  readonly limits?: Partial<TunnelServiceLimits> | undefined
  /**
   * Proxies in front of the service, such as `10.0.0.0/8` or `127.0.0.1`. They tell the address of the client that they
   * speak for, by the PROXY protocol (version 2 or 1), `Forwarded` or `X-Forwarded-For`, and limits per address count
   * that address. A request with such a header from any other address is refused with 400. Without trusted proxies
   * these headers mean nothing.
   */
  readonly trustedProxies?: readonly string[] | undefined
  /** Serves only `trustedProxies`, which must be given. Without TLS away from loopback this is always so. */
  readonly behindProxy?: boolean | undefined
  /**
   * First and last value of the first byte of the routing IDs given out, 0 to 255: proxies send `/cable/connect` to the one of several
   * services that gave the routing ID out. All unless given.
   */
  readonly routingSlots?: RoutingSlots | undefined
  /** Origins that may connect, such as `wss://cable.example.com`; without it all may. */
  readonly origins?: readonly string[] | undefined
  /**
   * Asked for a phone that waits on no line of this service: send it a push message with these identifiers, so that it
   * dials `/cable/connect`. A rejection, or an answer after `ringTimeoutMs`, counts as `unknown`.
   */
  readonly onCall?: CallPort | undefined
  /**
   * Knows which of several services holds the line of which phone, so that clients of one service reach phones of the
   * others. It is asked before `onCall`. While it is down, everything else goes on.
   */
  readonly directory?: ContactDirectory | undefined
  /** Called synchronously; must not throw. */
  readonly onEvent?: ((event: TunnelServiceEvent) => void) | undefined
  /** For tests: what lifetimes are measured with. */
  readonly clock?: Clock | undefined
}

/** A tunnel service that is running. */
export interface TunnelServer {
  /** Base address for tunnel URLs, such as `wss://127.0.0.1:4433`. */
  readonly url: string
  /** The port that it listens on. */
  readonly port: number
  /** How busy it is. */
  load(): TunnelServiceLoad
  /**
   * What `/ready` says on the service’s port, 200 or 404; `/live` says 200. Not ready: the service retires or closes, or less than
   * a twentieth is free of the connections that there may be, by `maxConnections` or by the descriptors of the process.
   */
  isReady(): boolean
  /**
   * The service is about to be replaced: it is not ready from now on and still serves everything; phones’ lines are closed with code
   * 1012, one by one over `drainLinesMs`. `close({ drainMs })` comes next.
   * @returns settles when that time is over or `close` is called; also when no tunnel and no line is left, unless
   * somebody asks `/ready` or `isReady()` and has to notice first.
   */
  retire(): Promise<void>
  /**
   * Changes the certificate for new connections; present ones stay as they are. @throws UsageError `argument-invalid`
   * for a certificate or key that cannot be used, and for a service without TLS. The old certificate then stays.
   */
  setTls(identity: TlsIdentity): void
  /**
   * Closes every tunnel with code 1001 and settles when no socket and no timer is left; safe to call twice.
   * @param options With `drainMs`, tunnels have that long to finish, and those that wait may still be joined; new requests get
   * 503, and phones’ lines are closed with code 1012, one by one over `drainLinesMs`. A second call stops the wait.
   */
  close(options?: { readonly drainMs?: number | undefined }): Promise<void>
}

/**
 * Runs a tunnel service (protocol.md 7).
 *
 * @throws TunnelError `tunnel-insecure` when asked to do without TLS away from loopback.
 * @throws UsageError `argument-invalid` for a port, a limit, a certificate, `routingSlots` or `trustedProxies` that
 * cannot be used, and for `behindProxy` without `trustedProxies`; UnsupportedError `listen-failed`; the error of a
 * directory that cannot be joined, such as `package-missing`.
 * @example
 * const service = await serveTunnel({ port: 0 })
 * const client = new HybridClient({ ...platform, tunnelUrl: service.url })
 * await service.close()
 */
export async function serveTunnel(options: TunnelServerOptions): Promise<TunnelServer> {
  requireMembers('serveTunnel', options, ['port'])
  const host = options.host ?? '127.0.0.1'
  const proxies = proxyRules(options, host)
  const limits = serviceLimits(options.limits)
  const { WebSocketServer } = await import('ws')
  const server = createHttpServer(options.tls, limits)
  const dropped = (reason: ConnectionDropReason): void =>
    options.onEvent?.({ type: 'connection-dropped', reason })
  const connections = new Connections(limits, dropped, proxies)
  const sourceOf = sourceFinder(server, connections, proxies, limits)
  const readiness = new Readiness(() => connections.hasRoom())
  const gate = new Gate(WebSocketServer, { ...options, limits, sourceOf, isReady: () => readiness.isReady() })
  gate.guard(server)
  await fitToDescriptors(connections, limits, options.onEvent)
  await gate.join()
  const listener = await listenOrLeave(server, connections, { host, port: options.port }, gate)
  server.on('error', error => options.onEvent?.({ type: 'listener-failed', error }))
  let closing: Promise<void> | undefined
  let retiring: Promise<void> | undefined
  return {
    url: `${options.tls === undefined ? 'ws' : 'wss'}://${listener.authority}`,
    port: listener.port,
    setTls: identity => {
      setTls(server, identity)
    },
    load: () => ({ ...gate.load(), connections: connections.count() }),
    isReady: () => readiness.isReady(),
    retire: () => {
      readiness.retire()
      return (retiring ??= closing === undefined ? gate.retire(() => readiness.isAsked) : Promise.resolve())
    },
    close: ({ drainMs } = {}) => {
      readiness.retire()
      if (drainMs === undefined) gate.shutdown()
      return (closing ??= closeAll(gate, listener, { drainMs, graceMs: limits.closeTimeoutMs }))
    },
  }
}

/** @throws TunnelError `tunnel-insecure`, UsageError `argument-invalid` */
function proxyRules(options: TunnelServerOptions, host: string): ProxyRules | undefined {
  const { tls, trustedProxies = [], behindProxy = false } = options
  const isExposed = tls === undefined && !isLoopback(host)
  if (trustedProxies.length > 0)
    return { trusted: new TrustedProxies(trustedProxies), only: isExposed || behindProxy }
  if (behindProxy) throw new UsageError('argument-invalid', 'behindProxy needs trustedProxies')
  if (!isExposed) return undefined
  const message = `without TLS the service listens on loopback, or for trusted proxies, and not on ${host}`
  throw new TunnelError('tunnel-insecure', message)
}

function sourceFinder(
  server: Server,
  connections: Connections,
  proxies: ProxyRules | undefined,
  limits: TunnelServiceLimits,
): GateOptions['sourceOf'] {
  if (proxies === undefined) return ({ socket }) => connections.groupsOf(socket)
  const proxied = new ProxiedConnections(proxies.trusted, connections, limits.upgradeTimeoutMs)
  proxied.watch(server)
  return request => proxied.sourceOf(request)
}

async function fitToDescriptors(
  allowed: Connections,
  { maxConnections }: TunnelServiceLimits,
  onEvent: TunnelServerOptions['onEvent'],
): Promise<void> {
  const descriptors = await countDescriptors()
  const connections = allowed.fitTo(descriptors)
  if (descriptors === undefined || connections === undefined) return
  const { limit } = descriptors
  // Reported once the caller has the service.
  setImmediate(() => onEvent?.({ type: 'descriptors-short', limit, connections, maxConnections }))
}

async function closeAll(
  gate: Gate,
  listener: ListeningServer,
  { drainMs, graceMs }: { drainMs: number | undefined; graceMs: number },
): Promise<void> {
  if (drainMs !== undefined) await gate.drain(drainMs)
  await listener.close(graceMs)
  await gate.leave()
}

async function listenOrLeave(
  ...[server, connections, at, gate]: [...Parameters<typeof listen>, Gate]
): Promise<ListeningServer> {
  try {
    return await listen(server, connections, at)
  } catch (error) {
    await gate.leave()
    throw error
  }
}

/** How often Node looks for connections that are too slow, while one may be. */
const CHECKS_PER_TIMEOUT = 4

function createHttpServer(tls: TlsIdentity | undefined, limits: TunnelServiceLimits): Server {
  const options: ServerOptions = {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.upgradeTimeoutMs,
    requestTimeout: limits.upgradeTimeoutMs,
    connectionsCheckingInterval: Math.ceil(limits.upgradeTimeoutMs / CHECKS_PER_TIMEOUT),
  }
  if (tls === undefined) return createServer(options)
  checkIdentity(tls)
  return createTlsServer({ ...options, ...tls, handshakeTimeout: limits.upgradeTimeoutMs })
}

function setTls(server: Server, identity: TlsIdentity): void {
  if (!(server instanceof TlsServer))
    throw new UsageError('argument-invalid', 'setTls needs a service that began with TLS')
  checkIdentity(identity)
  server.setSecureContext({ cert: identity.cert, key: identity.key })
}

/** @throws UsageError `argument-invalid` */
function checkIdentity({ cert, key }: TlsIdentity): void {
  try {
    // OpenSSL takes empty text for no certificate at all.
    new X509Certificate(cert)
    createPrivateKey(key)
    createSecureContext({ cert, key })
  } catch (cause) {
    throw new UsageError('argument-invalid', 'tls must hold a certificate and its private key as PEM', {
      cause,
    })
  }
}
