import { openFileCredentialStore } from '../../adapters/stores/file-credential-store.js'
import { HybridAuthenticator } from '../../authenticator/hybrid-authenticator.js'
import type { HybridAuthenticatorOptions } from '../../authenticator/hybrid-authenticator.js'
import type { CredentialStore } from '../../ports/credential-store.js'
import type { PhoneProfile } from '../../virtual/phone-profile.js'
import { VirtualAuthenticator } from '../../virtual/virtual-authenticator.js'
import { VirtualWallet } from '../../virtual/virtual-wallet.js'
import { badUsage, CommandLineError } from '../failure.js'
import type { Invocation } from '../invocation.js'
import { parsePort } from '../options/port.js'
import { chooseProfile } from '../options/profile.js'
import { chooseAdvertiser } from '../options/proximity.js'
import { readTunnelOptions } from '../options/tunnel.js'
import type { TunnelSettings } from '../options/tunnel.js'
import { walletText } from '../options/wallet-consent.js'
import { confirmAt, terminalConsent } from '../phone/consent-prompt.js'
import { codeIn } from './code-input.js'
import { examine } from './examination.js'
import { readWait } from './options.js'
import { TrialPage } from './page-server.js'
import { PhoneDesk } from './phone-desk.js'
import { PHONE_STEPS } from './phone-steps.js'
import { TrialPhone } from './phone.js'
import { radioKind } from './role-plan.js'
import type { BegunTrial, RolePlan } from './role-plan.js'

const CODE_QUESTION = 'A screenshot of the code (PNG), or its text [none]: '
const APPROVE_QUESTION = 'Approve? [y, or N] '
/** What the wallet gives: it proves nothing. */
const MADE_UP = { 'openid4vp-v1-unsigned': { vp_token: { licence: ['made up'] } } }

/** What the command line says of the phone. */
interface PhoneSettings {
  readonly advertise: string
  readonly tunnel: TunnelSettings
  readonly waitMs: number
  readonly profile: PhoneProfile
  readonly platform: Omit<HybridAuthenticatorOptions, 'handler'>
}

/** This machine is the phone, and meets the browser of a laptop. */
export const PHONE_PLAN: RolePlan<PhoneDesk> = {
  role: 'phone',
  steps: PHONE_STEPS,
  prepare: async invocation => {
    const { options, output } = invocation
    const settings = await readSettings(invocation)
    const page = await TrialPage.serve(parsePort('--page-port', options.requiredText('pagePort')))
    return {
      radio: radioKind(settings.advertise),
      origin: page.url,
      close: () => page.close(),
      open: trial => {
        output.note(`Open this page in the browser of the laptop: ${page.url}/\n`)
        return openDesk(trial, page, settings)
      },
    }
  },
}

async function readSettings({ options, output, surroundings }: Invocation): Promise<PhoneSettings> {
  if (options.flag('yes')) throw badUsage('--yes: somebody has to give the codes that the browser shows')
  if (options.text('origin') !== undefined) throw badUsage('--origin: the page of the trial has its own')
  const advertise = options.requiredText('advertise')
  const tunnel = await readTunnelOptions(options, surroundings)
  const advertiser = chooseAdvertiser(advertise, output)
  return {
    advertise,
    tunnel,
    waitMs: readWait(options),
    profile: chooseProfile(options),
    platform: {
      ...surroundings.platform({ tunnel: tunnel.dialer, advertiser }),
      tunnelUrl: tunnel.tunnelUrl,
      allowUnprovenProximity: options.flag('allowUnprovenProximity'),
    },
  }
}

async function openDesk(
  trial: BegunTrial,
  page: TrialPage,
  { advertise, tunnel, waitMs, profile, platform }: PhoneSettings,
): Promise<PhoneDesk> {
  const { folder, party, invocation } = trial
  const store = await openFileCredentialStore(folder.privateFile('passkeys.json'))
  const phone = phoneOf(trial, store, profile, platform)
  const askCode = (signal: AbortSignal): Promise<string | undefined> => askForCode(trial, signal)
  return new PhoneDesk({
    phone: new TrialPhone({ phone, page, timeouts: tunnel.timeouts, waitMs, askCode }),
    party,
    examine: () => examine('phone', { ...invocation, tunnel, scan: 'auto', advertise }),
  })
}

/** The phone, whose user is asked at the terminal. */
function phoneOf(
  { person, terminal }: BegunTrial,
  store: CredentialStore,
  profile: PhoneProfile,
  platform: Omit<HybridAuthenticatorOptions, 'handler'>,
): HybridAuthenticator {
  const consent = terminalConsent(terminal)
  const handler = new VirtualAuthenticator({
    store,
    profile,
    random: platform.random,
    crypto: platform.crypto,
    consent: { ask: (request, signal) => person.aside(() => consent.ask(request, signal)) },
    wallet: new VirtualWallet({
      credentials: MADE_UP,
      consent: (request, signal) =>
        person.aside(() => confirmAt(terminal, `${walletText(request)}\n${APPROVE_QUESTION}`, signal)),
    }),
  })
  return new HybridAuthenticator({ ...platform, handler })
}

/** Asks until the code is there. */
async function askForCode(
  { person, invocation }: BegunTrial,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { output, surroundings } = invocation
  for (;;) {
    const given = await person.ask(CODE_QUESTION, '', signal)
    if (given === undefined || given === '') return undefined
    try {
      return await codeIn(given, surroundings.stdin, signal)
    } catch (error) {
      if (!(error instanceof CommandLineError)) throw error
      output.note(error.message)
    }
  }
}
