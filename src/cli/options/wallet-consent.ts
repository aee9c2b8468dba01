import type { WalletConsent, WalletConsentRequest } from '../../virtual/virtual-wallet.js'
import { Interruption } from '../interruption.js'
import type { Invocation } from '../invocation.js'
import { confirmAt } from '../phone/consent-prompt.js'
import { printable } from '../text/printable.js'
import { ASK, REFUSALS } from './consent.js'

const MOST_ASKED = 20

/**
 * Chooses how requests for digital credentials are approved: by `--consent`, whose values for passkeys have been
 * checked. A policy that refuses passkeys also refuses these, and `ignore` leaves them unanswered.
 * @param stop fires at Ctrl-C at the prompt.
 */
export function chooseWalletConsent(
  { options, output, surroundings }: Invocation,
  stop: AbortController,
): WalletConsent {
  const who = options.requiredText('consent')
  const { stdin: input, stderr } = surroundings
  const terminal = { input, output: stderr, onInterrupt: () => stop.abort(new Interruption('SIGINT')) }
  if (who === ASK)
    return (request, signal) => confirmAt(terminal, `${walletText(request)}\nApprove? [y, or N] `, signal)
  return request => {
    output.note(`${walletText(request)}\n  decided without asking: --consent ${who}`)
    return who === 'ignore' ? new Promise<never>(() => undefined) : !REFUSALS.includes(who)
  }
}

/** The request as text, without anything that could play tricks on a terminal. */
export function walletText(request: WalletConsentRequest): string {
  const { kind, origin, protocol, asks, proximity, qrAgeSeconds } = request
  const wants =
    kind === 'issuance' ? 'wants to put a digital credential into the wallet' : 'wants a digital credential'
  const lines = [`\n${printable(origin)} ${wants} (the laptop says so; this phone cannot check it)`]
  lines.push(`  protocol: ${printable(protocol)}`)
  lines.push(...asks.slice(0, MOST_ASKED).map(claim => `  asks for: ${printable(claim)}`))
  if (asks.length === 0 && kind === 'presentation') lines.push('  asks for: what this phone cannot read')
  if (asks.length > MOST_ASKED) lines.push(`  and for ${asks.length - MOST_ASKED} more`)
  if (qrAgeSeconds !== undefined) lines.push(`  QR code: made ${qrAgeSeconds} s ago`)
  if (proximity === 'simulated') lines.push('  nearness: simulated, not shown by a radio')
  return lines.join('\n')
}
