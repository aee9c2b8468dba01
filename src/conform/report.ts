import type { CaseFacts, CaseReport, Level, Role } from './case.js'

/** Counts up when a reader of the form before would not do any more. */
const REPORT_VERSION = 1

/** How many of a level passed. */
export interface Tally {
  readonly passed: number
  readonly failed: number
}

/** A case about what the command cannot do. */
interface CaseLeftOut extends CaseFacts {
  readonly why: string
}

/** A report in the form that README.md describes. */
export interface ConformReport {
  readonly format: 'fido-hybrid-conform'
  readonly version: typeof REPORT_VERSION
  /** `fido-hybrid` of this version played the cases. */
  readonly runner: string
  readonly role: Role
  /** The command under test, or the URL of a service. */
  readonly subject: readonly string[]
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly durationMs: number
  readonly totals: Readonly<Record<Level, Tally>>
  readonly cases: readonly CaseReport[]
  readonly notApplicable: readonly CaseLeftOut[]
}

/** What a run was about. */
export type ReportHead = Pick<ConformReport, 'runner' | 'role' | 'subject' | 'startedAt' | 'durationMs'>

/** Puts the cases of a run into a report. */
export function conformReport(head: ReportHead, reports: readonly CaseReport[]): ConformReport {
  const cases = reports.filter(applies)
  const totals = {
    must: tallyOf(cases, 'must'),
    should: tallyOf(cases, 'should'),
    may: tallyOf(cases, 'may'),
  }
  const notApplicable = reports.filter(each => !applies(each)).map(leftOut)
  return { format: 'fido-hybrid-conform', version: REPORT_VERSION, ...head, totals, cases, notApplicable }
}

/** Whether a case has passed or failed. */
export const applies = (report: CaseReport): boolean => report.applies !== false

function leftOut({ name, about, section, level, expected, seen }: CaseReport): CaseLeftOut {
  return { name, about, section, level, expected, why: seen }
}

function tallyOf(cases: readonly CaseReport[], wanted: Level): Tally {
  const ofLevel = cases.filter(({ level }) => level === wanted)
  const passed = ofLevel.filter(each => each.passed).length
  return { passed, failed: ofLevel.length - passed }
}
