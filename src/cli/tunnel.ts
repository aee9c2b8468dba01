import type { Command } from 'commander'
import { TunnelError } from '../errors.js'
import { isLoopback } from '../ports/loopback.js'
import { serveTunnel } from '../service/tunnel-server.js'
import type { TlsIdentity } from '../service/tunnel-server.js'
import { badUsage, CommandLineError } from './failure.js'
import type { GivenOptions } from './given-options.js'
import { readInput } from './input.js'
import { untilInterrupted } from './interrupt.js'
import type { Bind, Invocation } from './invocation.js'
import { parsePort } from './port.js'
import type { Surroundings } from './surroundings.js'
import { tunnelEventsTo } from './tunnel-events.js'

const MAX_PEM_BYTES = 1024 * 1024

const EXAMPLES = `
Serves until Ctrl-C, which is exit code 0. With --json: first {"event":"listening","url":…}, then what becomes of tunnels.

Examples:
  fido-hybrid tunnel serve --port 4433
  fido-hybrid tunnel serve --port 443 --host 0.0.0.0 --tls-cert chain.pem --tls-key key.pem`

/** The tunnel service’s command. */
export function addTunnelCommands(program: Command, bind: Bind): void {
  const tunnel = program.command('tunnel').description('be the tunnel service between laptop and phone')
  const serve = tunnel
    .command('serve')
    .description('run a tunnel service; without TLS on loopback only')
    .requiredOption('--port <number>', 'port to listen on; 0 picks a free one')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--tls-cert <file>', 'certificate chain, PEM')
    .option('--tls-key <file>', 'its private key, PEM')
    .addHelpText('after', EXAMPLES)
  bind(serve, runTunnelService)
}

async function runTunnelService({ options, output, surroundings }: Invocation): Promise<void> {
  const port = parsePort('--port', options.requiredText('port'))
  const host = options.requiredText('host')
  const tls = await readIdentity(options, surroundings)
  if (tls === undefined && !isLoopback(host)) {
    const message = `--host ${host} needs --tls-cert and --tls-key; without them only loopback is served`
    throw new CommandLineError(new TunnelError('tunnel-insecure', message))
  }
  const onEvent = tunnelEventsTo(output)
  const server = await serveTunnel({ port, host, onEvent, ...(tls !== undefined && { tls }) })
  output.event({ event: 'listening', url: server.url })
  output.note(`tunnel service listening on ${server.url}`)
  await untilInterrupted(surroundings.signal)
  await server.close()
}

async function readIdentity(
  options: GivenOptions,
  { stdin, signal }: Surroundings,
): Promise<TlsIdentity | undefined> {
  const [certFile, keyFile] = [options.text('tlsCert'), options.text('tlsKey')]
  if (certFile === undefined && keyFile === undefined) return undefined
  if (certFile === undefined || keyFile === undefined) throw badUsage('--tls-cert and --tls-key go together')
  const read = (name: string, path: string): Promise<Buffer> =>
    readInput({ path, stdin }, { name, maxBytes: MAX_PEM_BYTES, signal })
  return { cert: await read('--tls-cert', certFile), key: await read('--tls-key', keyFile) }
}
