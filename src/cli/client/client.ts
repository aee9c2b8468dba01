import type { CeremonyOptions, PhoneChoice } from '../../client/hybrid-client.js'
import { HybridClient } from '../../client/hybrid-client.js'
import type { SessionTrace } from '../../driver/session-trace.js'
import { addDigitalCommand } from './digital.js'
import { unlessInterrupted } from './interrupted.js'
import { addLinksCommands } from './links.js'
import { assertCreationOptions, assertRequestOptions } from '../../client/ceremony.js'
import { badUsage } from '../failure.js'
import type { AddCommands, Invocation } from '../invocation.js'
import { readLinkOptions, toldLinks, withLinkOptions } from '../options/link.js'
import { dataChannelOption } from '../options/data-channel.js'
import { withPreconnectOption, WHILE_SHOWN } from '../options/preconnect.js'
import { SCAN_HELP, UNPROVEN_HELP } from '../options/proximity.js'
import { harmlessJson } from '../text/printable.js'
import { stepsTo } from '../text/steps.js'
import { traced, withTraceOption } from '../options/trace.js'
import { withTunnelOptions } from '../options/tunnel.js'
import { readLaptop } from './laptop.js'
import { QrDisplay } from './qr-display.js'
import { QR_IMAGE_HELP } from './qr-file.js'
import { readWebAuthnOptions } from './relying-party-json.js'

/** A registration or a sign-in. */
interface Ceremony {
  readonly event: 'credential' | 'assertion'
  run(client: HybridClient, json: unknown, options: CeremonyOptions): Promise<object>
}

const REGISTER: Ceremony = {
  event: 'credential',
  run: (client, json, options) => {
    assertCreationOptions(json)
    return client.create(json, options)
  },
}

const LOGIN: Ceremony = {
  event: 'assertion',
  run: (client, json, options) => {
    assertRequestOptions(json)
    return client.get(json, options)
  },
}

const EXAMPLES = (command: string, path: string): string => `
Prints the response for the relying party as JSON on stdout. With --json: first
{"event":"qr","url":"FIDO:/…"}, then each step, {"event":"${path}","response":…} when it is
there, and then "closed". The response is printed before the goodbye to the phone, and the phone confirms a new passkey only
at the goodbye. So a command that is killed never leaves a confirmed passkey whose response was not printed.
On a terminal the code stays whole until a phone has read it. A window that is too small, and a stderr that is not a terminal, get a link
to a picture. --qr-image draws one anyway: {"event":"qr-image","path":…} says when it is there. Pictures are private, and removed at the end.
With --remember the phone is asked for a link: {"event":"remembered","name":…} and the step "linked", when its owner allows it.
With --data-channel ble nothing goes over the internet: newer Android phones can, and older phones refuse such a code. It needs
Linux, BlueZ and the package koffi. The step "channel-connected" says that Bluetooth carries, "tunnel-connected" that the tunnel does.
With --link no QR code is shown; the phone has to be near and to serve its links ("phone serve").

Examples:
  fido-hybrid client ${command} --options options.json --origin https://login.example.com
  curl -s http://localhost:8080/options | fido-hybrid client ${command} --options - --origin http://localhost:8080 \\
    --tunnel-url ws://127.0.0.1:4433 --scan air:ws://127.0.0.1:4434/air
  fido-hybrid client ${command} --options options.json --origin https://login.example.com --link "Ada’s phone"`

/** The laptop’s commands. */
export const addClientCommands: AddCommands = (client, bind) => {
  const register = client.command('register').description('register a passkey on the phone')
  const login = client.command('login').description('sign in with a passkey of the phone')
  for (const command of [register, login]) {
    command
      .requiredOption('--options <file>', 'WebAuthn options from the relying party, JSON; - reads stdin')
      .requiredOption('--origin <url>', 'the relying party’s origin, such as https://login.example.com')
      .option('--scan <how>', SCAN_HELP, 'auto')
      .addOption(dataChannelOption())
      .option('--qr-image <file>', QR_IMAGE_HELP)
      .option('--allow-unproven-proximity', UNPROVEN_HELP)
    withPreconnectOption(withTunnelOptions(withLinkOptions(command)), WHILE_SHOWN)
  }
  register.addHelpText('after', EXAMPLES('register', REGISTER.event))
  login.addHelpText('after', EXAMPLES('login', LOGIN.event))
  bind(
    withTraceOption(register),
    traced((invocation, trace) => perform(REGISTER, invocation, trace)),
  )
  bind(
    withTraceOption(login),
    traced((invocation, trace) => perform(LOGIN, invocation, trace)),
  )
  addDigitalCommand(client, bind)
  addLinksCommands(client, bind)
}

async function perform(
  ceremony: Ceremony,
  invocation: Invocation,
  trace: SessionTrace | undefined,
): Promise<void> {
  const { options, output, surroundings } = invocation
  const { stdin, signal } = surroundings
  const laptop = await readLaptop(invocation)
  const { links: store, link } = await readLinkOptions(options, surroundings)
  if (link !== undefined && laptop.imagePath !== undefined)
    throw badUsage('--qr-image and --link: a phone that is called needs no QR code')
  if (link !== undefined && laptop.client.dataChannel !== 'tunnel')
    throw badUsage('--data-channel and --link: a phone that is called is met in the tunnel')
  const json = await readWebAuthnOptions(laptop.optionsPath, stdin, signal)
  const links = store && toldLinks(store, output, laptop.client.crypto)
  const client = new HybridClient({ ...laptop.client, links })
  const display = new QrDisplay(output, laptop.imagePath)
  const choice: PhoneChoice = link === undefined ? { onQr: qr => display.show(qr) } : { link }
  const tellStep = stepsTo(output)
  const running = ceremony.run(client, json, {
    ...choice,
    origin: options.requiredText('origin'),
    onProgress: event => {
      display.step(event)
      tellStep(event)
    },
    signal,
    trace,
    timeouts: laptop.timeouts,
    // Before the goodbye, at which the phone confirms a new passkey: its response is then printed.
    onResponse: response => {
      output.event({ event: ceremony.event, response, proximity: client.proximity })
      output.result(harmlessJson(response))
    },
  })
  await unlessInterrupted(running, signal).finally(() => display.end())
}
