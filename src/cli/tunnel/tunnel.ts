import { TunnelError } from '../../errors.js'
import { SECOND_MS } from '../../ports/clock.js'
import { isLoopback } from '../../ports/loopback.js'
import type { TunnelServiceLimits } from '../../service/limits.js'
import { TrustedProxies } from '../../service/trusted-proxies.js'
import { serveTunnel } from '../../service/tunnel-server.js'
import { badUsage, checkUsage, CommandLineError } from '../failure.js'
import { endServing, untilInterrupted } from '../interrupt.js'
import type { AddCommands, Invocation } from '../invocation.js'
import { directoryOf } from '../options/directory.js'
import type { GivenOptions } from '../options/given.js'
import { LIMITS_HELP, parseLimits } from '../options/limits.js'
import { startMetrics } from '../options/metrics.js'
import { parsePort } from '../options/port.js'
import { parseRoutingSlots } from '../options/routing-slots.js'
import { heldBack, tunnelEventsTo } from '../text/tunnel.js'
import { endService } from './ending.js'
import { keepTlsUpToDate, readFirstIdentity, tlsFilesOf } from './tls-files.js'

const SECONDS = /^\d{1,5}(?:\.\d+)?$/

const EXAMPLES = `
Serves until Ctrl-C (exit code 130) or SIGTERM (exit code 0). After Ctrl-C nothing new begins: tunnels have the time of --drain to be
joined and to finish, and phones are sent away one by one over --drain-lines. A second Ctrl-C stops the wait. After SIGTERM, by which
supervisors replace a service, another stage comes first: /ready says 404, all is still served, and phones are sent elsewhere.
It lasts for --drain-lines, until a second signal, or until nothing is left to serve, if /ready was never asked.

GET /live and GET /ready at the port of the service and at that of the metrics say 200; /ready says 404 while the service retires or
less than a twentieth of maxConnections is free.
With --json: first {"event":"listening","url":…}, then what happens to tunnels and phones, by numbers that say nothing about
their users. New contents of --tls-cert and --tls-key are taken up within seconds, and at SIGHUP; tunnels and lines stay. Metrics
are Prometheus text on loopback and need the package prom-client.

Behind a proxy (HAProxy, nginx, a load balancer) limits for each address need --trusted-proxy with the proxy’s own address: then the
PROXY protocol, Forwarded or X-Forwarded-For say which client a connection counts for, and TLS may end at the proxy: without --tls-cert,
--host away from loopback serves only trusted proxies, and --behind-proxy does so everywhere. Of several services behind
one proxy each has --routing-slots of its own, by which the proxy finds the service of a tunnel.

Several services with one --directory reach each other’s phones: it is NATS (nats://host:4222, tls:// with TLS; needs the packages
@nats-io/transport-node and @nats-io/kv) or Redis (redis://host:6379, rediss:// with TLS; needs ioredis). While it is down, from the
start or later, {"event":"directory-down",…} says so and what to do, and all but calls to other services’ phones goes on. With TLS the
engine’s CA comes by NODE_EXTRA_CA_CERTS. Put a URL with a password into the environment variable FIDO_HYBRID_DIRECTORY, which
is used unless --directory is given.

Examples:
  fido-hybrid tunnel serve --port 4433
  fido-hybrid tunnel serve --port 443 --host 0.0.0.0 --tls-cert chain.pem --tls-key key.pem
  fido-hybrid tunnel serve --port 8080 --host 0.0.0.0 --trusted-proxy 10.0.0.0/24
  fido-hybrid tunnel serve --port 4433 --directory nats://10.0.0.5:4222 --instance cable-1 --routing-slots 00-7f
  fido-hybrid tunnel serve --port 4433 --metrics-port 9464 --limits maxTunnels=500,maxConnectionsPerAddress=20

Limits of …PerAddress are the share of one IPv4 address or IPv6 /64; a /56 has twice that, a /48 four times. Unless set they follow
from the limits for all: raise them where an office or a carrier comes from one address. "descriptors-short" at the start means
that the process may open fewer files (ulimit -n) than maxConnections.

Limits with their defaults, in bytes, milliseconds or pieces:
${LIMITS_HELP}`

/** The tunnel service’s command. */
export const addTunnelCommands: AddCommands = (tunnel, bind) => {
  const serve = tunnel
    .command('serve')
    .description('run a tunnel service; without TLS on loopback only')
    .requiredOption('--port <number>', 'port to listen on; 0 picks a free one')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--tls-cert <file>', 'certificate chain, PEM')
    .option('--tls-key <file>', 'its private key, PEM')
    .option(
      '--trusted-proxy <cidr>',
      'a trusted proxy in front, which tells the addresses of its clients; repeatable',
      repeated,
    )
    .option('--behind-proxy', 'serve only trusted proxies')
    .option(
      '--routing-slots <first-last>',
      'first bytes of the routing IDs given out, in hex (default: 00-ff)',
    )
    .option('--directory <url>', 'where services tell each other of phones: nats:// or redis://')
    .option('--instance <name>', 'what the directory’s engine calls this service')
    .option('--limits <name=number,…>', 'limits that differ from the defaults; names below')
    .option('--drain <seconds>', 'how long tunnels may finish after Ctrl-C or SIGTERM', '10')
    .option('--drain-lines <seconds>', 'how long sending phones elsewhere takes (default: "5")')
    .option('--metrics-port <number>', 'serve metrics on loopback at this port; 0 picks a free one')
    .addHelpText('after', EXAMPLES)
  bind(serve, runTunnelService)
}

async function runTunnelService({ options, output, surroundings }: Invocation): Promise<void> {
  const port = parsePort('--port', options.requiredText('port'))
  const host = options.requiredText('host')
  const files = tlsFilesOf(options)
  const tls = files && (await readFirstIdentity(files, surroundings))
  const trustedProxies = options.list('trustedProxy')
  checkUsage(() => new TrustedProxies(trustedProxies))
  if (tls === undefined && !isLoopback(host) && trustedProxies.length === 0) {
    const message = `--host ${host} needs --tls-cert and --tls-key, or --trusted-proxy; without them only loopback is served`
    throw new CommandLineError(new TunnelError('tunnel-insecure', message))
  }
  const behindProxy = options.flag('behindProxy')
  if (behindProxy && trustedProxies.length === 0) throw badUsage('--behind-proxy needs --trusted-proxy')
  const routingSlots = parseRoutingSlots(options.text('routingSlots'))
  const directory = directoryOf(options, surroundings)
  const limits = limitsOf(options)
  const drainMs = parseSeconds('--drain', options.requiredText('drain'))
  const metrics = await startMetrics(options.text('metricsPort'))
  try {
    const { onEvent, release } = heldBack(tunnelEventsTo(output, metrics?.counts))
    const at = { port, host, trustedProxies, behindProxy, routingSlots, tls, directory }
    const server = await serveTunnel({ ...at, limits, onEvent })
    output.event({ event: 'listening', url: server.url })
    output.note(`tunnel service listening on ${server.url}`)
    metrics?.watch(server, output)
    release()
    const endWatch =
      files && tls ? keepTlsUpToDate(files, tls, { server, output, surroundings }) : () => undefined
    await untilInterrupted(surroundings.signal)
    endWatch()
    await endService(server, { output, surroundings, drainMs })
  } finally {
    await metrics?.close()
  }
  endServing(surroundings.signal)
}

function repeated(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

/** What `--limits` says, and `--drain-lines` beside it. */
function limitsOf(options: GivenOptions): Partial<TunnelServiceLimits> {
  const limits = parseLimits(options.text('limits'))
  const drainLines = options.text('drainLines')
  if (drainLines === undefined) return limits
  if (limits.drainLinesMs !== undefined)
    throw badUsage('--drain-lines and drainLinesMs of --limits are the same')
  // A limit is an integer above 0.
  return { ...limits, drainLinesMs: Math.max(1, Math.round(parseSeconds('--drain-lines', drainLines))) }
}

function parseSeconds(name: string, text: string): number {
  if (SECONDS.test(text)) return Number(text) * SECOND_MS
  throw badUsage(`${name} takes a number of seconds, not ${text}`)
}
