import { X509Certificate } from 'node:crypto'
import type { Command } from 'commander'
import { ConnectProxy } from '../../adapters/proxy/connect-proxy.js'
import type { WsDialerOptions } from '../../adapters/ws/ws.js'
import { checkedTunnelUrl } from '../../driver/tunnel-url.js'
import { SECOND_MS } from '../../ports/clock.js'
import { isLoopback } from '../../ports/loopback.js'
import type { Timeouts } from '../../session/position.js'
import { badUsage, checkUsage } from '../failure.js'
import type { GivenOptions } from './given.js'
import { readInput } from '../input.js'
import type { Surroundings } from '../surroundings.js'

/** How both roles reach the tunnel service, and how long they try. */
export interface TunnelSettings {
  /** Undefined: the domain that the tunnel service identifier stands for. */
  readonly tunnelUrl: string | undefined
  readonly dialer: WsDialerOptions
  readonly timeouts: Partial<Timeouts>
}

/** More certificates than any machine trusts. */
const MAX_PEM_BYTES = 1024 * 1024
const SECONDS = /^\d+(?:\.\d+)?$/

/** Adds the options that client and phone share. @param limited what `--timeout` limits. */
export function withTunnelOptions(command: Command, limited: string = 'the whole ceremony'): Command {
  return command
    .option(
      '--tunnel-url <url>',
      'dial wss://host:port instead of the identifier’s domain (ws:// on loopback)',
    )
    .option('--tls-ca <file>', 'certificates (PEM) to trust instead of the machine’s own')
    .option('--tls-insecure', 'trust any certificate; only with a --tunnel-url on loopback')
    .option('--proxy <url>', 'the way out of this network; unless given, HTTPS_PROXY or ALL_PROXY names it')
    .option('--no-proxy', 'no proxy, whatever the environment says')
    .option('--timeout <seconds>', `limit of ${limited}`)
}

/** @throws CommandLineError for options that are not valid. */
export async function readTunnelOptions(
  options: GivenOptions,
  surroundings: Surroundings,
): Promise<TunnelSettings> {
  const tunnelUrl = checkUsage(() => checkedTunnelUrl(options.text('tunnelUrl')))
  const insecure = options.flag('tlsInsecure')
  if (insecure && (tunnelUrl === undefined || !isLoopback(new URL(tunnelUrl).hostname)))
    throw badUsage('--tls-insecure needs a --tunnel-url on loopback')
  const caFile = options.text('tlsCa')
  const proxy = readProxy(options, tunnelUrl)
  if (insecure && proxy) throw badUsage('--tls-insecure is for the direct way, not for a --proxy')
  return {
    tunnelUrl,
    dialer: {
      insecure,
      proxy,
      env: surroundings.env,
      ...(caFile !== undefined && { ca: await readCertificates(caFile, surroundings) }),
    },
    timeouts: parseTimeout(options.text('timeout')),
  }
}

/** The environment is the place for a password: other users of the machine see the arguments of a command. */
function readProxy(options: GivenOptions, tunnelUrl: string | undefined): string | false | undefined {
  const proxy = options.text('proxy')
  if (proxy === undefined) return options.isOff('proxy') ? false : undefined
  if (ConnectProxy.parse(proxy) === undefined)
    throw badUsage('--proxy takes http://host:port or https://host:port')
  if (tunnelUrl?.startsWith('ws:') === true) throw badUsage('--proxy needs a wss:// tunnel service')
  return proxy
}

async function readCertificates(path: string, { stdin, signal }: Surroundings): Promise<string> {
  if (path === '-') throw badUsage('--tls-ca takes a file, not stdin')
  const name = '--tls-ca'
  const pem = await readInput({ path, stdin }, { name, maxBytes: MAX_PEM_BYTES, signal })
  try {
    // Node silently ignores text without a certificate, and would then trust no service.
    new X509Certificate(pem)
    return pem.toString('utf8')
  } catch (cause) {
    throw badUsage(`${name}: ${path} holds no certificate (PEM)`, { cause })
  }
}

function parseTimeout(text: string | undefined): Partial<Timeouts> {
  if (text === undefined) return {}
  const seconds = SECONDS.test(text) ? Number(text) : 0
  if (seconds > 0) return { ceremonyMs: seconds * SECOND_MS }
  throw badUsage(`--timeout takes a number of seconds above 0, not ${text}`)
}
