import type { Command } from 'commander'
import { HybridClient } from '../../client/hybrid-client.js'
import type { DigitalCredentialOptions } from '../../digital/digital-request.js'
import type { SessionTrace } from '../../driver/session-trace.js'
import type { Bind, Invocation } from '../invocation.js'
import { dataChannelOption } from '../options/data-channel.js'
import { withPreconnectOption, WHILE_SHOWN } from '../options/preconnect.js'
import { SCAN_HELP, UNPROVEN_HELP } from '../options/proximity.js'
import { traced, withTraceOption } from '../options/trace.js'
import { withTunnelOptions } from '../options/tunnel.js'
import { harmlessJson } from '../text/printable.js'
import { stepsTo } from '../text/steps.js'
import { unlessInterrupted } from './interrupted.js'
import { readLaptop } from './laptop.js'
import { QrDisplay } from './qr-display.js'
import { QR_IMAGE_HELP } from './qr-file.js'
import { readWebAuthnOptions } from './relying-party-json.js'

const EXAMPLES = `
Prints what the wallet gave as JSON on stdout: {"protocol":…,"data":…}; the verifier has to check it. With --json: first
{"event":"qr","url":"FIDO:/…"}, then each step, and last {"event":"digital","response":…}.
The options are {"requests":[{"protocol":"openid4vp-v1-unsigned","data":{…}}]}; requests in unknown protocols are left out.
The phone cannot check the origin: it shows its user what this command says.

Examples:
  fido-hybrid client digital --options request.json --origin https://verifier.example
  fido-hybrid client digital --options - --origin http://localhost:8080 --json \\
    --tunnel-url ws://127.0.0.1:4433 --scan air:ws://127.0.0.1:4434/air < request.json`

/** The command that asks a phone’s wallet for a digital credential. */
export function addDigitalCommand(client: Command, bind: Bind): void {
  const digital = client
    .command('digital')
    .description('ask the phone’s wallet for a digital credential')
    .requiredOption('--options <file>', 'requests from the verifier, JSON; - reads stdin')
    .requiredOption('--origin <url>', 'the verifier’s origin, such as https://verifier.example')
    .option('--scan <how>', SCAN_HELP, 'auto')
    .addOption(dataChannelOption())
    .option('--qr-image <file>', QR_IMAGE_HELP)
    .option('--allow-unproven-proximity', UNPROVEN_HELP)
    .addHelpText('after', EXAMPLES)
  withPreconnectOption(withTunnelOptions(digital), WHILE_SHOWN)
  bind(withTraceOption(digital), traced(askWallet))
}

async function askWallet(invocation: Invocation, trace: SessionTrace | undefined): Promise<void> {
  const { options, output, surroundings } = invocation
  const { stdin, signal } = surroundings
  const laptop = await readLaptop(invocation)
  // `getDigital` checks it.
  const json = (await readWebAuthnOptions(laptop.optionsPath, stdin, signal)) as DigitalCredentialOptions
  const client = new HybridClient(laptop.client)
  const display = new QrDisplay(output, laptop.imagePath)
  const tellStep = stepsTo(output)
  const running = client.getDigital(json, {
    origin: options.requiredText('origin'),
    onQr: qr => display.show(qr),
    onProgress: event => {
      display.step(event)
      tellStep(event)
    },
    signal,
    trace,
    timeouts: laptop.timeouts,
  })
  const response = await unlessInterrupted(running, signal).finally(() => display.end())
  output.event({ event: 'digital', response, proximity: client.proximity })
  output.result(harmlessJson(response))
}
