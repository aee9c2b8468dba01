import type { Command } from 'commander'
import { openFileCredentialStore } from '../../adapters/stores/file-credential-store.js'
import { readScannedCode } from '../../authenticator/scanned-code.js'
import type { SessionTrace } from '../../driver/session-trace.js'
import { chooseLinkConsent, CONSENT_HELP } from '../options/consent.js'
import type { Bind, Invocation } from '../invocation.js'
import { connectAhead } from './ahead.js'
import {
  DEFAULT_PHONE_NAME,
  linkingOf,
  phoneOf,
  readPhoneOptions,
  requireLinkingProfile,
  withPhoneOptions,
} from './phone-parts.js'
import { readWallet } from './wallet.js'
import { PhoneWatch } from './watch.js'
import { dataChannelOption } from '../options/data-channel.js'
import { withPreconnectOption } from '../options/preconnect.js'
import { chooseTrust, fromOption } from '../options/qr-trust.js'
import { traced, withTraceOption } from '../options/trace.js'
import { readScannedUrl } from './scanned-url.js'
import { stepsTo } from '../text/steps.js'

const EXAMPLES = `
Serves one transaction and ends when the laptop says goodbye. With --json each step is an event; what was done to a
passkey is {"event":"registered",…} or {"event":"signed-in",…}; {"event":"unconfirmed",…} follows when the connection broke
before the laptop said goodbye, so that the relying party may not know the new passkey. When a registration meets such a
passkey, {"event":"already-unconfirmed",…} says so: approving replaces it, like a passkey that works, once the new one is
confirmed; where the relying party excludes it, use "phone accept" or "phone delete" first. An answer
other than success, such as for a passkey that exists already, is {"event":"answered","status":…} and exit code 0: the
laptop got its answer. When the user refuses, the phone hangs up: {"event":"refused",…}, then the error aborted and exit
code 1.
--profile makes it behave like a real phone: ios, android (Play services) and ms-authenticator (the app, on either) have
that phone's getInfo, AAGUID and algorithms, answer one request and hang up, and hang up instead of refusing.
--algorithms ML-DSA-44,ES256 makes post-quantum passkeys for relying parties that list them before the others: no real phone has them
yet. They need Node 24.7 or newer, or: npm install @noble/post-quantum.
With --link the laptop may remember this phone, if it asks to; --consent ask also asks about that. "phone serve" then
answers its calls. Where the list of laptops is full, the laptop that was not used for longest is removed once the new one has kept
its link: {"event":"link-evicted","linkId":…}.
With --wallet the phone also answers requests for digital credentials: with the credential that FILE has for the first requested
protocol that is in it; decline refuses them, wait never answers. What was done is {"event":"presented",…} or {"event":"issued",…}, and
{"event":"answered","status":"NO_CREDENTIAL"} where nothing matches. Without --wallet the phone offers no
credentials; the one of --profile ios offers them, and then has none.
With --data-channel ble or auto the phone takes a channel of Bluetooth where the code offers one, and its advert says so; ble asks no
tunnel service for anything. On Linux that is for trying things out: see "A data channel" in src/bluetooth.md.
${CONSENT_HELP}

A URL that you type or paste is --from paste. A program that opens FIDO:/ URLs (a desktop's x-scheme-handler) has to add
--from opened-url: then the code is refused, because any web page can open such a URL on a phone near its own laptop.

Examples:
  fido-hybrid phone scan FIDO:/1234… --consent always --advertise air:ws://127.0.0.1:4434/air
  fido-hybrid phone scan --image screenshot.png --tunnel-url ws://127.0.0.1:4433 --advertise stdout --json
  fido-hybrid phone scan FIDO:/1234… --link --name "Ada’s phone"`

/** The command that answers a QR code. */
export function addScanCommand(phone: Command, bind: Bind): void {
  const scan = phone
    .command('scan')
    .description('answer one QR code: register a passkey or sign in with one')
    .argument('[url]', 'what the QR code says, FIDO:/ and digits; - reads a line from stdin')
    .option('--image <file>', 'take the QR code from a picture (PNG) instead')
    .option('--link', 'let the laptop remember this phone')
    .option('--name <name>', 'what the laptop then calls it, at most 128 bytes', DEFAULT_PHONE_NAME)
    .option('--wallet <file>', 'have a wallet: JSON {"<protocol>": {…}}; or decline, or wait')
    .addOption(dataChannelOption())
    .addOption(fromOption())
    .option('--allow-opened-urls', 'with --from opened-url: answer, though any web page can open such a URL')
    .option('--max-qr-age <seconds>', 'refuse codes that say that they are older (default 600)')
    .addHelpText('after', EXAMPLES)
  withPreconnectOption(withPhoneOptions(scan), 'while the code is read')
  bind(withTraceOption(scan), traced(answerQr))
}

async function answerQr(invocation: Invocation, trace: SessionTrace | undefined): Promise<void> {
  const { options, output } = invocation
  const trust = chooseTrust(options)
  const stop = new AbortController()
  const parts = await readPhoneOptions(invocation, stop)
  const remember = chooseLinkConsent(invocation, stop)
  if (options.flag('link')) requireLinkingProfile(parts.profile, '--link')
  const { timeouts, signal, platform } = parts
  const watch = new PhoneWatch(output)
  const wallet = await readWallet(invocation, stop, watch)
  const connection = connectAhead(invocation, parts, trust)
  try {
    const url = await readScannedUrl(invocation)
    // Before the store is opened: a wrong code changes nothing.
    readScannedCode(url, trust, platform.clock.epochSeconds())
    const scan = { ...trust, remember, signal, timeouts, trace, onProgress: stepsTo(output) }
    const store = await openFileCredentialStore(parts.store)
    const phone = phoneOf(parts, watch, store, linkingOf(invocation), wallet)
    await watch.judge(phone.scan(url, scan))
  } finally {
    await connection?.close()
  }
}
