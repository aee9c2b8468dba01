import { serveAirHub } from '../../adapters/air/air-hub.js'
import { UnsupportedError } from '../../errors.js'
import { serveTunnel } from '../../service/tunnel-server.js'
import { createRelyingParty } from '../../testing/relying-party.js'
import { endServing, untilInterrupted } from '../interrupt.js'
import type { AddCommands, Invocation } from '../invocation.js'
import { labGuide } from '../text/lab-guide.js'
import type { LabAddresses } from '../text/lab-guide.js'
import { serveRelyingParty } from './relying-party.js'
import type { Output } from '../output.js'
import { parsePort } from '../options/port.js'
import { tunnelEventsTo } from '../text/tunnel.js'

const EXAMPLES = `
Everything is on loopback, for trials and tests. Serves until Ctrl-C (exit code 130) or
SIGTERM (exit code 0). With --json: first
{"event":"listening","tunnelUrl":…,"airUrl":…,"relyingPartyUrl":…}, then what happens.
The relying party needs the package @simplewebauthn/server; without it only the other two servers run.

Examples:
  fido-hybrid lab
  fido-hybrid lab --tunnel-port 4433 --air-port 4434 --rp-port 8080`

/** The command that serves all that two devices need around them. */
export const addLabCommand: AddCommands = (lab, bind) => {
  lab
    .option('--tunnel-port <number>', 'port of the tunnel service; 0 picks a free one', '0')
    .option('--air-port <number>', 'port of the air hub', '0')
    .option('--rp-port <number>', 'port of the relying party', '0')
    .addHelpText('after', EXAMPLES)
  bind(lab, runLab)
}

interface Server {
  close(): Promise<void>
}

async function runLab({ options, output, surroundings }: Invocation): Promise<void> {
  const portOf = (option: string, name: string): number => parsePort(option, options.requiredText(name))
  const ports = {
    tunnel: portOf('--tunnel-port', 'tunnelPort'),
    air: portOf('--air-port', 'airPort'),
    relyingParty: portOf('--rp-port', 'rpPort'),
  }
  const servers: Server[] = []
  try {
    const started = await startServers(ports, servers, output)
    announce(started, output)
    await untilInterrupted(surroundings.signal)
  } finally {
    await Promise.all(servers.map(server => server.close()))
  }
  endServing(surroundings.signal)
}

type LabPorts = Readonly<Record<'tunnel' | 'air' | 'relyingParty', number>>

interface Started extends LabAddresses {
  /** Why the relying party is missing. */
  readonly missing?: UnsupportedError
}

/** @param servers gets each server as soon as it runs, so that it is closed in any case. */
async function startServers(ports: LabPorts, servers: Server[], output: Output): Promise<Started> {
  const tunnel = await serveTunnel({ port: ports.tunnel, onEvent: tunnelEventsTo(output) })
  servers.push(tunnel)
  const air = await serveAirHub({ port: ports.air })
  servers.push(air)
  const addresses = { tunnelUrl: tunnel.url, airUrl: air.url }
  try {
    const relyingParty = await serveRelyingParty({
      port: ports.relyingParty,
      create: origin => createRelyingParty({ origin, rpName: 'Lab' }),
      onVerified: verified => {
        output.event({ event: 'verified', ...verified })
        output.note(`verified: ${verified.ceremony}, passkey ${verified.credentialId}`)
      },
    })
    servers.push(relyingParty)
    return { ...addresses, relyingPartyUrl: relyingParty.url }
  } catch (error) {
    if (error instanceof UnsupportedError && error.code === 'package-missing')
      return { ...addresses, missing: error }
    throw error
  }
}

function announce({ missing, ...addresses }: Started, output: Output): void {
  output.event({ event: 'listening', ...addresses })
  output.result(labGuide(addresses, output.ownName))
  if (missing === undefined) return
  const { code, message, cure } = missing
  output.event({ event: 'warning', code, message, cure })
  output.note(`${output.colors.yellow('warning:')} ${message}; npm install @simplewebauthn/server`)
}
