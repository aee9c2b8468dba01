import { join } from 'node:path'
import type { Output } from '../output.js'
import type { TrialFolder } from './folder.js'
import type { TrialParty } from './party.js'
import type { Person } from './person.js'
import type { TrialRecord } from './record.js'
import { trialsRow } from './report-markdown.js'
import { namesOf, reportedSteps } from './report.js'
import { labelled } from './text.js'
import type { StepTitle } from './step.js'

/** A trial that the person has gone through, or left. */
export interface EndedTrial {
  readonly output: Output
  readonly folder: TrialFolder
  readonly party: TrialParty
  readonly person: Person
  readonly record: TrialRecord
  readonly steps: readonly StepTitle[]
  readonly signal: AbortSignal
}

const FORGET_QUESTION = 'All is done. Remove what it takes to do steps again? y yes, n no [y]: '

/** Tells where the report is, what to delete on the phone, and how to go on. @throws StoreError. */
export async function tellEnd({
  output,
  folder,
  party,
  person,
  record,
  steps,
  signal,
}: EndedTrial): Promise<void> {
  const reported = reportedSteps(record, steps)
  const left = namesOf(reported, 'not-done').length
  const passed = namesOf(reported, 'passed').length
  output.note(
    `\n${output.colors.bold('The trial')}: ${passed} of ${steps.length} steps passed, ${left} not done.`,
  )
  const { passkeys, rp } = party
  if (record.role === 'laptop' && passkeys.length > 0) output.note(deletionText(passkeys, rp.rpId))
  const isForgotten = left === 0 && (await person.ask(FORGET_QUESTION, 'y', signal))?.toLowerCase() === 'y'
  if (isForgotten) await folder.forget()
  else
    output.note(
      `Go on with: ${output.ownName} trial --resume ${folder.path}\nNever publish what is in ${folder.privateFile('')}`,
    )
  const path = join(folder.path, 'trial.md')
  output.event({ event: 'report', path, finished: left === 0 })
  output.result(
    `The report: ${path}, and trial.json beside it. Its line for TRIALS.md:\n${trialsRow(record, steps)}`,
  )
}

function deletionText(passkeys: TrialParty['passkeys'], rpId: string): string {
  const names = passkeys.map(({ account }) => account).join(', ')
  return labelled('', `Delete these passkeys of ${rpId} on the phone, if you are done: ${names}`)
}
