import { Option } from 'commander'
import {
  alwaysApprove,
  alwaysRefuse,
  chooseAccount,
  failVerification,
  ignoreUntilTimeout,
} from '../../virtual/consent.js'
import type { Consent } from '../../virtual/consent.js'
import { confirmAt, requestText, terminalConsent } from '../phone/consent-prompt.js'
import { badUsage } from '../failure.js'
import { Interruption } from '../interruption.js'
import type { Invocation } from '../invocation.js'
import type { Output } from '../output.js'

/** Asks the person at the terminal. */
export const ASK = 'ask'

/** Policies that decide without a question. */
const POLICIES: ReadonlyMap<string, () => Consent> = new Map([
  ['always', alwaysApprove],
  ['never', () => alwaysRefuse()],
  ['deny', () => alwaysRefuse('deny')],
  ['ignore', () => ignoreUntilTimeout()],
  ['fail-verification', failVerification],
])

const ACCOUNT = /^account:(?:#(?<place>[1-9]\d{0,3})|(?<name>[^#].*))$/s

export const CONSENT_HELP = `
--consent says how requests are approved:
  ask                  asks the person at this terminal
  always               approves everything, with the newest account
  never                refuses everything: the phone hangs up, as phones do
  deny                 refuses everything: the phone answers that the user refused
  ignore               leaves requests unanswered, until the laptop gives up or --timeout
  fail-verification    approves everything, but the screen lock does not open
  account:NAME         approves sign-ins with the account of that user name, and every registration
  account:#2           approves sign-ins with the second newest account that fits, and every registration`

/** Policies that refuse requests, and with them links and digital credentials. */
export const REFUSALS: readonly string[] = ['never', 'deny', 'ignore']

const LINK_QUESTION =
  '\nThe laptop wants to remember this phone, and to ask for it without a QR code.\nAllow? [y, or N] '

/** `--consent`, whose values `chooseConsent` knows. */
export function consentOption(): Option {
  return new Option(
    '--consent <who>',
    'how requests are approved: ask (at this terminal), or without a question as below',
  ).default(ASK)
}

/**
 * Chooses how requests are approved.
 * @param onInterrupt what Ctrl-C does at the prompt.
 * @throws CommandLineError for an unknown value, or to ask without a terminal.
 */
export function chooseConsent(
  { options, operands, output, surroundings }: Invocation,
  onInterrupt: () => void,
): Consent {
  const who = options.requiredText('consent')
  if (who !== ASK) return announced(policyOf(who), `decided without asking: --consent ${who}`, output)
  const { stdin: input, stderr } = surroundings
  if (input.isTTY !== true || operands[0] === '-')
    throw badUsage('--consent ask needs a terminal on stdin to ask at; pass --consent always or never')
  return terminalConsent({ input, output: stderr, onInterrupt })
}

function policyOf(who: string): Consent {
  const policy = POLICIES.get(who)
  if (policy !== undefined) return policy()
  const { place, name } = ACCOUNT.exec(who)?.groups ?? {}
  if (place !== undefined) return chooseAccount(Number(place))
  if (name !== undefined) return chooseAccount(name)
  throw badUsage(
    `--consent takes ${[ASK, ...POLICIES.keys()].join(', ')}, account:NAME, account:#N, not ${who}`,
  )
}

/**
 * Decides whether the laptop may remember this phone: with `--link`, the way requests are approved.
 * @param stop fires at Ctrl-C at the prompt.
 */
export function chooseLinkConsent(
  { options, surroundings }: Invocation,
  stop: AbortController,
): boolean | (() => Promise<boolean>) {
  if (!options.flag('link')) return false
  const { stdin: input, stderr: output, signal } = surroundings
  const who = options.requiredText('consent')
  if (who !== ASK) return !REFUSALS.includes(who)
  const terminal = { input, output, onInterrupt: () => stop.abort(new Interruption('SIGINT')) }
  return () => confirmAt(terminal, LINK_QUESTION, AbortSignal.any([signal, stop.signal]))
}

/** Shows a request that is decided without a question. */
function announced(consent: Consent, decision: string, output: Output): Consent {
  return {
    ask: (request, signal) => {
      output.note(`${requestText(request)}\n  ${decision}`)
      return consent.ask(request, signal)
    },
  }
}
