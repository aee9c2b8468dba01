import { SECOND_MS } from '../../ports/clock.js'
import { NOT_SAID } from './devices.js'
import type { TrialRecord } from './record.js'
import { namesOf, reportedSteps } from './report.js'
import type { Outcome, ReportedStep } from './report.js'
import type { StepTitle } from './step.js'

const WORDS: Readonly<Record<Outcome, string>> = {
  passed: 'passed',
  failed: 'failed',
  'not-offered': 'not offered',
  skipped: 'skipped',
  'not-done': 'not done',
}

/** The columns of the table in TRIALS.md. */
export const TRIALS_COLUMNS: readonly string[] = [
  'date',
  'our role',
  'phone',
  'laptop',
  'radio',
  'version',
  'passed',
  'and the others',
]

/** The line of TRIALS.md for this trial. */
export function trialsRow(record: TrialRecord, steps: readonly StepTitle[]): string {
  const { role, date, version } = record
  const reported = reportedSteps(record, steps)
  const others = (['failed', 'not-offered', 'skipped', 'not-done'] as const).flatMap(outcome => {
    const names = namesOf(reported, outcome)
    return names.length === 0 ? [] : [`${WORDS[outcome]}: ${names.join(', ')}`]
  })
  const passed = `${namesOf(reported, 'passed').length} of ${reported.length}`
  const phone = answers(record, ['phone', 'phoneSystem', 'passkeysIn'])
  const laptop = answers(record, ['laptop', 'laptopSystem', 'program'])
  return row([date, role, phone, laptop, radioOf(record), version, passed, others.join('; ') || 'none'])
}

/** What `trial.md` holds. */
export function publishedMarkdown(record: TrialRecord, steps: readonly StepTitle[]): string {
  const { role, date, version } = record
  return [
    `# Trial of fido-hybrid ${version} as the ${role}`,
    '',
    table(
      ['', ''],
      [
        ['date', date],
        ['phone', answers(record, ['phone', 'phoneSystem', 'passkeysIn'])],
        ['laptop', answers(record, ['laptop', 'laptopSystem', 'program'])],
        ['radio', radioOf(record)],
      ],
    ),
    '',
    table(
      ['step', 'result', 'seen as described', 'ended', 'seconds', 'note'],
      reportedSteps(record, steps).map(cells),
    ),
    '',
    'For TRIALS.md:',
    '',
    '```text',
    trialsRow(record, steps),
    '```',
    '',
  ].join('\n')
}

function radioOf({ radio, simulated }: TrialRecord): string {
  return simulated ? `${radio}, simulated: no real device` : radio
}

function answers({ devices }: TrialRecord, keys: readonly string[]): string {
  const given = keys.map(key => devices.find(device => device.key === key)?.answer ?? NOT_SAID)
  return given.filter(answer => answer !== NOT_SAID).join(', ') || NOT_SAID
}

function cells({ title, outcome, record }: ReportedStep): readonly string[] {
  const { asDescribed, note = '', tries = [] } = record ?? {}
  const seen = asDescribed === undefined ? '' : asDescribed ? 'yes' : 'no'
  const ended = tries.map(each => each.ended.join(' ')).join(', then ')
  const seconds = tries.map(({ ms }) => (ms / SECOND_MS).toFixed(1)).join(', ')
  return [title, WORDS[outcome], seen, ended, seconds, note]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')
}

function row(texts: readonly string[]): string {
  return `| ${texts.map(cell).join(' | ')} |`
}

/** Escapes what a person typed, so that it is not markup. */
function cell(text: string): string {
  return text.replace(/[\\`*_[\]<>|&#]/g, mark => `&#${mark.charCodeAt(0)};`)
}
