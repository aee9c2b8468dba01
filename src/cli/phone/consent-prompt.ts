import { encodeBase64url } from '../../bytes/base64url.js'
import type {
  Consent,
  ConsentAccount,
  ConsentAnswer,
  ConsentOperation,
  ConsentRequest,
} from '../../virtual/consent.js'
import { question } from '../question.js'
import type { Terminal } from '../question.js'
import { accountText, replacedText, unconfirmedText } from '../text/passkey.js'
import { printable, printableRpId } from '../text/printable.js'

/** What phones do when their user refuses. */
const REFUSED: ConsentAnswer = { approved: false, how: 'hang-up' }
const YES = /^y(?:es)?$/i
const NUMBER = /^[1-9]\d{0,3}$/

/** Asks the person at the terminal; the answer also stands for user verification. */
export function terminalConsent(terminal: Terminal): Consent {
  return { ask: (request, signal) => ask(terminal, request, signal) }
}

async function ask(terminal: Terminal, request: ConsentRequest, signal: AbortSignal): Promise<ConsentAnswer> {
  return answerOf(await question(terminal, promptText(request), signal), request)
}

/** Asks for a yes; everything else is a no. */
export async function confirmAt(terminal: Terminal, text: string, signal: AbortSignal): Promise<boolean> {
  return YES.test((await question(terminal, text, signal))?.trim() ?? '')
}

function answerOf(answer: string | undefined, { accounts, operation }: ConsentRequest): ConsentAnswer {
  const text = answer?.trim() ?? ''
  if (YES.test(text)) return { approved: true, userVerified: true }
  const chosen = NUMBER.test(text) ? Number(text) : Infinity
  if (operation !== 'sign-in' || chosen > accounts.length) return REFUSED
  return { approved: true, userVerified: true, account: chosen - 1 }
}

const ASKS: Readonly<Record<Exclude<ConsentOperation, 'select'>, string>> = {
  register: 'wants to register a passkey',
  'sign-in': 'wants you to sign in',
  'already-registered': 'wants to register a passkey, but this phone has one already; approving tells it so',
}

/** The prompt as text, without anything that could play tricks on a terminal. */
export function promptText(request: ConsentRequest): string {
  const { operation, accounts } = request
  const choice = operation === 'sign-in' && accounts.length > 1 ? `y for 1, 2 to ${accounts.length}` : 'y'
  return `${requestText(request)}\nApprove? [${choice}, or N] `
}

/** The request without the question, as harmless to the terminal. */
export function requestText(request: ConsentRequest): string {
  const { operation, user, accounts } = request
  const lines = [`\n${headline(request)}`]
  if (user !== undefined) lines.push(`  account: ${accountText(user.name, user.displayName)}`)
  if (operation === 'sign-in') lines.push(...accounts.map(accountLine))
  if (operation !== 'sign-in') lines.push(...accounts.flatMap(account => metLines(account, operation)))
  return [...lines, ...nearnessLines(request)].join('\n')
}

function headline({ operation, rpId, rpName }: ConsentRequest): string {
  if (operation === 'select') return 'The laptop asks whether to use this phone'
  const name = rpName === '' || rpName === rpId ? '' : ` (${printable(rpName)})`
  return `${printableRpId(rpId)}${name} ${ASKS[operation]}`
}

/** Lines that show whether the request comes from the laptop in front of the user. */
function nearnessLines({ qrAgeSeconds, proximity }: ConsentRequest): string[] {
  const lines = qrAgeSeconds === undefined ? [] : [`  QR code: made ${qrAgeSeconds} s ago`]
  if (proximity === 'simulated') lines.push('  nearness: simulated, not shown by a radio')
  return lines
}

/** The passkeys that a registration meets: those that work, and those that an earlier try left unconfirmed. */
function metLines(
  { confirmed, credentialId, createdAt }: ConsentAccount,
  operation: ConsentOperation,
): string[] {
  const id = encodeBase64url(credentialId)
  if (!confirmed) return [`  ${unconfirmedText(operation)} (${id})`]
  return operation === 'register' ? [`  ${replacedText(createdAt)} (${id})`] : []
}

function accountLine({ userName, userDisplayName, confirmed }: ConsentAccount, index: number): string {
  const mark = confirmed ? '' : ' (never confirmed)'
  return `  ${index + 1}: ${accountText(userName, userDisplayName)}${mark}`
}
