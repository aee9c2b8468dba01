/** How a step came out: the phone may have nothing to do it with, which is no failure. */
export type StepResult = 'passed' | 'failed' | 'not-offered' | 'skipped'

/** A stage that a ceremony reached. */
export interface StageRecord {
  readonly event: string
  /** Since the ceremony began. */
  readonly ms: number
}

/** One try, as far as it may be published: no label, event or path holds what a device sent. */
export interface TryRecord {
  /** The label of a good end, or WebAuthn’s name and the code of an error. */
  readonly ended: readonly string[]
  readonly ms: number
  readonly stages: readonly StageRecord[]
  /** The trace, beside the report. */
  readonly trace?: string | undefined
}

/** One step, as far as it may be published. */
export interface TrialStepRecord {
  readonly name: string
  readonly result: StepResult
  /** Whether the person saw what the step describes. */
  readonly asDescribed?: boolean | undefined
  /** What the person typed for the report. */
  readonly note?: string | undefined
  readonly tries: readonly TryRecord[]
}

/** The role of this command in a trial. */
export type TrialRole = 'laptop' | 'phone'

/** What the person typed about a device. */
export interface DeviceRecord {
  readonly key: string
  readonly answer: string
}

/** All of a trial that may be published. */
export interface TrialRecord {
  readonly role: TrialRole
  /** The day it began, `YYYY-MM-DD`. */
  readonly date: string
  /** The version of this package. */
  readonly version: string
  /** The kind of radio, such as `bluez`. */
  readonly radio: string
  /** Whether nearness rested on a simulated radio. */
  readonly simulated: boolean
  readonly devices: readonly DeviceRecord[]
  readonly steps: readonly TrialStepRecord[]
}

/** The record with this step in the place of an earlier one of the same name, or last. */
export function withStep(record: TrialRecord, step: TrialStepRecord): TrialRecord {
  const isSame = ({ name }: TrialStepRecord): boolean => name === step.name
  const steps = record.steps.some(isSame)
    ? record.steps.map(each => (isSame(each) ? step : each))
    : [...record.steps, step]
  return { ...record, steps }
}
