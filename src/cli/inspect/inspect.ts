import { decodeHex } from '../../bytes/hex.js'
import { DecodeError } from '../../errors.js'
import { decodeQrPayload } from '../../qr/payload.js'
import { decodeQrUrl } from '../../qr/url.js'
import { badUsage } from '../failure.js'
import { explainAdvert, explainSealedAdvert } from './advert.js'
import { explainDataChannel } from './data-channel.js'
import { CTAP_GUESSES, VAGUE_CTAP_GUESSES } from './ctap.js'
import { explanationText } from './explanation.js'
import type { Explanation, Guess, GuessContext } from './explanation.js'
import { firstFit } from './guess.js'
import { explainLooseCbor } from './loose-cbor.js'
import { explainCbor, explainLinking, explainMessage, explainPostHandshake } from './message.js'
import { explainQr } from './qr.js'
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

const HEX = /^(?:[0-9a-f]|[\s:])*$/i

async function runInspect(invocation: Invocation): Promise<void> {
  const { options, operands, output, surroundings } = invocation
  const input = (operands[0] ?? '').trim()
  if (!isQrUrl(input) && !HEX.test(input)) {
    const { inspectTrace } = await import('./trace.js')
    await inspectTrace(input, invocation)
    return
  }
  if (options.text('html') !== undefined) throw badUsage('--html is for traces')
  const { crypto, clock } = surroundings.platform({})
  const context = { crypto, showSecrets: options.flag('secrets'), now: clock.epochSeconds() }
  const { kind, about, members } = await explain(input, options.text('qr')?.trim(), context)
  output.event({ event: 'inspected', kind, about, members })
  output.result(explanationText({ kind, about, members }))
}

function isQrUrl(input: string): boolean {
  return /^fido:/i.test(input)
}

async function explain(
  input: string,
  qrUrl: string | undefined,
  context: GuessContext,
): Promise<Explanation> {
  const { crypto } = context
  const isUrl = isQrUrl(input)
  if (isUrl && qrUrl !== undefined) throw badUsage('--qr is for adverts; the input is a QR code itself')
  if (isUrl) return explainQr(decodeQrUrl(input), context)
  const bytes = decodeHex(input.replace(/[\s:]/g, ''))
  return qrUrl === undefined ? explainFrame(bytes, context) : explainAdvert(crypto, bytes, decodeQrUrl(qrUrl))
}

const explainQrPayload: Guess = (bytes, context) => explainQr(decodeQrPayload(bytes), context)

/** The likeliest first: what is strict about its members stands before what takes nearly everything. */
const GUESSES: readonly Guess[] = [
  explainPostHandshake,
  explainLinking,
  explainQrPayload,
  explainDataChannel,
  ...CTAP_GUESSES,
  explainMessage,
  ...VAGUE_CTAP_GUESSES,
  explainCbor,
  explainSealedAdvert,
]

async function explainFrame(bytes: Uint8Array, context: GuessContext): Promise<Explanation> {
  const found = firstFit(GUESSES, bytes, context) ?? (await explainLooseCbor(bytes, context))
  if (found !== undefined) return found
  throw new DecodeError('message-malformed', `these ${bytes.length} bytes fit no message of the protocol`)
}
