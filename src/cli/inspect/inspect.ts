import { decodeQrUrl } from '../../qr/url.js'
import { badUsage } from '../failure.js'
import { explain, isHex, isQrUrl } from './explain.js'
import { explanationText } from './explanation.js'
import type { AddCommands, Invocation } from '../invocation.js'

const EXAMPLES = `
Hex is read as what fits best: a post-handshake map, a typed message, a CTAP2 request or response, a QR payload,
service data of an advert, one side of a BLE data channel. Everything except these two has to be decrypted already. CBOR
that devices refuse is shown with the reason, if the optional package cbor-x is installed. Spaces and colons between digits are fine.
A file that --trace made is drawn as a timeline: what took how long, where it broke, the usual causes and what to try.
With --json: {"event":"inspected","kind":…,"about":…,"members":{…}}.

Examples:
  fido-hybrid inspect FIDO:/1234…
  fido-hybrid inspect 5f0c…9a --qr FIDO:/1234…
  fido-hybrid inspect 01a5…
  fido-hybrid inspect laptop.trace --html laptop.html`

/** The command that explains bytes. */
export const addInspectCommand: AddCommands = (inspect, bind) => {
  inspect
    .argument('<input>', 'FIDO:/ and digits, hex, or a file with a trace')
    .option('--qr <url>', 'the input is an advert; open it with this QR code')
    .option('--secrets', 'show secrets too')
    .option('--html <file>', 'make a page of HTML of a trace')
    .addHelpText('after', EXAMPLES)
  bind(inspect, runInspect)
}

async function runInspect(invocation: Invocation): Promise<void> {
  const { options, operands, output, surroundings } = invocation
  const input = (operands[0] ?? '').trim()
  if (!isQrUrl(input) && !isHex(input)) {
    const { inspectTrace } = await import('./trace.js')
    await inspectTrace(input, invocation)
    return
  }
  if (options.text('html') !== undefined) throw badUsage('--html is for traces')
  const { crypto, clock } = surroundings.platform({})
  const context = { crypto, showSecrets: options.flag('secrets'), now: clock.epochSeconds() }
  const qrUrl = options.text('qr')?.trim()
  if (qrUrl !== undefined && isQrUrl(input))
    throw badUsage('--qr is for adverts; the input is a QR code itself')
  const opener = qrUrl === undefined ? undefined : decodeQrUrl(qrUrl)
  const { kind, about, members } = await explain(input, opener, context)
  output.event({ event: 'inspected', kind, about, members })
  output.result(explanationText({ kind, about, members }))
}
