import type { StepResult } from './record.js'
import type { TryWatch } from './try-watch.js'

/** The label of a try whose ceremony the relying party verified. Further tries of the step follow only after it. */
export const VERIFIED = 'verified'

/** One thing that the devices do in a step. */
interface StepTry<Desk> {
  /** What the person is to do; of the first try the step says it. */
  readonly todo?: string | undefined
  /** @returns the label of a good end. @throws the error of the ceremony, whose WebAuthn name and code are also labels. */
  readonly run: (desk: Desk, watch: TryWatch) => Promise<string>
}

/** What a step is called. */
export interface StepTitle {
  /** On the command line and in reports. */
  readonly name: string
  readonly title: string
}

/** A step of the trial, as data. */
export interface TrialStep<Desk> extends StepTitle {
  /** What the person is to do. */
  readonly todo: string
  /** What is to be seen there and here. */
  readonly seen: string
  /** A passkey that an earlier step made is used. */
  readonly needsPasskey?: boolean | undefined
  readonly tries: readonly StepTry<Desk>[]
  /** The labels of the last try with which the step has passed. */
  readonly passes: readonly string[]
  /** The labels that say that the other side does not have it. */
  readonly notOffered?: readonly string[] | undefined
}

/** The result of a step whose last try ended with these labels. */
export function judge<Desk>(
  { passes, notOffered = [] }: TrialStep<Desk>,
  labels: readonly string[],
): Exclude<StepResult, 'skipped'> {
  if (labels.some(label => passes.includes(label))) return 'passed'
  return labels.some(label => notOffered.includes(label)) ? 'not-offered' : 'failed'
}
