import type { Command } from 'commander'
import { HybridAuthenticator } from '../authenticator/hybrid-authenticator.js'
import { tunnelServiceId } from '../bytes/brands.js'
import type { CtapHandler } from '../ports/ctap-handler.js'
import { decodeQrUrl } from '../qr/url.js'
import type { PhoneProfile } from '../virtual/phone-profile.js'
import { VirtualAuthenticator } from '../virtual/virtual-authenticator.js'
import type { VirtualAuthenticatorOptions } from '../virtual/virtual-authenticator.js'
import { chooseConsent, CONSENT_HELP, consentOption } from './consent-option.js'
import { badUsage, checkUsage } from './failure.js'
import type { Bind, Invocation } from './invocation.js'
import { PhoneWatch } from './phone-watch.js'
import { chooseProfile, profileOption } from './profile-option.js'
import { ADVERTISE_HELP, chooseAdvertiser } from './proximity-options.js'
import { readScannedUrl } from './scanned-url.js'
import { stepsTo } from './steps.js'
import { STORE_HELP, storePath, withStore } from './store-option.js'
import { readTunnelOptions, withTunnelOptions } from './tunnel-options.js'

const DIGITS = /^\d{1,5}$/

const EXAMPLES = `
Serves one transaction and ends when the laptop says goodbye. With --json each step is an event; what was done to a
passkey is {"event":"registered",…} or {"event":"signed-in",…}; {"event":"unconfirmed",…} follows when the connection broke
before the laptop said goodbye, so that the relying party may not know the new passkey. When a registration meets such a
passkey, {"event":"already-unconfirmed",…} says so: approving replaces it; where the relying party names it as one to
exclude, "phone accept" or "phone delete" ends the doubt. An answer that was no success, such as for a passkey that exists
already, is {"event":"answered","status":…} and exit code 0: the laptop got its answer. When the user refuses, the phone
hangs up: {"event":"refused",…}, then the error aborted and exit code 1.
--profile makes it behave like a real phone: ios, android (Play services) and ms-authenticator (the app, on either) have
that phone's getInfo, AAGUID and algorithms, answer one request and hang up, and hang up instead of refusing.
${CONSENT_HELP}

Examples:
  fido-hybrid phone scan FIDO:/1234… --consent always --advertise air:ws://127.0.0.1:4434/air
  fido-hybrid phone scan --image screenshot.png --tunnel-url ws://127.0.0.1:4433 --advertise stdout --json`

/** The command that answers a QR code. */
export function addScanCommand(phone: Command, bind: Bind): void {
  const scan = phone
    .command('scan')
    .description('answer one QR code: register a passkey or sign in with one')
    .argument('[url]', 'what the QR code says, FIDO:/ and digits; - reads a line from stdin')
    .option('--image <file>', 'take the QR code from a picture (PNG) instead')
    .option('--advertise <how>', ADVERTISE_HELP, 'auto')
    .option('--tunnel-service <id>', 'tunnel service identifier for the advert: 0, 1, 256 to 65535', '0')
    .option('--store <file>', STORE_HELP)
    .addOption(consentOption())
    .addOption(profileOption())
    .addHelpText('after', EXAMPLES)
  bind(withTunnelOptions(scan), answerQr)
}

async function answerQr(invocation: Invocation): Promise<void> {
  const { options, output, surroundings } = invocation
  const { tunnelUrl, tls, timeouts } = await readTunnelOptions(options, surroundings)
  const tunnelService = parseTunnelService(options.requiredText('tunnelService'))
  const atPrompt = new AbortController()
  const profile = chooseProfile(options)
  const consent = chooseConsent(invocation, () => atPrompt.abort())
  const advertiser = chooseAdvertiser(options.requiredText('advertise'), output)
  const url = await readScannedUrl(invocation)
  const platform = await surroundings.platform({ tunnel: tls, advertiser })
  // Before the store is opened: a wrong code changes nothing.
  decodeQrUrl(platform.crypto, url)
  const phone = { ...platform, tunnelUrl, tunnelServiceId: tunnelService }
  const signal = AbortSignal.any([surroundings.signal, atPrompt.signal])
  const scan = { signal, timeouts, onProgress: stepsTo(output) }
  await withStore(storePath(options, surroundings.env), async store => {
    const watch = new PhoneWatch(output)
    const handler = softwareAuthenticator({ ...platform, store, consent, profile }, watch)
    await watch.judge(new HybridAuthenticator({ ...phone, handler }).scan(url, scan))
  })
}

function softwareAuthenticator(
  parts: VirtualAuthenticatorOptions & { readonly profile: PhoneProfile },
  watch: PhoneWatch,
): CtapHandler {
  const { store, random, crypto, consent, profile } = parts
  const { onEvent, onFault } = watch
  return watch.watchedHandler(
    new VirtualAuthenticator({
      store,
      random,
      profile,
      ...(crypto !== undefined && { crypto }),
      consent: watch.watchedConsent(consent),
      onEvent,
      onFault,
    }),
  )
}

function parseTunnelService(text: string): number {
  if (!DIGITS.test(text)) throw badUsage(`--tunnel-service takes a number, not ${text}`)
  return checkUsage(() => tunnelServiceId(Number(text)))
}
