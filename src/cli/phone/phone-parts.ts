import type { Command } from 'commander'
import { openFilePhoneIdentityStore } from '../../adapters/stores/file-phone-identity-store.js'
import { HybridAuthenticator } from '../../authenticator/hybrid-authenticator.js'
import type { HybridAuthenticatorOptions } from '../../authenticator/hybrid-authenticator.js'
import type { PhoneLinking } from '../../authenticator/phone-links.js'
import { tunnelServiceId } from '../../bytes/brands.js'
import type { CredentialStore } from '../../ports/credential-store.js'
import type { JsonHandler } from '../../ports/ctap-handler.js'
import type { PhoneIdentityStore } from '../../ports/phone-identity-store.js'
import type { Timeouts } from '../../session/position.js'
import type { Consent } from '../../virtual/consent.js'
import type { PhoneProfile } from '../../virtual/phone-profile.js'
import { VirtualAuthenticator } from '../../virtual/virtual-authenticator.js'
import { chooseConsent, consentOption } from '../options/consent.js'
import { badUsage, checkUsage } from '../failure.js'
import { Interruption } from '../interruption.js'
import type { Invocation } from '../invocation.js'
import type { PhoneWatch } from './watch.js'
import { algorithmsOption, chooseAlgorithms } from '../options/algorithms.js'
import { readPhoneRadio } from '../options/data-channel.js'
import { chooseProfile, profileOption } from '../options/profile.js'
import { ADVERTISE_HELP, UNPROVEN_HELP } from '../options/proximity.js'
import { phoneLinkLine, phoneLinkMembers } from '../text/link.js'
import { IDENTITY_HELP, identityPath, STORE_HELP, storePath } from '../options/store.js'
import { readTunnelOptions, withTunnelOptions } from '../options/tunnel.js'

/** What laptops show for a phone whose owner gives it no name. */
export const DEFAULT_PHONE_NAME = 'fido-hybrid phone'

const DIGITS = /^\d{1,5}$/

/** The parts of a phone, without its passkeys. */
export interface PhoneParts {
  /** Where its passkeys are. */
  readonly store: string
  readonly consent: Consent
  readonly profile: PhoneProfile
  /** COSE identifiers; undefined: those of the profile. */
  readonly algorithms: readonly number[] | undefined
  readonly timeouts: Partial<Timeouts>
  /** Fires at Ctrl-C, at the prompt too. */
  readonly signal: AbortSignal
  readonly platform: Omit<HybridAuthenticatorOptions, 'handler'>
}

/** Adds the options of a phone that answers laptops. @param limited what `--timeout` limits. */
export function withPhoneOptions(command: Command, limited?: string): Command {
  command
    .option('--advertise <how>', ADVERTISE_HELP, 'auto')
    .option('--allow-unproven-proximity', UNPROVEN_HELP)
    .option('--tunnel-service <id>', 'tunnel service identifier for the advert: 0, 1, 256 to 65535', '0')
    .option('--store <file>', STORE_HELP)
    .option('--identity <file>', IDENTITY_HELP)
    .addOption(consentOption())
    .addOption(profileOption())
    .addOption(algorithmsOption())
  return withTunnelOptions(command, limited)
}

/** @param stop ends the run, as Ctrl-C at the prompt does. @throws CommandLineError for options that are not valid. */
export async function readPhoneOptions(invocation: Invocation, stop: AbortController): Promise<PhoneParts> {
  const { options, output, surroundings } = invocation
  const { tunnelUrl, dialer, timeouts } = await readTunnelOptions(options, surroundings)
  const tunnelService = parseTunnelService(options.requiredText('tunnelService'))
  const profile = chooseProfile(options)
  const consent = chooseConsent(invocation, () => stop.abort(new Interruption('SIGINT')))
  const { advertiser, ...channels } = readPhoneRadio(options, output)
  const platform = surroundings.platform({ tunnel: dialer, advertiser })
  const algorithms = await chooseAlgorithms(options, platform)
  return {
    store: storePath(options, surroundings.env),
    consent,
    profile,
    algorithms,
    timeouts,
    signal: AbortSignal.any([surroundings.signal, stop.signal]),
    platform: {
      ...platform,
      ...channels,
      tunnelUrl,
      tunnelServiceId: tunnelService,
      allowUnprovenProximity: options.flag('allowUnprovenProximity'),
    },
  }
}

/** @throws CommandLineError for a profile of phones that do not link. */
export function requireLinkingProfile({ updates }: PhoneProfile, what: string): void {
  if (updates === 'never') throw badUsage(`${what}: the phone of this --profile never links`)
}

/** Makes the phone. @throws CommandLineError for a name that does not fit; HybridError. */
export function phoneOf(
  { platform, consent, profile, algorithms }: PhoneParts,
  watch: PhoneWatch,
  store: CredentialStore,
  linking: PhoneLinking,
  wallet?: JsonHandler,
): HybridAuthenticator {
  const { random, crypto } = platform
  const { onEvent, onFault } = watch
  const handler = watch.watchedHandler(
    new VirtualAuthenticator({
      store,
      random,
      profile,
      algorithms,
      crypto,
      wallet,
      consent: watch.watchedConsent(consent),
      onEvent,
      onFault,
    }),
  )
  // A phone that could link sends its update whether or not it links, so that the size does not tell.
  const links = profile.updates === 'never' ? {} : { linking }
  return checkUsage(() => new HybridAuthenticator({ ...platform, ...links, handler }))
}

/** How the phone can be linked; its identity is looked for when it is needed. */
export function linkingOf({ options, output, surroundings }: Invocation): PhoneLinking {
  const path = identityPath(options, surroundings.env)
  return {
    name: options.text('name') ?? DEFAULT_PHONE_NAME,
    store: identityIn(path),
    onEvent: ({ link }) => {
      output.event({ event: 'link-evicted', ...phoneLinkMembers(link) })
      output.note(`unlinked, to make room for a newer link: ${phoneLinkLine(link)}`)
    },
  }
}

function identityIn(path: string): PhoneIdentityStore {
  return {
    load: async () => (await openFilePhoneIdentityStore(path)).load(),
    update: async change => (await openFilePhoneIdentityStore(path)).update(change),
  }
}

function parseTunnelService(text: string): number {
  if (!DIGITS.test(text)) throw badUsage(`--tunnel-service takes a number, not ${text}`)
  return checkUsage(() => tunnelServiceId(Number(text)))
}
