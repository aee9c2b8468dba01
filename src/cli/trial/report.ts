import type { TrialStepRecord, StepResult, TrialRecord } from './record.js'
import type { StepTitle } from './step.js'

/** The result of a step, or that it was not done. */
export type Outcome = StepResult | 'not-done'

/** A step of the plan with what came of it. */
export interface ReportedStep {
  readonly title: string
  readonly name: string
  readonly outcome: Outcome
  readonly record: TrialStepRecord | undefined
}

/** All steps, in the order of the plan. */
export function reportedSteps(record: TrialRecord, steps: readonly StepTitle[]): readonly ReportedStep[] {
  return steps.map(({ name, title }) => {
    const found = record.steps.find(step => step.name === name)
    return { name, title, record: found, outcome: found?.result ?? 'not-done' }
  })
}

/** The names of the steps with this outcome. */
export function namesOf(steps: readonly ReportedStep[], outcome: Outcome): readonly string[] {
  return steps.filter(step => step.outcome === outcome).map(({ name }) => name)
}

/** What `trial.json` holds: each member is named here, so that nothing else gets out. */
export function publishedJson(record: TrialRecord, steps: readonly StepTitle[]): object {
  const { role, date, version, radio, simulated, devices } = record
  return {
    format: 'fido-hybrid trial report',
    version: 1,
    fidoHybrid: version,
    date,
    role,
    radio,
    simulated,
    devices: Object.fromEntries(devices.map(({ key, answer }) => [key, answer])),
    steps: reportedSteps(record, steps).map(publishedStep),
  }
}

function publishedStep({ name, title, outcome, record }: ReportedStep): object {
  const { asDescribed, note, tries = [] } = record ?? {}
  return {
    name,
    title,
    outcome,
    ...(asDescribed !== undefined && { asDescribed }),
    ...(note !== undefined && { note }),
    tries: tries.map(({ ended, ms, stages, trace }) => ({
      ended,
      ms,
      stages: stages.map(({ event, ms: at }) => ({ event, ms: at })),
      ...(trace !== undefined && { trace }),
    })),
  }
}
