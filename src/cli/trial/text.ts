import { SECOND_MS } from '../../ports/clock.js'
import type { HybridError } from '../../errors.js'
import type { WebAuthnError } from '../../webauthn/webauthn-error.js'
import type { Colors } from '../text/colors.js'
import { oneLine } from '../text/printable.js'
import { wrapped } from '../text/wrapped.js'
import type { StepResult, TrialRole, TryRecord } from './record.js'
import { VERIFIED } from './step.js'
import type { StepTitle } from './step.js'

const COLUMNS = 78
const LABEL_WIDTH = 8

/** What a step asks of the person. */
interface StepWords extends StepTitle {
  readonly todo: string
  readonly seen: string
}

const BESIDES: Readonly<Record<TrialRole, string>> = {
  laptop: 'Enter ends what is under way while a code is shown; Ctrl-C ends the trial.',
  phone: 'Enter ends what is under way when nothing is asked; Ctrl-C ends the trial.',
}

/** What a person is told first. */
export function welcomeText(role: TrialRole, steps: number): string {
  const paragraphs = [
    `This leads you and two devices through ${steps} steps, in about a quarter of an hour. Both need Bluetooth switched on, and the internet.`,
    `Each step can be skipped and repeated. ${BESIDES[role]} A report of what was done is there at any time.`,
    'What you type is in the report, which is made to be published. Enter keeps an answer back.',
  ]
  return paragraphs.map(text => wrapped(text, COLUMNS).join('\n')).join('\n')
}

/** What stands above a step. */
export function headingOf(
  { title, todo, seen }: StepWords,
  number: number,
  of: number,
  { bold }: Colors,
): string {
  return [``, bold(`Step ${number} of ${of}: ${title}`), labelled('Do:', todo), labelled('See:', seen)].join(
    '\n',
  )
}

/** Text in a column beside its label. */
export function labelled(label: string, text: string): string {
  const lines = wrapped(text, COLUMNS - LABEL_WIDTH)
  return lines.map((line, row) => (row === 0 ? `  ${label}` : '').padEnd(LABEL_WIDTH) + line).join('\n')
}

/** Labels of good ends that say too little. */
const WORDS: Readonly<Record<string, string>> = {
  [VERIFIED]: 'verified by the relying party',
  'other-account': 'verified, but it is the passkey of the other account',
  'no-prf': 'verified, without secrets',
  'prf-same': 'verified, but two inputs gave the same secret',
  'no-link': 'verified, without a link',
  works: 'nothing is missing',
  'shown-again': 'shown again',
  'given-up': 'given up',
}

/** How a try ended. */
export function tryText(
  { ended, ms }: TryRecord,
  error: HybridError | WebAuthnError | undefined,
  { dim }: Colors,
): string {
  const words = ended.map(label => WORDS[label] ?? label).join(', ')
  const head = `  ${words} ${dim(`after ${(ms / SECOND_MS).toFixed(1)} s`)}`
  if (error === undefined) return head
  return [head, labelled('', oneLine(error.message)), labelled('cure:', oneLine(error.cure))].join('\n')
}

/** What the program makes of a step. */
export function judgedText(result: StepResult, { green, red, yellow }: Colors): string {
  if (result === 'passed') return green('This is how it should end.')
  return result === 'failed'
    ? red('This is not how it should end.')
    : yellow('The other device does not have this.')
}

const CHOICES = 'y yes, n no, r repeat, s skip, q quit; a note may follow'

/** Asked after a step. */
export const SEEN_QUESTION: Readonly<Record<StepResult, string>> = {
  passed: `As described? ${CHOICES} [y]: `,
  'not-offered': `As described? ${CHOICES} [y]: `,
  failed: `As described? ${CHOICES} [n]: `,
  skipped: '',
}
